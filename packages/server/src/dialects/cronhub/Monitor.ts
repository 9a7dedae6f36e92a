/** Monitors: checks as Cronhub shows them, and what a check becomes that Cronhub describes. */
import type { Channel } from "@overdue/core/Channel"
import * as Check from "@overdue/core/Check"
import type { Blind } from "@overdue/core/Deadline"
import * as Format from "@overdue/core/document/Format"
import * as When from "@overdue/core/document/When"
import * as Limits from "@overdue/core/Limits"
import * as Machine from "@overdue/core/Machine"
import * as Schedule from "@overdue/core/Schedule"
import * as Cron from "@overdue/core/schedule/Cron"
import * as Shown from "@overdue/core/Shown"
import { day, hour, minute, second, week, type Instant, type Span } from "@overdue/core/Time"
import * as Zone from "@overdue/core/Zone"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Fields from "../../rest/Fields.ts"
import * as Shapes from "../../rest/Shapes.ts"

/** Units of running time, the longest first. */
const units = { weeks: week, days: day, hours: hour, minutes: minute, seconds: second } as const

type Unit = keyof typeof units
const unitNames = Object.keys(units) as readonly Unit[] // safe because those are its keys

/** A running time as somebody entered it. */
interface RunningTime {
  readonly running_time: number
  readonly running_time_unit: Unit
}

/** The longest running time: no job takes longer, and nobody waits as long to hear of one that does. */
const longestRun: Span = 366 * day

const cron = Schema.String.check(
  Schema.makeFilter(
    (text) => {
      if (text.length > Limits.scheduleLength) return `must have at most ${Limits.scheduleLength} characters`
      const read = Schedule.detect(text) === "cron" ? Schedule.validate(text, Zone.utc) : undefined
      if (read === undefined) return "must be a cron expression of five fields, such as 0 3 * * *"
      return Result.isFailure(read) ? `is no cron expression: ${read.failure.message}` : undefined
    },
    { toJsonSchema: () => ({ maxLength: Limits.scheduleLength }) },
  ),
)

const zone = Schema.String.check(
  Schema.makeFilter(
    (name) => {
      const made = Zone.read(name)
      return Result.isFailure(made) ? `is no time zone: expected ${made.failure.expected}` : undefined
    },
    { toJsonSchema: () => ({}) },
  ),
)

/** What a monitor is created and updated with. */
export const Arguments = Schema.Struct({
  name: Fields.text(100).annotate({ description: "What people call it." }),
  schedule: cron.annotate({ description: "A cron expression of five fields.", examples: ["0 3 * * *"] }),
  timezone: zone.annotate({ description: "The IANA name of the zone of the schedule.", examples: ["UTC"] }),
  grace_period: Fields.integer(1, 60).annotate({
    description: "How many minutes a ping may be late, 1 to 60.",
  }),
  running_time: Schema.optionalKey(Fields.integer(1, longestRun / second)).annotate({
    description: "How long a run may take from its start; without it, as long as to the next one.",
  }),
  running_time_unit: Schema.optionalKey(Schema.Literals(unitNames)).annotate({
    description: "The unit of `running_time`, and required with it.",
  }),
}).check(
  Schema.makeFilter(({ running_time: time, running_time_unit: unit }) => {
    if (time === undefined) return undefined
    if (unit === undefined)
      return { path: ["running_time_unit"], issue: `is required with running_time: ${unitNames.join(", ")}` }
    return time * units[unit] <= longestRun
      ? undefined
      : { path: ["running_time"], issue: `must be at most ${longestRun / day} days` }
  }),
)

/** The arguments, read. */
export type Arguments = typeof Arguments.Type

/** Returns the plan of a check. A new one tells all e-mail channels; of an old one only what Cronhub knows changes. */
export const plan = (
  { name, schedule, timezone, grace_period, running_time, running_time_unit }: Arguments,
  existing: Check.Check | undefined,
  channels: readonly Channel[],
): Check.Plan => {
  const { details, policy } = existing ?? fresh(channels)
  const entered: RunningTime | undefined =
    running_time === undefined || running_time_unit === undefined
      ? undefined
      : { running_time, running_time_unit }
  const { cronhub: _, ...others } = details.extension
  return {
    details: {
      ...details,
      name,
      extension: entered === undefined ? others : { ...others, cronhub: entered },
    },
    policy: {
      ...policy,
      schedule: Result.getOrThrow(Cron.parse(schedule, Result.getOrThrow(Zone.read(timezone)))),
      grace: grace_period * minute,
      // A start is heard of the job as well: without a limit, only the next run may be late.
      maxRuntime: entered === undefined ? "never" : entered.running_time * units[entered.running_time_unit],
      startSatisfies: true,
    },
  }
}

