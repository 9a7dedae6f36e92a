/** Heartbeats: checks as Pinghome shows them, and what a check becomes that Pinghome describes. */
import type { Channel } from "@overdue/core/Channel"
import * as Check from "@overdue/core/Check"
import type { Blind } from "@overdue/core/Deadline"
import * as When from "@overdue/core/document/When"
import * as Limits from "@overdue/core/Limits"
import * as Machine from "@overdue/core/Machine"
import * as Schedule from "@overdue/core/Schedule"
import * as Every from "@overdue/core/schedule/Every"
import * as Shown from "@overdue/core/Shown"
import { day, second, type Instant, type Span } from "@overdue/core/Time"
import * as Schema from "effect/Schema"
import * as Fields from "../../rest/Fields.ts"
import * as Shapes from "../../rest/Shapes.ts"
import * as Forms from "../../rest/Forms.ts"
import type * as Body from "../Body.ts"
import * as Answers from "./Answers.ts"
import * as Services from "./Services.ts"

/** What a heartbeat is called. */
export const heartbeat = "Heartbeat"

/** Methods by which events may come. */
export const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"] as const

const longestInterval = (365 * day) / second
const defaultInterval = 60

const name = Fields.text(Limits.nameLength).annotate({ description: "What people call it." })

const optional = {
  interval: Schema.optionalKey(
    Fields.integer(1, longestInterval).annotate({
      description: `Seconds between two events, 1 to ${longestInterval}.`,
    }),
  ),
  enabled: Schema.optionalKey(
    Schema.Boolean.annotate({
      description: "Whether events are expected; without that, they are ignored.",
      message: "must be true or false",
    }),
  ),
  methods: Schema.optionalKey(
    Fields.list(
      Schema.Literals([...methods, ...methods.map((method) => method.toLowerCase())]).annotate({
        message: `must be one of ${methods.join(", ")}`,
      }),
      "HTTP methods",
      2 * methods.length,
    ).annotate({
      description: "The HTTP methods of events; others are ignored. Empty: every method counts.",
    }),
  ),
}

/** What a heartbeat is created with. */
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
  const { others, given } = Forms.gather(Forms.withFlags(fields, ["enabled"]), "methods")
  return {
    ...others,
    ...(given.length > 0 && { methods: given.flatMap(listed) }),
  }
}

/** The items of a list, of which nothing is left of one that is empty. */
export const listed = (value: unknown): readonly unknown[] => {
  if (typeof value === "string") return value === "" ? [] : value.split(",").map((item) => item.trim())
  return Array.isArray(value) ? value.filter((item) => item !== "") : [value]
}

/** What is to be written of a heartbeat, with the group of its service: `null` for the default service. */
export interface Given extends Omit<typeof Update.Type, "service_id" | "enabled"> {
  readonly group?: string | null
  readonly now: Instant
}

/** Returns the plan of a check. A new one tells all channels; of an old one only what is given changes. */
export const plan = (
  given: Given,
  existing: Check.Check | undefined,
  channels: readonly Channel[],
): Check.Plan => {
  const { name, group, methods } = given
  const { details, policy } = timed(existing ?? fresh(channels), given)
  return {
    details: {
      ...details,
      ...(name !== undefined && { name }),
      ...(group !== undefined && { group: group ?? undefined }),
    },
    policy: {
      ...policy,
      ...(methods !== undefined && { methods: [...new Set(methods.map((each) => each.toUpperCase()))] }),
    },
  }
}

const withInterval = (policy: Check.Policy, period: Span): Check.Policy => ({
  ...policy,
  schedule: Every.make(period),
  // Some slack: a job is not missed because the network was slow.
  grace: Math.max(5, Math.ceil(period / second / 10)) * second,
})

/** What nobody sets: a run is heard of the job as well, and a heartbeat that is disabled stays so. */
const fresh = (channels: readonly Channel[]): Check.Plan => ({
  details: { ...Check.noDetails, channels: channels.map(({ id }) => id) },
  policy: withInterval(
    { ...Check.healthchecksPolicy, maxRuntime: "never", startSatisfies: true, manualResume: true },
    defaultInterval * second,
  ),
})

