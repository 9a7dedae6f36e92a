/** Messages: deliveries that are sent together, and what their channel is told. */
import type { Told, ToldAlert } from "@overdue/core/Alert"
import type { Blind } from "@overdue/core/Deadline"
import type { Claim } from "@overdue/core/Delivery"
import * as Diagnosis from "@overdue/core/Diagnosis"

/** Deliveries that are sent in one message: several only to one channel, and only if its kind takes several. */
export type Message = readonly [Claim, ...Claim[]]

/** Returns the messages in which claimed deliveries are sent, in the order in which they were claimed. */
export const of = (claims: readonly Claim[], takesSeveral: (kind: string) => boolean): readonly Message[] => {
  const open = new Map<string, [Claim, ...Claim[]]>()
  const found: [Claim, ...Claim[]][] = []
  for (const claim of claims) {
    const { id, kind } = claim.channel
    const together = takesSeveral(kind) ? open.get(id) : undefined
    if (together !== undefined) together.push(claim)
    else {
      const message: [Claim, ...Claim[]] = [claim]
      open.set(id, message)
      found.push(message)
    }
  }
  return found
}

/** Returns what the channel of a message is told. */
export const told = (message: Message, blind: Blind): Told => {
  const [first, ...others] = message
  const downHere = new Set(
    message.filter(({ alert }) => alert.status === "down").map(({ alert }) => alert.check.id),
  )
  return {
    alerts: [briefed(first, blind), ...others.map((claim) => briefed(claim, blind))],
    project: first.alert.project,
    othersDown: Math.max(0, first.down - downHere.size),
  }
}

const briefed = ({ alert, memory, untold }: Claim, blind: Blind): ToldAlert => {
  const body = alert.lastPing?.body
  const text = body === undefined ? {} : { text: new TextDecoder().decode(body) }
  return { ...alert, memory, untold, remarks: Diagnosis.ofAlert(alert, { blind, ...text }) }
}
