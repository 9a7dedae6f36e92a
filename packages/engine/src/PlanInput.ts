/** A check as people write it in code, with spans as "5 minutes" and schedules as text, and its details and policy. */
import * as Check from "@overdue/core/Check"
import * as Limits from "@overdue/core/Limits"
import * as LocalTime from "@overdue/core/LocalTime"
import * as Schedule from "@overdue/core/Schedule"
import * as Slug from "@overdue/core/Slug"
import type { Instant, Span } from "@overdue/core/Time"
import * as Zone from "@overdue/core/Zone"
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"

/** A length of time: `"5 minutes"`, a number of milliseconds, or an Effect `Duration`. */
export type SpanInput = Duration.Input

/**
 * An instant: a `Date`, a number of milliseconds since 1970, or ISO 8601 text, which is on the wall clock of a zone
 * when it has no offset: `"2026-12-24T22:00"`.
 */
export type InstantInput = Date | number | string

/** When a check is expected: exactly one of `every`, `cron` and `onCalendar`. */
export interface ScheduleInput {
  readonly every?: SpanInput
  /** Five fields, as in crontab(5). */
  readonly cron?: string
  /** A calendar event, as in systemd.time(7). */
  readonly onCalendar?: string
  /** IANA name of the time zone of `cron` or `onCalendar`; by default UTC. */
  readonly zone?: string
}

/**
 * A maintenance window: recurring, for `duration` from each slot of a schedule; or once, from `from` (inclusive) to
 * `to` (exclusive). Local times are in the `zone` of the plan or, without one, in that of the check's schedule.
 */
export type QuietInput =
  | (ScheduleInput & { readonly duration: SpanInput })
  | { readonly from: InstantInput; readonly to: InstantInput }

/**
 * What a check is to be. A field that is left out keeps its value, or has its default in a new check; see
 * `Check.Details` and `Check.Policy` for the fields.
 */
export interface PlanInput extends ScheduleInput {
  readonly name?: string
  readonly slug?: string
  readonly tags?: string | readonly string[]
  readonly description?: string
  /** Ids of channels. */
  readonly channels?: readonly string[]
  readonly grace?: SpanInput
  /** `undefined` means as long as grace. */
  readonly maxRuntime?: SpanInput | "never" | undefined
  readonly minRuntime?: SpanInput | undefined
  /** How early a signal may be for its slot; 0: not at all. */
  readonly early?: SpanInput
  readonly startSatisfies?: boolean
  readonly armed?: boolean
  readonly runs?: Check.Policy["runs"]
  readonly alert?: Partial<Check.AlertPolicy>
  readonly quiet?: readonly QuietInput[]
  readonly remindEvery?: SpanInput | undefined
  readonly notifyOnFirstPing?: boolean
  readonly manualResume?: boolean
  readonly methods?: readonly string[]
  readonly filters?: Partial<Check.Filters>
}

/** A field has an invalid value. `field` is its path, such as `alert.failures`; `expected` says what is allowed. */
export class PlanInvalid extends Schema.TaggedError<PlanInvalid>()("PlanInvalid", {
  field: Schema.String,
  expected: Schema.String,
}) {
  override get message(): string {
    return `${this.field}: expected ${this.expected}`
  }
}

/**
 * Returns what `input` makes of an existing check or, by default, of a new one. Fails with the first invalid field.
 * When the policy stays the same it is the same object, by which commands see that the deadline stays.
 */
export const plan = (
  input: PlanInput,
  base: Check.Plan = { details: Check.noDetails, policy: Check.defaultPolicy },
): Result.Result<Check.Plan, PlanInvalid> => {
  try {
    return Result.succeed({ details: detailsOf(input, base.details), policy: policyOf(input, base.policy) })
  } catch (error) {
    if (error instanceof PlanInvalid) return Result.fail(error)
    throw error
  }
}

const detailsOf = (input: PlanInput, base: Check.Details): Check.Details => ({
  name: text("name", input.name, base.name, Limits.nameLength),
  slug: slugOf(input.slug ?? base.slug),
  tags:
    typeof input.tags === "object"
      ? text("tags", input.tags.join(" "), "", Limits.tagsLength)
      : text("tags", input.tags, base.tags, Limits.tagsLength),
  description: input.description ?? base.description,
  channels: input.channels ?? base.channels,
  extension: base.extension,
})

const policyOf = (input: PlanInput, base: Check.Policy): Check.Policy => {
  const schedule = scheduleOf(input) ?? base.schedule
  const policy: Check.Policy = {
    schedule,
    grace: input.grace === undefined ? base.grace : spanOf("grace", input.grace, 0, Limits.longestPeriod),
    maxRuntime: optional(input, "maxRuntime", base.maxRuntime, (value) =>
      value === "never" ? value : spanOf("maxRuntime", value, 1, Limits.longestPeriod),
    ),
    minRuntime: optional(input, "minRuntime", base.minRuntime, (value) =>
      spanOf("minRuntime", value, 1, Limits.longestPeriod),
    ),
    early: input.early === undefined ? base.early : spanOf("early", input.early, 0, Limits.longestEarly),
    startSatisfies: input.startSatisfies ?? base.startSatisfies,
    armed: input.armed ?? base.armed,
    runs: input.runs ?? base.runs,
    alert: alertOf({ ...base.alert, ...input.alert }),
    quiet: input.quiet === undefined ? base.quiet : quietOf(input.quiet, clockOf(input, schedule)),
    remindEvery: optional(input, "remindEvery", base.remindEvery, (value) =>
      spanOf("remindEvery", value, Limits.shortestReminder, Limits.longestPeriod),
    ),
    notifyOnFirstPing: input.notifyOnFirstPing ?? base.notifyOnFirstPing,
    manualResume: input.manualResume ?? base.manualResume,
    methods: input.methods?.map((method) => method.toUpperCase()) ?? base.methods,
    filters: { ...base.filters, ...input.filters },
  }
  return Check.isSamePolicy(policy, base) ? base : policy
}

