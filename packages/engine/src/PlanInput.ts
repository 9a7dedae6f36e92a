/** A check as people write it in code, with spans as "5 minutes" and schedules as text, and its details and policy. */
import type { Channel } from "@overdue/core/Channel"
import * as Check from "@overdue/core/Check"
import * as Limits from "@overdue/core/Limits"
import type { Probe } from "@overdue/core/Probe"
import * as Never from "@overdue/core/schedule/Never"
import * as Policy from "@overdue/core/Policy"
import type * as Schedule from "@overdue/core/Schedule"
import * as Slug from "@overdue/core/Slug"
import type * as Zone from "@overdue/core/Zone"
import * as ProbeField from "@overdue/core/document/ProbeField"
import * as When from "@overdue/core/document/When"
import type * as Duration from "effect/Duration"
import * as Result from "effect/Result"
import type { PlanInvalid } from "./planInput/PlanInvalid.ts"
import * as Parts from "./planInput/Parts.ts"
import * as ProbeValue from "./planInput/ProbeValue.ts"
import * as Timing from "./planInput/Timing.ts"
import * as Values from "./planInput/Values.ts"

export { PlanInvalid } from "./planInput/PlanInvalid.ts"

type Unit = "ms" | "s" | "m" | "h" | "d" | "w"

/** A length of time: `"5 minutes"`, `"1h"`, `"1h 30m"`, a number of milliseconds, or an Effect `Duration`. */
export type SpanInput = Duration.Input | `${number}${Unit}` | `${number}${Unit} ${number}${Unit}`

/**
 * An instant: a `Date`, a number of milliseconds since 1970, or ISO 8601 text, which is on the wall clock of a zone
 * when it has no offset: `"2026-12-24T22:00"`.
 */
export type InstantInput = Timing.InstantInput

/** When a check is expected: exactly one of `every`, `cron`, `onCalendar` and `schedule`. */
export interface ScheduleInput {
  readonly every?: SpanInput
  /** Five fields, as in crontab(5), or a nickname such as `@daily`. */
  readonly cron?: string
  /** A calendar event, as in systemd.time(7). */
  readonly onCalendar?: string
  /** Either of both, told apart as the management API does. */
  readonly schedule?: string
  /**
   * IANA name of the time zone of the schedule and, unless they name their own, of the quiet windows; by default UTC.
   * Alone, it changes the zone of the present schedule.
   */
  readonly zone?: string
}

/**
 * A maintenance window: recurring, for `duration` from each slot of a schedule; or once, from `from` (inclusive) to
 * `to` (exclusive).
 *
 * Its schedule or local times are in its own `zone`. Without one they are in that of the plan or, when the plan has none
 * and no schedule, in that of the check. A window keeps the zone in which it was read when only the check's changes.
 */
export type QuietInput =
  | (ScheduleInput & { readonly duration: SpanInput })
  | { readonly from: InstantInput; readonly to: InstantInput; readonly zone?: string }

/**
 * What a check is to be. A field that is left out keeps its value, or has its default in a new check; see
 * `Check.Details` and `Check.Policy` for the fields.
 */
export interface PlanInput extends ScheduleInput {
  readonly name?: string
  readonly slug?: string
  readonly tags?: string | readonly string[]
  readonly description?: string
  /** Slugs and tags of checks without which it cannot work: while one of them is down, its alerts are held. */
  readonly after?: string | readonly string[]
  /** Ids of channels of the project. */
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
  /**
   * What is asked in place of a job that reports: a URL such as `https://example.org/health`, or more; `undefined` takes it
   * away. Nothing else is expected of the check then.
   */
  readonly probe?: string | ProbeInput | undefined
}

/** What is asked, how often and how; what is left out is as in `Probe.defaults`. */
export interface ProbeInput extends Partial<Omit<Probe, "every" | "grace" | "recovery">> {
  readonly url: string
  readonly every?: SpanInput
  readonly grace?: SpanInput
  readonly recovery?: SpanInput
}

