/** Server monitors: checks as Pinghome shows them whose signals are the reports of a server, and what it describes. */
import type { Channel } from "@overdue/core/Channel"
import * as Check from "@overdue/core/Check"
import * as Machine from "@overdue/core/Machine"
import * as Storable from "@overdue/core/Storable"
import * as Every from "@overdue/core/schedule/Every"
import { day, minute, second, type Instant, type Span } from "@overdue/core/Time"
import * as Zone from "@overdue/core/Zone"
import * as Schema from "effect/Schema"
import * as Fields from "../../rest/Fields.ts"
import * as Forms from "../../rest/Forms.ts"
import * as Shapes from "../../rest/Shapes.ts"
import type * as Body from "../Body.ts"
import * as ServerTypes from "../ServerTypes.ts"
import * as Answers from "./Answers.ts"
import * as Heartbeat from "./Heartbeat.ts"
import * as Own from "./Own.ts"
import * as Metric from "./ServerMetric.ts"
import * as Services from "./Services.ts"

/** What a server monitor is called. */
export const server = "Server resource"

const nameLength = 255
const textLength = 2_000
const wordLength = 100
const mostTypes = 50

const shortest = 10
const longest = day / second
const defaultInterval = 60

const name = Fields.text(nameLength).annotate({ description: "What people call it." })

/** A text that may be empty. */
const anyText = (maximum: number) => {
  const expected = `must be a text of at most ${maximum} characters`
  return Schema.String.check(
    Schema.makeFilter((value) => (Storable.is(value) && value.length <= maximum ? undefined : expected), {
      toJsonSchema: () => ({ maxLength: maximum }),
    }),
  ).annotate({ message: expected })
}

const types = (list: ServerTypes.List) =>
  Schema.optionalKey(
    Fields.list(Metric.typeField, "types of metrics", mostTypes).annotate({
      description: `Types of metrics that are kept. Of a new monitor whose three lists are left out: ${ServerTypes.lists[list].join(", ")}.`,
    }),
  )

const settings = {
  timezone: Schema.optionalKey(
    Schema.String.check(
      Schema.makeFilter((value) =>
        Zone.find(value) === undefined ? "must be a time zone such as Europe/Berlin" : undefined,
      ),
    ).annotate({
      description: "The time zone in which charts are shown.",
      message: "must be a time zone such as Europe/Berlin",
    }),
  ),
  chart_type_default: Schema.optionalKey(
    Fields.text(wordLength).annotate({ description: "`line`, `area` or `bar`; others are kept." }),
  ),
  os: Schema.optionalKey(anyText(wordLength).annotate({ description: "The operating system." })),
  metric_types_basic: types("metric_types_basic"),
  metric_types_advanced: types("metric_types_advanced"),
  metric_types_complex: types("metric_types_complex"),
}

const optional = {
  description: Schema.optionalKey(anyText(textLength)),
  ...settings,
  interval: Schema.optionalKey(
    Fields.integer(shortest, longest).annotate({
      description: `Seconds between two reports, ${shortest} to ${longest}.`,
    }),
  ),
  enabled: Schema.optionalKey(
    Schema.Boolean.annotate({
      description: "Whether reports are expected; without that, they are ignored.",
      message: "must be true or false",
    }),
  ),
}

/** What a server monitor is created with. */
export const Creation = Schema.Struct({ service_id: Services.field, name, ...optional })

/** What it is updated with; what is left out stays as it is. */
export const Update = Schema.Struct({
  service_id: Schema.optionalKey(Services.field),
  name: Schema.optionalKey(name),
  ...optional,
})

/** Reads fields by one of these schemas; also those of a form, and what is empty as what is given. */
export const reader = <A>(schema: Schema.Codec<A, unknown>) => {
  const read = Fields.reader(schema, { isEmptyGiven: true })
  return (fields: Body.Fields) => read(normalised(fields))
}

const normalised = (fields: Body.Fields): Body.Fields => {
  let all = Forms.withFlags(fields, ["enabled"])
  for (const list of ServerTypes.listNames) {
    const { others, given } = Forms.gather(all, list)
    all = { ...others, ...(given.length > 0 && { [list]: given.flatMap(Heartbeat.listed) }) }
  }
  return all
}