const refuse = (field: string, expected: string): never => {
  throw new PlanInvalid({ field, expected })
}

const text = (field: string, given: string | undefined, otherwise: string, longest: number): string => {
  const value = given ?? otherwise
  return value.length <= longest ? value : refuse(field, `at most ${longest} characters`)
}

const slugOf = (slug: string): string =>
  Slug.isValid(slug) ? slug : refuse("slug", `at most ${Limits.slugLength} characters of a-z, 0-9, - and _`)

const spanOf = (field: string, input: SpanInput, shortest: Span, longest: Span): Span => {
  const span = Option.map(Duration.fromInput(input), Duration.toMillis)
  if (Option.isNone(span)) return refuse(field, 'a span such as "5 minutes", or a number of milliseconds')
  const value = Math.round(span.value)
  return value >= shortest && value <= longest
    ? value
    : refuse(field, `a span from ${shortest} ms to ${longest} ms`)
}

/** Reads a field that may be set to `undefined`, which is different from leaving it out. */
const optional = <K extends keyof PlanInput, A>(
  input: PlanInput,
  field: K,
  otherwise: A | undefined,
  read: (value: NonNullable<PlanInput[K]>) => A,
): A | undefined => {
  if (!(field in input)) return otherwise
  const value = input[field]
  return value === undefined ? undefined : read(value)
}

const scheduleOf = (input: ScheduleInput, field = ""): Schedule.Schedule | undefined => {
  const given = [input.every, input.cron, input.onCalendar].filter((value) => value !== undefined)
  if (given.length === 0) return undefined
  if (given.length > 1) return refuse(`${field}schedule`, "one of every, cron and onCalendar")
  if (input.every !== undefined) {
    const period = spanOf(`${field}every`, input.every, 1, Limits.longestPeriod)
    return Result.getOrThrow(Schedule.decode({ kind: "every", period }))
  }
  const zone = zoneNamed(input.zone ?? "UTC", field)
  const kind = input.cron !== undefined ? "cron" : "onCalendar"
  const parsed = Schedule.decode({
    kind,
    expression: (input.cron ?? input.onCalendar)!,
    zone: zone.name,
  })
  return Result.isFailure(parsed) ? refuse(`${field}${kind}`, parsed.failure.message) : parsed.success
}

const zoneNamed = (name: string, field = ""): Zone.Zone => {
  const zone = Zone.make(name)
  return Result.isFailure(zone) ? refuse(`${field}zone`, zone.failure.expected) : zone.success
}

const clockOf = ({ zone }: ScheduleInput, schedule: Schedule.Schedule): Zone.Zone =>
  zone === undefined ? Schedule.zoneOf(schedule) : zoneNamed(zone)

/** Returns an instant; local times are in `zone`. Fails with what was expected in its place. */
export const instant = (input: InstantInput, zone: Zone.Zone): Result.Result<Instant, string> => {
  if (typeof input === "string")
    return Result.mapError(LocalTime.read(input, zone), ({ expected }) => expected)
  const at = Number(input)
  return Number.isSafeInteger(at)
    ? Result.succeed(at)
    : Result.fail("a valid Date, a whole number of milliseconds, or ISO 8601 text")
}

const instantOf = (field: string, input: InstantInput, zone: Zone.Zone): Instant => {
  const at = instant(input, zone)
  return Result.isFailure(at) ? refuse(field, at.failure) : at.success
}

const alertOf = (alert: Check.AlertPolicy): Check.AlertPolicy => {
  const isCount = (value: number): boolean =>
    Number.isInteger(value) && value >= 1 && value <= Limits.outcomes
  if (!isCount(alert.failures)) return refuse("alert.failures", `a whole number from 1 to ${Limits.outcomes}`)
  if (!isCount(alert.recoveries))
    return refuse("alert.recoveries", `a whole number from 1 to ${Limits.outcomes}`)
  return isCount(alert.outOf) && alert.outOf >= alert.failures
    ? alert
    : refuse("alert.outOf", `a whole number from ${alert.failures} (failures) to ${Limits.outcomes}`)
}

const quietOf = (windows: readonly QuietInput[], zone: Zone.Zone): readonly Check.QuietWindow[] => {
  if (windows.length > Limits.quietWindows) return refuse("quiet", `at most ${Limits.quietWindows} windows`)
  return windows.map((window, index): Check.QuietWindow => {
    const field = `quiet[${index}].`
    if ("from" in window) {
      const from = instantOf(field + "from", window.from, zone)
      const to = instantOf(field + "to", window.to, zone)
      return from < to ? { from, to } : refuse(field + "to", "two instants, from before to")
    }
    const schedule = scheduleOf(window, field)
    if (schedule === undefined) {
      return refuse(field + "schedule", "cron, onCalendar or every: when the window opens")
    }
    return {
      schedule,
      duration: spanOf(field + "duration", window.duration, Limits.shortestQuiet, Limits.longestPeriod),
    }
  })
}
