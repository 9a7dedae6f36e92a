/** Stories that the oracle tells alone: what happens at which tick, and what became of it in short words. */
import { Oracle, type Signal } from "./Oracle.ts"
import type { Rules } from "./SlowTime.ts"

/** A period of ten ticks, two of grace, everything else as simple as it can be. */
export const rules: Rules = {
  schedule: { period: 10 },
  grace: 2,
  early: 0,
  maxRuntime: 2,
  minRuntime: 0,
  startSatisfies: false,
  armed: false,
  onlyLatest: false,
  failures: 1,
  outOf: 1,
  recoveries: 1,
  isQuiet: () => false,
  remindEvery: Infinity,
  notifyOnFirstPing: false,
  manualResume: false,
}

/** Slots at the multiples of a number of ticks. */
export const slotsEvery = (ticks: number): Rules["schedule"] => ({
  slotAfter: (tick) => (Math.floor(tick / ticks) + 1) * ticks,
})

/** A window: `from` inclusive, `to` exclusive. */
export const during =
  (from: number, to: number) =>
  (tick: number): boolean =>
    from <= tick && tick < to

/** What a story needs beside its events. */
interface Circumstances {
  /** When nobody is awake. */
  readonly asleep?: (tick: number) => boolean
  /** What `configure` changes. */
  readonly edit?: Partial<Rules>
}

/**
 * Lives through a story, and on to tick `until`. A story is read as "1 start a, 3 silence 20, 5 configure now": the tick,
 * the event, and the run, the end of the silence, or what is counted from.
 */
export const lived = (
  given: Partial<Rules>,
  story: string,
  until?: number,
  { asleep, edit }: Circumstances = {},
): Oracle => {
  const oracle = new Oracle({ ...rules, ...given }, 0, asleep)
  for (const [at, event, more] of story.split(", ").map((words) => words.split(" "))) {
    if (event === undefined) continue
    oracle.live(Number(at))
    if (event === "pause" || event === "resume") oracle[event]()
    else if (event === "silence") oracle.silence(more === undefined ? undefined : Number(more))
    else if (event === "configure") {
      const from = more === "anchor" || more === "now" ? more : undefined
      oracle.configure({ ...oracle.rules, ...edit }, from, edit?.schedule !== undefined)
    } else oracle.signal(event as Signal, more) // safe because a story that says something else fails its test
  }
  if (until !== undefined) oracle.live(until)
  return oracle
}

/** Each flip as its tick, the new status and the reason. */
export const flips = (oracle: Oracle): readonly string[] =>
  oracle.changes.map(({ at, to, reason }) => `${at} ${to} ${reason}`)

/** What the channels were told: tick, status and occasion. */
export const told = (oracle: Oracle): readonly string[] =>
  oracle.tellings.map(({ at, status, occasion }) => `${at} ${status} ${occasion}`)

/** The outcomes as letters, failures in upper case. */
export const outcomes = (oracle: Oracle): string => oracle.outcomes.map((isOk) => (isOk ? "s" : "F")).join("")