/** What only this dialect knows of a server. */
type Settings = { readonly [Key in keyof typeof settings]: NonNullable<(typeof Update.Type)[Key]> }

const defaults: Settings = {
  timezone: "UTC",
  chart_type_default: "line",
  os: "",
  metric_types_basic: [],
  metric_types_advanced: [],
  metric_types_complex: [],
}

const settingsOf = (plan: Pick<Check.Plan, "details">): Settings => ({
  ...defaults,
  ...(Own.of(plan).server as Partial<Settings> | undefined), // safe because only `plan` writes it
})

/** What is to be written of a server monitor, with the group of its service: `null` for the default service. */
export interface Given extends Omit<typeof Update.Type, "service_id" | "enabled"> {
  readonly group?: string | null
  readonly now: Instant
}

/** Returns the plan of a check. A new one tells all channels; of an old one only what is given changes. */
export const plan = (
  { name, description, interval, group, now, ...given }: Given,
  existing: Check.Check | undefined,
  channels: readonly Channel[],
): Check.Plan => {
  const { details, policy } = Heartbeat.timed(
    existing ?? fresh(channels),
    { interval, name, now },
    withInterval,
  )
  const described: Check.Details = {
    ...details,
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    ...(group !== undefined && { group: group ?? undefined }),
  }
  const own = { ...settingsOf({ details }), ...(existing === undefined && usual(given)), ...given }
  return { details: Own.with(described, { server: own }), policy }
}

/** What is kept of a new monitor of which nothing is named: all that its server reports. */
const usual = (given: Partial<Settings>): Partial<Settings> =>
  ServerTypes.listNames.every((list) => given[list] === undefined) ? ServerTypes.lists : {}

const withInterval = (policy: Check.Policy, period: Span): Check.Policy => ({
  ...policy,
  schedule: Every.make(period),
  // A report or two may be lost when the server is busy, which is no reason to call somebody.
  grace: Math.max(minute, 2 * period),
})

/** A server that is disabled stays so, whatever it reports. */
const fresh = (channels: readonly Channel[]): Check.Plan => ({
  details: { ...Check.noDetails, isServer: true, channels: channels.map(({ id }) => id) },
  policy: withInterval({ ...Check.healthchecksPolicy, manualResume: true }, defaultInterval * second),
})

/** A server monitor as answers have it. */
export const Output = Schema.Struct({
  id: Shapes.uuid,
  service_id: Shapes.uuid,
  name: Schema.String,
  description: Schema.String,
  timezone: Schema.String,
  chart_type_default: Schema.String,
  os: Schema.String,
  metric_types_basic: Schema.Array(Schema.String),
  metric_types_advanced: Schema.Array(Schema.String),
  metric_types_complex: Schema.Array(Schema.String),
  interval: Schema.NullOr(Shapes.count).annotate({
    description: "Seconds between two reports; null for a schedule that has ended.",
  }),
  enabled: Schema.Boolean,
  state: Schema.Literals(Heartbeat.states).annotate({
    description: "`pending`: nothing has been reported yet.",
  }),
  last_report_at: Schema.NullOr(Shapes.instant),
  created_at: Shapes.instant,
  updated_at: Shapes.instant,
})

/** Returns a check as a server monitor. */
export const show = (check: Check.Check, { now, blind }: Heartbeat.Moment): typeof Output.Type => {
  const { status, lastPing, lastSuccess } = Machine.settled(check, now, blind).state
  const interval = Heartbeat.intervalOf(check, now)
  const reported = lastPing ?? lastSuccess
  return {
    id: check.id,
    service_id: Services.idOf(check),
    name: check.details.name,
    description: check.details.description,
    ...settingsOf(check),
    interval: interval === undefined ? null : interval / second,
    enabled: status !== "paused",
    state: status === "new" ? "pending" : status,
    last_report_at: Answers.instantOrNull(reported),
    created_at: Answers.instant(check.createdAt),
    updated_at: Answers.instant(check.updatedAt),
  }
}
