/** How `overdue replay` and `overdue advise` print what they found, for people. */
import type { Check } from "@overdue/core/Check"
import type { Advice, Alert, Guess, Replayed } from "@overdue/core/Replay"
import * as News from "@overdue/core/News"
import * as Schedule from "@overdue/core/Schedule"
import type { Span as Milliseconds } from "@overdue/core/Time"
import * as Zone from "@overdue/core/Zone"
import type { Io } from "../Io.ts"
import { wall } from "../commands/schedule/Expression.ts"
import * as Span from "../Span.ts"
import { counted } from "@overdue/core/Counted"
import { oneLine, plain, type Colour } from "../Style.ts"
import type { Advised, Compared } from "./Past.ts"
import * as Show from "./Show.ts"

const title = ({ id, details: { name, slug } }: Check): string => plain(name || slug || id)

const zoneOf = ({ policy: { schedule } }: Check): Zone.Zone => Schedule.zoneOf(schedule)

/** Returns the text of a schedule with its zone unless that is UTC. */
export const withZone = (text: string, schedule: Schedule.Schedule): string =>
  Schedule.zoneOf(schedule) === Zone.utc ? text : `${text} ${Schedule.zoneOf(schedule).name}`

/** Returns a schedule as people write it, with its zone unless that is UTC. */
export const scheduleText = (schedule: Schedule.Schedule): string =>
  withZone(oneLine(Schedule.print(schedule)), schedule)

/** Prints both policies in numbers, and then every alert of either. `words` are the flags that changed the policy. */
export const comparison = (io: Io, { check, a, b, onlyA, onlyB }: Compared, words: string): void => {
  if (a.events === 0) return void io.stdout.write(`${title(check)} has no stored pings to replay\n`)
  io.stdout.write(`${title(check)}, ${counted(a.events, "event")} on record, with ${words}\n\n`)
  const of = (title: string, text: (replayed: Replayed) => string) => ({
    title,
    now: text(a),
    changed: text(b),
  })
  Show.rows(
    io,
    [
      of("alerts", ({ alerts }) => String(alerts.length)),
      of("outages", ({ outages }) => String(outages.length)),
      of("time down", ({ downtime }) => Span.print(downtime)),
      { title: "outages of its own", now: String(onlyA.length), changed: String(onlyB.length) },
      of("status by now", ({ check }) => check.state.status),
    ],
    [
      { title: "", text: ({ title }) => title },
      { title: "AS IT IS", text: ({ now }) => now },
      { title: "CHANGED", text: ({ changed }) => changed },
    ],
  )
  const moments = merged(a.alerts, b.alerts)
  if (moments.length === 0) return void io.stdout.write("\nneither policy sends an alert\n")
  io.stdout.write(`\nAlerts (times in ${zoneOf(check).name})\n`)
  Show.rows(io, moments, [
    { title: "WHEN", text: ({ at }) => wall(at, zoneOf(check)) },
    { title: "AS IT IS", text: ({ a }) => alertText(a), colour: ({ a }) => colour(a) },
    { title: "CHANGED", text: ({ b }) => alertText(b), colour: ({ b }) => colour(b) },
  ])
}

interface Moment {
  readonly at: number
  readonly a?: Alert
  readonly b?: Alert
}

/** Alerts of both policies at the same instant stand side by side. */
const merged = (a: readonly Alert[], b: readonly Alert[]): readonly Moment[] => {
  const moments: Moment[] = []
  let [left, right] = [0, 0]
  while (left < a.length || right < b.length) {
    const at = Math.min(a[left]?.at ?? Infinity, b[right]?.at ?? Infinity)
    moments.push({
      at,
      ...(a[left]?.at === at && { a: a[left++]! }),
      ...(b[right]?.at === at && { b: b[right++]! }),
    })
  }
  return moments
}

const alertText = (alert: Alert | undefined): string => {
  if (alert === undefined) return "–"
  return alert.status === "down" || alert.occasion === "reminder" ? News.phrase(alert) : "up"
}

const colour = (alert: Alert | undefined): Colour =>
  alert === undefined ? "dim" : alert.status === "down" ? "red" : "green"

/** How many signals advice takes: the latest of two says nothing about the hundredth. */
const fewest = 5