/**
 * Returns what `input` makes of an existing check or, by default, of a new one. Fails with the first invalid field, of
 * whatever type its value is. `channels` are those of the project; without them, ids of channels are taken as they are.
 * When the policy stays the same it is the same object, by which commands see that the deadline stays.
 */
export const plan = (
  input: PlanInput,
  base: Check.Plan = blank,
  channels?: readonly Channel[],
): Result.Result<Check.Plan, PlanInvalid> =>
  Values.attempt(() => planOf(Values.members("", input, names), base, channels))

/** Returns what `input` makes of a new check, as `plan` does. `usual` is what it may leave out. */
export const birth = (
  input: PlanInput,
  usual: Pick<PlanInput, "name" | "channels">,
  channels: readonly Channel[],
): Result.Result<Check.Plan, PlanInvalid> =>
  Values.attempt(() => planOf({ ...usual, ...Values.members("", input, names) }, blank, channels))

const blank: Check.Plan = { details: Check.noDetails, policy: Check.defaultPolicy }

/** The fields of an input as they are given, of any type. */
type Given = { readonly [K in keyof PlanInput]?: unknown }

const planOf = (input: Given, base: Check.Plan, channels: readonly Channel[] | undefined): Check.Plan => {
  const details = detailsOf(input, base.details, channels)
  const given = Timing.schedule(input, { present: base.policy.schedule })
  const schedule = given ?? (input.probe === undefined ? base.policy.schedule : Never.never)
  const zone = Timing.clock(input, schedule, When.of(base).zone)
  const policy = policyOf(input, base.policy, { schedule, zone, isServer: base.details.isServer })
  // The zone of a period is remembered where the management API keeps it, so that all doors know the same.
  const when = { ...When.of({ details, policy }), zone: zone.name }
  return { details: When.remember(details, when), policy }
}

/** Returns the slug of an input, which names a check. Fails for an empty one, and without one. */
export const slug = (input: PlanInput): Result.Result<string, PlanInvalid> =>
  Values.attempt(() => {
    const { slug } = Values.members("", input, names)
    return typeof slug === "string" && slug !== "" && Slug.isValid(slug)
      ? slug
      : Values.refuse("slug", `1 to ${slugRule}`)
  })

const slugRule = `${Limits.slugLength} characters of a-z, 0-9, - and _`

const names = [
  "name",
  "slug",
  "tags",
  "description",
  "channels",
  "after",
  ...Timing.names,
  "grace",
  "early",
  "maxRuntime",
  "minRuntime",
  "startSatisfies",
  "armed",
  "runs",
  "alert",
  "quiet",
  "remindEvery",
  "notifyOnFirstPing",
  "manualResume",
  "methods",
  "filters",
  "probe",
] as const satisfies readonly (keyof PlanInput)[]

const detailsOf = (
  input: Given,
  base: Check.Details,
  channels: readonly Channel[] | undefined,
): Check.Details => ({
  name: Values.given(input.name, base.name, (value) => Values.text("name", value, Limits.nameLength)),
  slug: Values.given(input.slug, base.slug, slugOf),
  tags: Values.given(input.tags, base.tags, words("tags", Limits.tagsLength)),
  after: Values.given(input.after, base.after, words("after", Limits.afterLength)),
  description: Values.given(input.description, base.description, (value) =>
    Values.text("description", value),
  ),
  channels: Values.given(input.channels, base.channels, (value) => [
    ...new Set(Values.listOf("channels", value, (field, id) => channelOf(field, id, channels))),
  ]),
  group: base.group,
  isServer: base.isServer,
  extension: base.extension,
})

const slugOf = (value: unknown): string => {
  const slug = Values.text("slug", value)
  return Slug.isValid(slug) ? slug : Values.refuse("slug", `at most ${slugRule}`)
}

