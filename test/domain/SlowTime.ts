/**
 * Questions of time as the oracle answers them: by looking at one tick after the other, from the beginning, each time.
 * All times are ticks, and no slot lies between two ticks.
 */

/** A policy, as the oracle reads it. */
export interface Rules {
  /** A period after what was heard last, or a timetable: the first slot after a tick, `undefined` when none comes. */
  readonly schedule:
    | { readonly period: number }
    | { readonly slotAfter: (tick: number) => number | undefined }
  readonly grace: number
  /** A signal at most so long before a slot of a timetable can be taken for that slot. */
  readonly early: number
  /** Ticks that a run may take; `Infinity` when it may run for ever. */
  readonly maxRuntime: number
  readonly minRuntime: number
  readonly startSatisfies: boolean
  readonly armed: boolean
  readonly onlyLatest: boolean
  readonly failures: number
  readonly outOf: number
  readonly recoveries: number
  readonly isQuiet: (tick: number) => boolean
  readonly remindEvery: number
  readonly notifyOnFirstPing: boolean
  readonly manualResume: boolean
}

/** Slots that are waived in a row before there is none. */
const patience = 10_000

/** Returns the slot that a signal at a tick is taken for although it came before it; `undefined` when there is none. */
export const earlySlot = ({ schedule, early }: Rules, at: number): number | undefined => {
  if ("period" in schedule) return undefined
  const slot = schedule.slotAfter(at)
  if (slot === undefined) return undefined
  const ahead = slot - at
  const next = schedule.slotAfter(slot)
  const isNear = ahead <= early && (next === undefined || ahead < (next - slot) / 4)
  // A slot as near or nearer before the signal is the one that the signal belongs to.
  const isLate = schedule.slotAfter(at - ahead - 1) !== slot
  return isNear && !isLate ? slot : undefined
}

/** Returns the first slot that counts after a tick; after the slot that is meant when a signal came early. */
export const slotAfter = (rules: Rules, from: number, isSignal: boolean): number | undefined => {
  const { schedule } = rules
  if ("period" in schedule) {
    let slot = from + schedule.period
    while (rules.isQuiet(slot)) slot += 1
    return slot
  }
  let slot = schedule.slotAfter((isSignal ? earlySlot(rules, from) : undefined) ?? from)
  for (let waived = 0; slot !== undefined && rules.isQuiet(slot); waived++) {
    if (waived === patience) return undefined
    slot = schedule.slotAfter(slot)
  }
  return slot
}

/**
 * Returns what the next slot is counted from when the one at `slot` has been missed, that was expected at `expected`
 * because nobody was awake before. The slots between are the same miss.
 */
export const anchorAfterMiss = (rules: Rules, slot: number, expected: number): number => {
  if ("period" in rules.schedule) {
    let anchor = slot
    while (anchor + rules.schedule.period < expected) anchor += rules.schedule.period
    return anchor
  }
  const second = slotAfter(rules, slot, false)
  // The last millisecond before, whatever a tick is: half a tick is enough, because nothing lies between ticks.
  return second === undefined || second >= expected ? slot : expected - 0.5
}

/**
 * Returns the tick by which a clock has run for a span, no later than `until`. It begins to run with the first tick from
 * `origin` on at which it is not stopped.
 */
export const rangAt = (
  isStopped: (tick: number) => boolean,
  origin: number,
  span: number,
  until: number,
): number | undefined => {
  let hasBegun = false
  let counted = 0
  for (let tick = Math.ceil(origin); tick <= until; tick++) {
    const stands = isStopped(tick)
    if (!stands) hasBegun = true
    if (hasBegun && counted >= span) return tick
    if (!stands) counted += 1
  }
  return undefined
}