/** What is given of an interval, and with what. */
interface Timing {
  /** Seconds. */
  readonly interval?: number | undefined
  readonly name?: string | undefined
  readonly now: Instant
}

/**
 * Returns the plan of a check with an interval, whose policy `retimed` makes. One that it has already leaves it its grace,
 * which another dialect may have set. Beside a name it may be what was shown of any schedule some time ago, which stays as
 * well: clients send all that they were shown.
 */
export const timed = (
  { details, policy }: Check.Plan,
  { interval, name, now }: Timing,
  retimed: (policy: Check.Policy, period: Span) => Check.Policy = withInterval,
): Check.Plan => {
  if (interval === undefined) return { details, policy }
  const period = interval * second
  const { schedule } = policy
  const isShown =
    schedule.kind === "every"
      ? intervalOf({ details, policy }, now) === period
      : name !== undefined && Schedule.hasGap(schedule, period, now)
  if (isShown) return { details, policy }
  const when = When.of({ details, policy })
  return {
    details: When.remember(details, { ...when, period, expression: undefined }),
    policy: retimed(policy, period),
  }
}

/** When, and with which blind spans, checks are looked at. */
export interface Moment {
  readonly now: Instant
  readonly blind: Blind
}

/** The same, and where the dialect is reached. */
export interface View extends Moment {
  readonly root: string
}

/** Returns the URL to which the job of a heartbeat reports. */
export const urlOf = (root: string, id: string): string => `${root}/data-gateway/v1/heartbeat/${id}`

/** Returns the period in whole seconds. */
export const intervalOf = ({ policy }: Check.Plan, now: Instant): Span | undefined => {
  const period = Schedule.periodAfter(policy.schedule, now)
  return period === undefined ? undefined : Math.ceil(period / second) * second
}

/** What a heartbeat can be. */
export const states = ["pending", "up", "down", "paused"] as const

/** A heartbeat as answers have it. */
export const Output = Schema.Struct({
  id: Shapes.uuid,
  service_id: Shapes.uuid,
  name: Schema.String,
  interval: Schema.NullOr(Shapes.count).annotate({
    description: "Seconds between two events; null for a schedule that has ended.",
  }),
  enabled: Schema.Boolean,
  methods: Schema.Array(Schema.String),
  url: Shapes.url.annotate({ description: "To which its job reports." }),
  state: Schema.Literals(states).annotate({ description: "`pending`: nothing has been reported yet." }),
  running: Schema.Boolean.annotate({ description: "Whether a run has begun and not ended." }),
  last_received_at: Schema.NullOr(Shapes.instant).annotate({
    description: "Of the last event; after it was enabled again, of the last success.",
  }),
  created_at: Shapes.instant,
  updated_at: Shapes.instant,
})

/** Returns a check as a heartbeat. */
export const show = (check: Check.Check, { now, blind, root }: View): typeof Output.Type => {
  const settled = Machine.settled(check, now, blind)
  const { status } = settled.state
  const interval = intervalOf(check, now)
  const received = lastReceived(check)
  return {
    id: check.id,
    service_id: Services.idOf(check),
    name: check.details.name,
    interval: interval === undefined ? null : interval / second,
    enabled: status !== "paused",
    methods: check.policy.methods,
    url: urlOf(root, check.id),
    state: status === "new" ? "pending" : status,
    running: Shown.isStarted(settled),
    last_received_at: Answers.instantOrNull(received),
    created_at: Answers.instant(check.createdAt),
    updated_at: Answers.instant(check.updatedAt),
  }
}

/** A start is an event as well. */
const lastReceived = ({ state }: Check.Check): Instant | undefined => {
  const finished = state.lastPing ?? state.lastSuccess
  const started = state.runs.map(({ startedAt }) => startedAt)
  return finished === undefined && started.length === 0 ? undefined : Math.max(finished ?? 0, ...started)
}
