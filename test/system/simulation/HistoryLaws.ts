/** Asks a whole history whether it kept the laws, whatever befell the processes that made it. */
import type * as Alert from "@overdue/core/Alert"
import * as Delivery from "@overdue/core/Delivery"
import type { Check } from "@overdue/core/Check"
import type { Blind } from "@overdue/core/Deadline"
import type * as Flip from "@overdue/core/Flip"
import * as Machine from "@overdue/core/Machine"
import * as State from "@overdue/core/State"
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
  const replaying = replayed(evidence)
  return [
    ...alternation(life.flips, violation),
    ...replay(evidence, replaying, violation),
    ...delivery(evidence, replaying, violation),
    ...record(evidence, violation),
    ...present(evidence, violation),
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

/** What a record gives by itself. */
interface Replayed {
  readonly check: Check
  readonly flips: readonly Flip.Flip[]
  readonly tells: readonly Alert.Telling[]
}

const replayed = ({ life, blind, now }: Evidence): Replayed => {
  let check = life.made
  const flips: Flip.Flip[] = []
  const tells: Alert.Telling[] = []
  for (const one of [...life.happened, { at: now, event: { type: "tick" } as const, blind }]) {
    const { at, event } = one
    if (event.type === "look") {
      const { deadline } = check.state
      if (deadline !== undefined && deadline > at)
        check = { ...check, state: { ...check.state, deadline: at } }
      continue
    }
    const step = Machine.step(check, event, at, one.blind ?? blind)
    check = step.check
    flips.push(...step.flips)
    tells.push(...step.tells)
  }
  return { check, flips, tells }
}

/** Laws 1 and 4: the record alone gives the flips and the state that many processes have made. */
const replay = (
  { life, stored, blind, now }: Evidence,
  { check, flips }: Replayed,
  found: Found,
): readonly Violation[] => {
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

/**
 * Laws 13 and 17: one delivery for each flip and reminder that the record tells and each channel, no other, and all of
 * them have arrived, in their order.
 */
const delivery = (
  { life, stored, arrived }: Evidence,
  { tells }: Replayed,
  found: Found,
): readonly Violation[] => {
  const violations: Violation[] = []
  const ids = new Set(life.deliveries.map(({ id }) => id))
  const ofFlips = life.deliveries.filter(({ occasion }) => occasion === "flip")
  if (new Set(ofFlips.map(({ id }) => id)).size < ofFlips.length) {
    violations.push(found(13, "a delivery was written twice"))
  }
  // A reminder of the same instant comes again when the clock was set back to before it; it is one delivery.
  const told = new Map(Delivery.of(stored, tells).map((delivery) => [delivery.id, delivery]))
  for (const [id, { at }] of told) if (!ids.has(id)) violations.push(found(13, `${id} has no delivery`, at))
  for (const { id, at } of life.deliveries) {
    if (!told.has(id)) violations.push(found(13, `${id} is told, and its record does not say so`, at))
  }
  const first = [...new Set(arrived)]
  for (const { id, at } of life.deliveries) {
    if (!first.includes(id)) violations.push(found(13, `delivery ${id} never arrived`, at))
  }
  for (const channel of stored.details.channels) {
    const written = [
      ...new Set(life.deliveries.filter((delivery) => delivery.channel === channel).map(({ id }) => id)),
    ]
    const came = first.filter((id) => written.includes(id))
    if (!isDeepStrictEqual(came, written)) {
      const wrong = came.findIndex((id, index) => id !== written[index])
      violations.push(found(13, `${came[wrong]} arrived in place of ${written[wrong]}`))
    }
  }
  for (const id of first) if (!ids.has(id)) violations.push(found(13, `${id} arrived and was never written`))
  return violations
}

/** Law 18: once all clocks have been right for long, nothing is recorded ahead of them. */
const present = ({ stored, blind, now }: Evidence, found: Found): readonly Violation[] =>
  State.isAhead(stored.state, now) || blind.some(({ to }) => to > now)
    ? [found(18, `recorded ahead of ${new Date(now).toISOString()}: ${JSON.stringify(stored.state)}`)]
    : []

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