/** Reads words, as a list or as one text with spaces between them. */
const words =
  (field: "tags" | "after", longest: number) =>
  (value: unknown): string =>
    Values.text(
      field,
      Values.isList(field, value) ? Values.listOf(field, value, Values.text).join(" ") : value,
      longest,
    )

const channelOf = (field: string, value: unknown, channels: readonly Channel[] | undefined): string => {
  const id = Values.text(field, value)
  return channels === undefined || channels.some((channel) => channel.id === id)
    ? id
    : Values.refuse(field, `the id of a channel of the project, which ${JSON.stringify(id)} is not`)
}

const longest = Limits.longestPeriod

/** What a policy is made beside. */
interface Around {
  readonly schedule: Schedule.Schedule
  readonly zone: Zone.Zone
  readonly isServer: boolean
}

const policyOf = (input: Given, base: Check.Policy, { schedule, zone, isServer }: Around): Check.Policy => {
  const flag = (field: "startSatisfies" | "armed" | "notifyOnFirstPing" | "manualResume"): boolean =>
    Values.given(input[field], base[field], (value) => Values.flag(field, value))
  const policy: Check.Policy = {
    schedule,
    grace: Values.given(input.grace, base.grace, (value) =>
      Values.span("grace", value, { shortest: 0, longest }),
    ),
    maxRuntime: optional(input, "maxRuntime", base.maxRuntime, (value) =>
      value === "never" ? value : Values.span("maxRuntime", value, { shortest: 1, longest }),
    ),
    minRuntime: optional(input, "minRuntime", base.minRuntime, (value) =>
      Values.span("minRuntime", value, { shortest: 1, longest }),
    ),
    early: Values.given(input.early, base.early, (value) =>
      Values.span("early", value, { shortest: 0, longest: Limits.longestEarly }),
    ),
    startSatisfies: flag("startSatisfies"),
    armed: flag("armed"),
    runs: Values.given(input.runs, base.runs, (value) => Values.oneOf("runs", value, ["latest", "every"])),
    alert: Values.given(input.alert, base.alert, (value) => Parts.alert(value, base.alert)),
    quiet: Values.given(input.quiet, base.quiet, (value) => Timing.quiet(value, zone)),
    remindEvery: optional(input, "remindEvery", base.remindEvery, (value) =>
      Values.span("remindEvery", value, { shortest: Limits.shortestReminder, longest }),
    ),
    notifyOnFirstPing: flag("notifyOnFirstPing"),
    manualResume: flag("manualResume"),
    methods: Values.given(input.methods, base.methods, Parts.methods),
    filters: Values.given(input.filters, base.filters, (value) => Parts.filters(value, base.filters)),
    probe: optional(input, "probe", base.probe, ProbeValue.read),
  }
  const revised = Policy.revised(base, input.grace === undefined ? policy : graced(policy, base, input), {
    isServer,
  })
  if (Result.isSuccess(revised)) return revised.success
  const { field, expected } = revised.failure
  const name = field === "schedule" ? (Timing.names.find((name) => name in input) ?? "schedule") : field
  return Values.refuse(name, expected)
}

/** Returns a policy whose grace was given: of a check that is asked it is that of the probe. */
const graced = (policy: Check.Policy, base: Check.Policy, { probe: given }: Given): Check.Policy => {
  const { grace, probe } = policy
  if (probe === undefined) return policy
  if (ProbeField.sayer(given, probe)("grace") && probe.grace !== grace)
    return Values.refuse("grace", "none, because the check has a probe: that has a grace of its own")
  return { ...policy, grace: base.grace, probe: { ...probe, grace } }
}

/** Reads a field that may be set to `undefined`, which is different from leaving it out. */
const optional = <A>(
  input: Given,
  field: "maxRuntime" | "minRuntime" | "remindEvery" | "probe",
  otherwise: A | undefined,
  read: (value: unknown) => A,
): A | undefined => {
  if (!(field in input)) return otherwise
  const value = input[field]
  return value === undefined ? undefined : read(value)
}
