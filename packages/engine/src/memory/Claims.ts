/** Claimed deliveries in memory: what is needed to send them, and what settling them changes on their channel. */
import * as Delivery from "@overdue/core/Delivery"
import type { Claim, Settled, TrackedDelivery } from "@overdue/core/Delivery"
import * as Alert from "@overdue/core/Alert"
import { title } from "@overdue/core/Check"
import * as Dependence from "@overdue/core/Dependence"
import type { Instant } from "@overdue/core/Time"
import * as Deliveries from "./Deliveries.ts"
import * as Recovery from "./Recovery.ts"
import * as Memories from "./Memories.ts"
import * as Tables from "./Tables.ts"

/** Returns a claimed delivery with its alert. */
export const of = (tables: Tables.Tables, delivery: TrackedDelivery): Claim => {
  const { check, pings, flips } = tables.checks.get(delivery.check)!
  const { id, name, zone } = tables.projects.get(check.project)!
  const flip = flips.find(({ n }) => n === delivery.flip)!
  const began = Alert.outageBegan(flip)
  const ofOutage = (n: number) => flips.find((flip) => flip.n === n)
  const alert: Alert.Alert = {
    id: delivery.id,
    occasion: delivery.occasion,
    status: Alert.status(flip),
    reason: flip.reason,
    at: delivery.at,
    check,
    project: { id, name, zone },
    lastPing: pings.findLast(({ at, kind }) => at <= delivery.at && (kind === "success" || kind === "fail")),
    outage:
      began === undefined ? undefined : Alert.outage(check.id, began, ofOutage(began), ofOutage(began + 1)),
  }
  const { channel } = delivery
  const down = Tables.find(tables, (other) => other.project === id && other.state.status === "down")
  const holder = Dependence.among(down)(check)
  return {
    delivery,
    alert,
    channel: tables.channels.get(channel)!,
    memory:
      began === undefined
        ? undefined
        : Memories.recall(tables.memories, { channel, check: check.id, flip: began }),
    down: down.length,
    heldBy: holder === undefined ? undefined : title(holder),
    untold: Recovery.untold(tables.deliveries, delivery).map(untold),
    beganUntold: began !== undefined && flip.n !== began && wasSkipped(tables, check.id, began, channel),
  }
}

const untold = ({ id, occasion, at, to: status, reason }: TrackedDelivery): Alert.Untold => ({
  id,
  occasion,
  at,
  status,
  reason,
})

const wasSkipped = (tables: Tables.Tables, check: string, flip: number, channel: string): boolean =>
  tables.deliveries.all.get(`${check}.${flip}.${channel}`)?.delivery.status === "skipped"

/** Ends an attempt, and records on its channel how it ended. Without effect when another attempt has begun. */
export const settle = (tables: Tables.Tables, { id, attempt, outcome, now }: Delivery.Ended): Settled => {
  const before = tables.deliveries.all.get(id)?.delivery
  const delivery = Deliveries.settle(tables.deliveries, id, attempt, outcome, now)
  if (delivery === undefined) return { isHeld: false, turn: undefined }
  const channel = tables.channels.get(delivery.channel)!
  const isFailing = channel.failingSince !== undefined
  if (outcome.status === "delivered") {
    tables.channels.set(channel.id, {
      ...channel,
      lastSuccess: now,
      failingSince: undefined,
      goneSince: undefined,
    })
    remember(tables, delivery, outcome.remember)
    if (Delivery.isKeptBack(before?.cause)) Recovery.skipReminders(tables.deliveries, delivery, now)
    if (isFailing) release(tables, channel.id, now, false)
    return { isHeld: true, turn: isFailing ? "recovered" : undefined }
  }
  if (!Delivery.isFailed(outcome)) return { isHeld: true, turn: undefined }
  tables.channels.set(channel.id, {
    ...channel,
    lastError: { at: now, why: outcome.error },
    failingSince: channel.failingSince ?? now,
    goneSince: Delivery.isGone(outcome) ? (channel.goneSince ?? now) : undefined,
  })
  if (outcome.status === "pending") Deliveries.giveWay(tables.deliveries, id, channel, now)
  return { isHeld: true, turn: !isFailing && Delivery.isTurn(outcome) ? "failed" : undefined }
}

const remember = (tables: Tables.Tables, { channel, check, flip }: TrackedDelivery, value: unknown): void => {
  if (value === undefined) return
  const began = Alert.outageBegan(tables.checks.get(check)!.flips.find(({ n }) => n === flip)!)
  if (began !== undefined) Memories.remember(tables.memories, { channel, check, flip: began }, value)
}

/** Makes due at once what waits for a channel that works again, and what it was never told of. */
export const release = (tables: Tables.Tables, channel: string, now: Instant, withRefused: boolean): void => {
  const present = (check: string) => tables.checks.get(check)!.check.state
  Recovery.release(tables.deliveries, { channel, now, withRefused, present })
}
