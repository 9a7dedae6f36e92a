/** The metrics of a project: those of Healthchecks, and more with the prefix `overdue_`. */
import type { Channel } from "@overdue/core/Channel"
import * as Check from "@overdue/core/Check"
import * as InSlices from "@overdue/core/InSlices"
import type { FlipCount } from "@overdue/core/Flip"
import { second, type Instant } from "@overdue/core/Time"
import * as Shown from "@overdue/core/Shown"
import * as Effect from "effect/Effect"
import type { Metric, Sample } from "./Exposition.ts"

/** A check at the time of the scrape. */
export interface Observed {
  readonly check: Check.Check
  readonly status: Check.ShownStatus
  readonly uniqueKey: string
}

/** What there is to be measured of a project. */
export interface Measured {
  readonly observed: readonly Observed[]
  /** What `tagsUpOf` returned. */
  readonly tagsUp: Iterable<Sample>
  readonly flips: readonly FlipCount[]
  readonly channels: readonly Channel[]
  /** How many deliveries wait for channels, by their ids. */
  readonly waiting: ReadonlyMap<string, number>
  readonly now: Instant
}

/** Returns the metrics of a project. */
export const make = ({ observed, tagsUp, flips, channels, waiting, now }: Measured): readonly Metric[] => [
  perCheck("hc_check_up", "Whether the check is currently up (1 for yes, 0 for no).", observed, (of) =>
    bit(of.status !== "down"),
  ),
  perCheck(
    "hc_check_started",
    "Whether the check is currently started (1 for yes, 0 for no).",
    observed,
    (of) => bit(Shown.isStarted(of.check)),
  ),
  perCheck(
    "hc_check_grace",
    "Whether the check is currently in the grace period (1 for yes, 0 for no).",
    observed,
    (of) => bit(of.status === "grace"),
  ),
  perCheck(
    "hc_check_paused",
    "Whether the check is currently paused (1 for yes, 0 for no).",
    observed,
    (of) => bit(of.status === "paused"),
  ),
  gauge("hc_tag_up", "Whether all checks with this tag are up (1 for yes, 0 for no).", tagsUp),
  gauge("hc_checks_total", "The total number of checks.", [{ labels: {}, value: observed.length }]),
  gauge("hc_checks_down_total", "The number of checks currently down.", [
    { labels: {}, value: observed.filter(({ status }) => status === "down").length },
  ]),
  perCheck("overdue_check_last_duration_seconds", "How long the last finished run took.", observed, (of) =>
    inSeconds(of.check.state.lastDuration),
  ),
  perCheck(
    "overdue_check_last_success_age_seconds",
    "How long ago the last success arrived.",
    observed,
    (of) => {
      const { lastSuccess } = of.check.state
      return lastSuccess === undefined ? undefined : inSeconds(now - lastSuccess)
    },
  ),
  flipCounts(observed, flips),
  perChannel("overdue_channel_up", "Whether the last alert reached the channel.", channels, (channel) =>
    bit(channel.disabled === undefined && channel.failingSince === undefined),
  ),
  perChannel(
    "overdue_channel_waiting",
    "How many alerts wait to be sent.",
    channels,
    ({ id }) => waiting.get(id) ?? 0,
  ),
  perChannel(
    "overdue_channel_failing_seconds",
    "How long no alert has reached the channel, since the first that did not.",
    channels,
    ({ failingSince }) => (failingSince === undefined ? 0 : inSeconds(Math.max(0, now - failingSince))!),
  ),
]

const perChannel = (
  name: string,
  help: string,
  channels: readonly Channel[],
  valueOf: (channel: Channel) => number,
): Metric =>
  gauge(
    name,
    help,
    channels.map((channel) => ({
      labels: { channel: channel.name, kind: channel.kind, id: channel.id },
      value: valueOf(channel),
    })),
  )

const gauge = (name: string, help: string, samples: Iterable<Sample>): Metric => ({
  name,
  type: "gauge",
  help,
  samples,
})

/** Returns a gauge with one sample for each check that has a value. */
const perCheck = (
  name: string,
  help: string,
  observed: readonly Observed[],
  valueOf: (observed: Observed) => number | undefined,
): Metric =>
  gauge(
    name,
    help,
    each(observed, (of) => {
      const value = valueOf(of)
      return value === undefined ? undefined : { labels: labelsOf(of), value }
    }),
  )

/** Makes the samples of things that have one, one after the other. */
const each = function* <A>(things: Iterable<A>, sampleOf: (thing: A) => Sample | undefined) {
  for (const thing of things) {
    const sample = sampleOf(thing)
    if (sample !== undefined) yield sample
  }
}

/** Checks whose tags are looked at before others have their turn: about a millisecond of work. */
const atOnce = 64

/** Returns the samples that say of each tag, in the order of tags, whether all checks with it are up. */
export const tagsUpOf = Effect.fnUntraced(function* (observed: readonly Observed[]) {
  const isUp = new Map<string, boolean>()
  yield* InSlices.map(observed, atOnce, ({ check, status }) => {
    for (const tag of Check.tags(check)) isUp.set(tag, isUp.get(tag) !== false && status !== "down")
  })
  const sorted = yield* InSlices.sorted([...isUp.keys()])
  return each(sorted, (tag) => ({ labels: { tag }, value: bit(isUp.get(tag) === true) }))
})

const flipCounts = (observed: readonly Observed[], flips: readonly FlipCount[]): Metric => {
  const byId = new Map(observed.map((of) => [of.check.id, of]))
  return {
    name: "overdue_check_flips_total",
    type: "counter",
    help: "How often the status of the check changed, by reason.",
    samples: each(flips, ({ check, reason, count }) => {
      const of = byId.get(check)
      return of === undefined ? undefined : { labels: { ...labelsOf(of), reason }, value: count }
    }),
  }
}

const labelsOf = ({ check: { details }, uniqueKey }: Observed): Readonly<Record<string, string>> => ({
  name: details.name,
  tags: details.tags,
  unique_key: uniqueKey,
})

const bit = (is: boolean): number => (is ? 1 : 0)

const inSeconds = (span: number | undefined): number | undefined =>
  span === undefined ? undefined : span / second