/** Whether there are enough signals to advise anything. */
export const isEnough = ({ evidence: { signals } }: Advice): boolean => signals >= fewest

/**
 * Prints the present values beside the advised ones with the evidence, and then the schedules that the signals may
 * follow.
 */
export const advice = (io: Io, { check, present, guessed }: Advised): void => {
  const { policy } = check
  const { signals, skipped } = present.evidence
  io.stdout.write(
    `${title(check)}, ${scheduleText(policy.schedule)}, ${counted(signals, "signal")} on record\n\n`,
  )
  if (!isEnough(present)) {
    return void io.stdout.write(`that is too few to advise anything; it takes ${fewest}\n`)
  }
  const runtime = policy.maxRuntime ?? policy.grace
  Show.rows(
    io,
    [
      {
        title: "grace",
        now: Span.print(policy.grace),
        advised: optional(present.grace),
        why: because(present.evidence.lateness, "late"),
      },
      ...earlyRow(policy, present),
      {
        title: "max runtime",
        now: runtime === "never" ? runtime : Span.print(runtime),
        advised: optional(present.maxRuntime),
        why: because(present.evidence.runtime, "long"),
      },
    ],
    [
      { title: "", text: ({ title }) => title },
      { title: "NOW", text: ({ now }) => now },
      { title: "ADVISED", text: ({ advised }) => advised },
      { title: "BECAUSE", text: ({ why }) => why },
    ],
  )
  if (skipped > 0)
    io.stdout.write(
      `\n${counted(skipped, "signal")} came after a whole period without one; no grace time helps against that\n`,
    )
  if (guessed.guesses.length === 0) return
  io.stdout.write("\nSchedules that the signals may follow\n")
  Show.rows(io, guessed.guesses, [
    { title: "SCHEDULE", text: ({ text, schedule }) => withZone(text, schedule) },
    { title: "CONFIDENCE", text: ({ confidence }) => `${Math.floor(confidence * 100)} %` },
    { title: "BECAUSE", text: evidence },
  ])
  if (isOther(guessed, policy.schedule)) {
    io.stdout.write(
      `\nWith ${scheduleText(guessed.schedule!)}, a grace time of ${optional(guessed.grace)} would be enough${
        guessed.early === undefined || guessed.early === 0 ? "" : `, and ${optional(guessed.early)} early`
      }\n`,
    )
  }
}

/** A period has no slots that a signal could come early for. */
const earlyRow = (policy: Check["policy"], { early, evidence }: Advice) =>
  early === undefined
    ? []
    : [
        {
          title: "early",
          now: Span.print(policy.early),
          advised: optional(early),
          why: because(evidence.earliness, "early"),
        },
      ]

const optional = (span: Milliseconds | undefined): string => (span === undefined ? "–" : length(span))

/** Runs may take less than a second. */
const length = (span: Milliseconds): string => (span > 0 && span < 1000 ? `${span}ms` : Span.print(span))

const because = (
  spans:
    | { readonly count: number; readonly p50: number; readonly p95: number; readonly most: number }
    | undefined,
  word: "late" | "early" | "long",
): string => {
  if (spans === undefined) return word === "long" ? "no run began with a start" : "no signal was expected yet"
  if (word !== "long" && spans.most === 0) return `none of ${counted(spans.count, "signal")} came ${word}`
  const [half, nearly, most] = [spans.p50, spans.p95, spans.most].map(length)
  switch (word) {
    case "late":
      return `${counted(spans.count, "signal")}: half within ${half}, 95 % within ${nearly}, the latest ${most} late`
    case "early":
      return `${counted(spans.count, "signal")}: half at most ${half} early, 95 % at most ${nearly}, the earliest ${most}`
    case "long":
      return `${counted(spans.count, "run")}: half took ${half}, 95 % at most ${nearly}, the longest ${most}`
  }
}

const evidence = ({ schedule, evidence: { expected, met, extra } }: Guess): string =>
  schedule.kind === "every"
    ? `${met} of ${counted(expected, "gap")} were about as long`
    : `${met} of ${counted(expected, "slot")} had their signal${extra === 0 ? "" : `, ${extra} had more than one`}`

const isOther = ({ schedule }: Advice, present: Schedule.Schedule): boolean =>
  schedule !== undefined && scheduleText(schedule) !== scheduleText(present)