/** What nobody sets: it is told that a monitor's first ping came, and one that was paused stays so until it is resumed. */
const fresh = (channels: readonly Channel[]): Check.Plan => ({
  details: {
    ...Check.noDetails,
    channels: channels.filter(({ kind }) => kind === "email").map(({ id }) => id),
  },
  policy: { ...Check.healthchecksPolicy, manualResume: true, notifyOnFirstPing: true },
})

/** When, and with which blind spans, checks are looked at. */
export interface Moment {
  readonly now: Instant
  readonly blind: Blind
}

/** The statuses that a monitor may have. */
export const statuses = ["new", "up", "running", "alert", "paused"] as const

/** One of them. */
export type Status = (typeof statuses)[number]

/** Returns the status of a check. One that is late within its grace is still up. */
export const status = (check: Check.Check, { now, blind }: Moment): Status => {
  const settled = Machine.settled(check, now, blind)
  const stored = settled.state.status
  if (stored === "paused") return "paused"
  if (Shown.isRunning(settled, now, blind) && !hasMissedItsEnd(settled)) return "running"
  return stored === "down" ? "alert" : stored
}

/** Whether a run that may take as long as to the next slot has not finished by then. */
const hasMissedItsEnd = ({ policy, state: { runs, failure } }: Check.Check): boolean =>
  policy.maxRuntime === "never" &&
  (failure?.missed ?? -Infinity) > Math.max(...runs.map((run) => run.startedAt))

/** Returns when a check was last pinged, ISO 8601; of one that was resumed since then, when it last succeeded. */
export const lastPing = ({ state }: Check.Check): string | null =>
  Format.instantOrNull(state.lastPing ?? state.lastSuccess)

/** A monitor as answers have it. */
export const Output = Schema.Struct({
  name: Schema.String,
  code: Shapes.uuid.annotate({ description: "Names the monitor in every path." }),
  schedule: Schema.NullOr(Schema.String).annotate({
    description: "The cron expression; null for a check with another kind of schedule.",
  }),
  grace_period: Shapes.count.annotate({ description: "In minutes, rounded up." }),
  timezone: Schema.String,
  status: Schema.NullOr(Schema.Literals(statuses)).annotate({
    description: "`alert`: it is overdue, or has failed. Null in the answer to its creation alone.",
  }),
  last_ping: Schema.NullOr(Shapes.instant).annotate({
    description: "When its job last finished or failed; after a resumption, when it last succeeded.",
  }),
  running_time: Schema.NullOr(Shapes.count),
  running_time_unit: Schema.NullOr(Schema.Literals(unitNames)),
  created_at: Shapes.instant,
})

/** Returns a check as a monitor. Cronhub knows no schedules but cron. */
export const show = (check: Check.Check, moment: Moment): typeof Output.Type => {
  const { details, policy } = check
  return {
    name: details.name,
    code: check.id,
    schedule: policy.schedule.kind === "cron" ? Schedule.expressionOf(policy.schedule)! : null,
    grace_period: Math.ceil(policy.grace / minute),
    timezone: When.of(check).zone,
    status: status(check, moment),
    last_ping: lastPing(check),
    ...runningTime(check),
    created_at: Format.instant(check.createdAt),
  }
}

/** Returns the running time in the unit in which it was entered, or else in the longest in which it is a whole number. */
const runningTime = ({ details, policy: { maxRuntime } }: Check.Check) => {
  if (maxRuntime === undefined || maxRuntime === "never")
    return { running_time: null, running_time_unit: null }
  const entered = details.extension["cronhub"] as Partial<RunningTime> | undefined // safe because each part is looked at
  const unit = unitNames.find((name) => name === entered?.running_time_unit)
  const isEntered = unit !== undefined && entered?.running_time === maxRuntime / units[unit]
  const named = isEntered ? unit : (unitNames.find((name) => maxRuntime % units[name] === 0) ?? "seconds")
  return { running_time: Math.ceil(maxRuntime / units[named]), running_time_unit: named }
}
