/** Asks a whole history whether it kept the laws, whatever befell the processes that made it. */
import type { Check } from "@overdue/core/Check"
import type { Blind } from "@overdue/core/Deadline"
import type * as Flip from "@overdue/core/Flip"
import * as Machine from "@overdue/core/Machine"
import type { Instant } from "@overdue/core/Time"
import { isDeepStrictEqual } from "node:util"
import type { Life } from "./Journal.ts"

export interface Violation {
  readonly law: number
  readonly check: string
  /** When it showed, if that is known. */
  readonly at: Instant | undefined
  readonly what: string
}

/** A life, and what is left at its end. */
export interface Evidence {
  readonly life: Life
  /** As it is stored. */
  readonly stored: Check
  readonly blind: Blind
  readonly now: Instant
  /** Numbers of pings whose senders were told that they are logged. */
  readonly acknowledged: readonly number[]
  /** Ids of its deliveries in the order in which they arrived, again and again where they did. */
  readonly arrived: readonly string[]
}

/** Returns every violation that a life shows; none when it kept the laws. */
export const violations = (evidence: Evidence): readonly Violation[] => {
  const { life, stored } = evidence
  const violation = (law: number, what: string, at?: Instant): Violation => ({
    law,
    check: stored.id,
    at,
    what,
  })
  return [
    ...alternation(life.flips, violation),
    ...replay(evidence, violation),
    ...delivery(evidence, violation),
    ...record(evidence, violation),
  ]
}

type Found = (law: number, what: string, at?: Instant) => Violation

/** Law 2: flips alternate, and their instants never decrease. */
const alternation = (flips: readonly Flip.Flip[], found: Found): readonly Violation[] =>
  flips.flatMap((flip, index) => {
    const before = flips[index - 1]
    const isNext = flip.n === index + 1 && flip.from === (before?.to ?? "new") && flip.at >= (before?.at ?? 0)
    return isNext ? [] : [found(2, `flip ${text(flip)} follows ${text(before)}`, flip.at)]
  })

/** Laws 1 and 4: the record alone gives the flips and the state that many processes have made. */
const replay = ({ life, stored, blind, now }: Evidence, found: Found): readonly Violation[] => {
  let check = life.made
  const flips: Flip.Flip[] = []
  for (const { at, event } of [...life.happened, { at: now, event: { type: "tick" } as const }]) {
    const step = Machine.step(check, event, at, blind)
    check = step.check
    flips.push(...step.flips)
  }
  for (let index = 0; index < Math.max(flips.length, life.flips.length); index++) {
    const [replayed, made] = [flips[index], life.flips[index]]
    if (isDeepStrictEqual(replayed, made)) continue
    return [found(4, `replayed, flip ${text(made)} is ${text(replayed)}`, (made ?? replayed)?.at)]
  }
  const settled = Machine.step(stored, { type: "tick" }, now, blind).check.state
  return isDeepStrictEqual(settled, check.state)
    ? []
    : [found(4, `replayed, the state ${JSON.stringify(settled)} is ${JSON.stringify(check.state)}`)]
}

/** Law 13: one delivery for each told flip and channel, and all of them have arrived, in their order. */
const delivery = ({ life, stored, arrived }: Evidence, found: Found): readonly Violation[] => {
  const violations: Violation[] = []
  const ids = new Set(life.deliveries.map(({ id }) => id))
  if (ids.size < life.deliveries.length) violations.push(found(13, "a delivery was written twice"))
  for (const flip of life.flips) {
    // One that silence made is told as the policy says that it was settled under: either is right here.
    if (flip.from === "new" && flip.to === "up" && flip.reason !== "success") continue
    if (flip.from === "new" && flip.to === "up") continue
    const isTold = flip.to === "down" || (flip.from === "down" && flip.to === "up")
    for (const channel of stored.details.channels) {
      if (ids.has(`${stored.id}.${flip.n}.${channel}`) === isTold) continue
      violations.push(found(13, `${text(flip)} ${isTold ? "has no delivery" : "is told"}`, flip.at))
    }
  }
  const first = [...new Set(arrived)]
  for (const { id, at } of life.deliveries) {
    if (!first.includes(id)) violations.push(found(13, `delivery ${id} never arrived`, at))
  }
  for (const channel of stored.details.channels) {
    const written = life.deliveries.filter((delivery) => delivery.channel === channel).map(({ id }) => id)
    const came = first.filter((id) => written.includes(id))
    if (!isDeepStrictEqual(came, written)) {
      const wrong = came.findIndex((id, index) => id !== written[index])
      violations.push(found(13, `${came[wrong]} arrived in place of ${written[wrong]}`))
    }
  }
  for (const id of first) if (!ids.has(id)) violations.push(found(13, `${id} arrived and was never written`))
  return violations
}

/** What was acknowledged is on record, once. */
const record = ({ life, stored, acknowledged }: Evidence, found: Found): readonly Violation[] => {
  const logged = new Set(life.pings)
  const violations = acknowledged
    .filter((n) => !logged.has(n))
    .map((n) => found(4, `ping ${n} was acknowledged and is not logged`))
  if (new Set(acknowledged).size < acknowledged.length) {
    violations.push(found(4, "two pings were acknowledged by the same number"))
  }
  if (logged.size < life.pings.length) violations.push(found(4, "a ping was logged twice"))
  if (logged.size !== stored.state.pings) violations.push(found(4, "the pings were counted wrong"))
  return violations
}

const text = (flip: Flip.Flip | undefined): string =>
  flip === undefined
    ? "none"
    : `${flip.n} at ${new Date(flip.at).toISOString()} ${flip.from}→${flip.to} ${flip.reason}${flip.blind ? " (blind)" : ""}`
