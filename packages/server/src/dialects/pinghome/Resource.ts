/** Uptime monitors: checks with a probe as Pinghome shows them, and what becomes of a check that Pinghome describes. */
import type { Channel } from "@overdue/core/Channel"
import * as Check from "@overdue/core/Check"
import * as Limits from "@overdue/core/Limits"
import * as Policy from "@overdue/core/Policy"
import * as Probe from "@overdue/core/Probe"
import * as ProbeRefusal from "@overdue/core/probe/ProbeRefusal"
import * as Never from "@overdue/core/schedule/Never"
import * as Stops from "@overdue/core/Stops"
import { minute, type Span } from "@overdue/core/Time"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type * as Body from "../Body.ts"
import type { FieldsInvalid } from "../../rest/Endpoint.ts"
import * as Fields from "../../rest/Fields.ts"
import * as Forms from "../../rest/Forms.ts"
import * as Shapes from "../../rest/Shapes.ts"
import * as Answers from "./Answers.ts"
import type { Moment } from "./Heartbeat.ts"
import * as Maintenance from "./Maintenance.ts"
import * as Own from "./Own.ts"
import * as Conditions from "./ResourceConditions.ts"
import * as Services from "./Services.ts"
import * as Target from "./Target.ts"

/** What an uptime monitor is called. */
export const resource = "Resource"

const longest = Limits.longestPeriod / minute
const minutes = Fields.integer(0, longest)
const flag = Schema.Boolean.annotate({ message: "must be true or false" })
const text = (description: string) => Schema.String.annotate({ description, message: "must be a text" })

const name = Fields.text(Limits.nameLength).annotate({ description: "What people call it." })
const service = Fields.text(100).annotate({ description: "The id of the service that it belongs to." })
const type = text(`How it is asked: ${Target.types.join(", ")}.`)
const regions = Schema.Array(Schema.String.annotate({ message: "must be a text" }))
  .check(Schema.isMinLength(1, { message: "must have at least one region" }))
  .annotate({
    description: "Labels of the places to ask from. One that has no prober is asked by the server itself.",
    message: "must be a list of regions",
  })

const optional = {
  url: Schema.optionalKey(text("What is asked, when the type is http.")),
  host: Schema.optionalKey(text("What is asked, when the type is another.")),
  port: Schema.optionalKey(
    Schema.Union([Schema.String, Schema.Number]).annotate({
      description: "Required for tcp and udp; at 465, 995 and 993 the connection is encrypted.",
      message: "must be a port",
    }),
  ),
  data: Schema.optionalKey(text("What is sent over tcp and udp.")),
  method: Schema.optionalKey(
    Schema.Literals([
      ...ProbeRefusal.methods,
      "",
      ...ProbeRefusal.methods.map((each) => each.toLowerCase()),
    ]).annotate({
      description: "Of the request; by default GET.",
      message: `must be one of ${ProbeRefusal.methods.join(", ")}`,
    }),
  ),
  body: Schema.optionalKey(text("The body of the request.")),
  headers: Schema.optionalKey(
    Schema.Record(
      Schema.String,
      Schema.Union([Schema.String, Schema.Number, Schema.Boolean]).annotate({ message: "must be a text" }),
    ).annotate({
      description: "Header fields of the request, as an object or as text with JSON.",
      message: "must be an object, or text with one in JSON",
    }),
  ),
  is_advanced: Schema.optionalKey(flag.annotate({ description: "Kept for clients; it changes nothing." })),
  skip_ssl_error: Schema.optionalKey(flag.annotate({ description: "Whether a certificate may be invalid." })),
  not_follow_redirect: Schema.optionalKey(
    flag.annotate({ description: "Whether a redirect is the answer." }),
  ),
  grace_period: Schema.optionalKey(
    minutes.annotate({ description: "Minutes for which all rounds must fail until it is down." }),
  ),
  recovery_period: Schema.optionalKey(
    minutes.annotate({ description: "Minutes for which all rounds must succeed until it is up again." }),
  ),
  maintenance_cron_expression: Schema.optionalKey(
    text("When maintenance begins, in UTC; empty: never. Meanwhile, nobody asks."),
  ),
  maintenance_duration: Schema.optionalKey(
    minutes.annotate({ description: "How many minutes it takes; 0: there is none." }),
  ),
  conditions: Schema.optionalKey(
    Schema.Array(Conditions.Input).annotate({
      description: `All must hold; at most ${Limits.conditions}.`,
      message: "must be a list of conditions",
    }),
  ),
}

/** What an uptime monitor is created with. */
export const Creation = Schema.Struct({ name, type, service_id: service, regions, ...optional })

/** What it is updated with; what is left out stays as it is. */
export const Update = Schema.Struct({
  name: Schema.optionalKey(name),
  type: Schema.optionalKey(type),
  service_id: Schema.optionalKey(service),
  regions: Schema.optionalKey(regions),
  ...optional,
})

const flags = ["is_advanced", "skip_ssl_error", "not_follow_redirect"]

/** Reads fields by one of these schemas; also those of a form, and what is empty as what is given. */
export const reader = <A>(schema: Schema.Codec<A, unknown>) => {
  const read = Fields.reader(schema, { isEmptyGiven: true })
  return (fields: Body.Fields) => read(normalised(fields))
}

/** Lists and objects may be texts with JSON in them, as in the samples of the vendor, or several fields of a form. */
const normalised = (fields: Body.Fields): Body.Fields => {
  const { others, given } = Forms.gather(withFlags(fields, flags), "regions")
  const changed: Record<string, unknown> = { ...others }
  for (const name of ["headers", "conditions"]) {
    const value = changed[name]
    if (typeof value === "string") changed[name] = value.trim() === "" ? blank[name] : parsed(value)
  }
  const regions = given.flatMap((value) => (typeof value === "string" ? listed(value) : value))
  return { ...changed, ...(given.length > 0 && { regions }) }
}

/** Returns fields with truth values in place of texts of a form; an empty one is false. */
export const withFlags = (fields: Body.Fields, names: readonly string[]): Body.Fields => ({
  ...fields,
  ...Object.fromEntries(
    names.flatMap((name) => {
      const value = fields[name]
      return typeof value === "string" ? [[name, value === "" ? false : (Forms.flag(value) ?? value)]] : []
    }),
  ),
})

const blank: Readonly<Record<string, unknown>> = { headers: {}, conditions: [] }

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

const listed = (text: string): readonly unknown[] => {
  const found = text.trim().startsWith("[") ? parsed(text) : undefined
  return Array.isArray(found) ? found : text.split(",").map((label) => label.trim())
}

/** What is to be written of an uptime monitor, with the group of its service: `null` for the default service. */
export interface Given extends Omit<typeof Update.Type, "service_id"> {
  readonly group?: string | null
  /** How often a new one is asked. */
  readonly every: Span
}

/** Returns the plan of a check. A new one tells all channels; of an old one only what is given changes. */
export const plan = (
  given: Given,
  existing: Check.Check | undefined,
  channels: readonly Channel[],
): Result.Result<Check.Plan, FieldsInvalid> => {
  const base = existing ?? fresh(channels)
  const before = existing?.policy.probe ?? Probe.make({ url: "", every: given.every })
  const url = targetOf(given, before)
  if (Result.isFailure(url)) return Result.fail(Fields.invalid(url.failure.field, url.failure.message))
  const maintenance = Maintenance.plan(base, given)
  if (Result.isFailure(maintenance))
    return Result.fail(Fields.invalid("maintenance_cron_expression", maintenance.failure))
  const { details, quiet } = maintenance.success
  const probe = { ...before, url: url.success, ...requestOf(given, url.success) }
  const policy: Check.Policy = { ...base.policy, quiet, probe, schedule: Never.never }
  const refusal = Check.isSamePolicy(policy, base.policy) ? undefined : Policy.refusal(policy)
  if (refusal !== undefined)
    return Result.fail(Fields.invalid(fieldOf(refusal.field), `must be ${refusal.expected}`))
  const { name, group, is_advanced } = given
  return Result.succeed({
    details: Own.with(
      {
        ...details,
        ...(name !== undefined && { name }),
        ...(group !== undefined && { group: group ?? undefined }),
      },
      {
        ...(is_advanced !== undefined && { is_advanced }),
      },
    ),
    policy: Check.isSamePolicy(policy, base.policy) ? base.policy : policy,
  })
}

const fresh = (channels: readonly Channel[]): Check.Plan => ({
  details: { ...Check.noDetails, channels: channels.map(({ id }) => id) },
  policy: { ...Check.healthchecksPolicy, manualResume: true },
})

/** Of a target, only what is given changes. */
const targetOf = (given: Given, before: Probe.Probe): Result.Result<string, Target.Wrong> => {
  const { type, url, host, port } = given
  if (type === undefined && url === undefined && host === undefined && port === undefined)
    return Result.succeed(before.url)
  const known = before.url === "" ? undefined : Target.show(before)
  const isOther = type !== undefined && type.toLowerCase() !== known?.type
  return Target.urlOf({
    type: type ?? known?.type ?? "",
    url: url ?? (host === undefined ? known?.url : undefined),
    host: host ?? (url === undefined ? known?.host : undefined),
    port: port === undefined ? (isOther ? "" : (known?.port ?? "")) : String(port).trim(),
  })
}

const requestOf = (given: Given, url: string): Partial<Probe.Probe> => {
  const isHttp = /^https?:/i.test(url)
  const body = isHttp ? given.body : given.data
  const { method, headers, regions, conditions, skip_ssl_error: skips, not_follow_redirect: stays } = given
  const { grace_period: grace, recovery_period: recovery } = given
  return {
    ...(body !== undefined && { body }),
    ...(method !== undefined && { method: isHttp && method !== "" ? method.toUpperCase() : "GET" }),
    ...(headers !== undefined && {
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
    }),
    ...(regions !== undefined && { regions: [...new Set(regions)] }),
    ...(conditions !== undefined && { conditions: conditions.map(Conditions.read) }),
    ...(skips !== undefined && { verifiesCertificate: !skips }),
    ...(stays !== undefined && { followsRedirects: !stays }),
    ...(grace !== undefined && { grace: grace * minute }),
    ...(recovery !== undefined && { recovery: recovery * minute }),
  }
}

/** The fields of requests, by the parts of a policy that may be refused. */
const fields: Readonly<Record<string, string>> = {
  "probe.url": "url",
  "probe.regions": "regions",
  "probe.headers": "headers",
  "probe.conditions": "conditions",
  "probe.body": "data",
  "probe.grace": "grace_period",
  "probe.recovery": "recovery_period",
  quiet: "maintenance_cron_expression",
}

const fieldOf = (part: string): string => fields[part] ?? part

const states = ["pending", "up", "down", "paused", "maintenance"] as const

/** An uptime monitor as answers have it. */
export const Output = Schema.Struct({
  id: Shapes.uuid,
  service_id: Shapes.uuid,
  name: Schema.String,
  type: Schema.String,
  url: Schema.optionalKey(Schema.String.annotate({ description: "When the type is http." })),
  host: Schema.optionalKey(Schema.String.annotate({ description: "When it is another." })),
  port: Schema.String,
  data: Schema.String,
  method: Schema.String,
  body: Schema.String,
  headers: Schema.String.annotate({ description: "JSON; empty when there are none." }),
  is_advanced: Schema.Boolean,
  skip_ssl_error: Schema.Boolean,
  not_follow_redirect: Schema.Boolean,
  grace_period: Shapes.count,
  recovery_period: Shapes.count,
  maintenance_cron_expression: Schema.NullOr(Schema.String),
  maintenance_duration: Shapes.count,
  conditions: Schema.Array(Conditions.Output),
  regions: Schema.Array(Schema.String),
  enabled: Schema.Boolean,
  state: Schema.Literals(states).annotate({ description: "`pending`: nothing has been asked yet." }),
  last_checked_at: Schema.NullOr(Shapes.instant),
  last_status_code: Schema.NullOr(Schema.Number),
  last_response_time: Schema.NullOr(Schema.Number.annotate({ description: "Milliseconds." })),
  last_error: Schema.NullOr(Schema.String),
  last_state_changed_at: Schema.NullOr(Shapes.instant),
  created_at: Shapes.instant,
  updated_at: Shapes.instant,
})

/** Returns the state of an uptime monitor. */
export const stateOf = (
  { policy, state: { status } }: Check.Check,
  { now }: Moment,
): (typeof states)[number] => {
  if (status === "paused") return status
  if (Stops.holds({ quiet: policy.quiet, blind: [] }, now)) return "maintenance"
  return status === "new" ? "pending" : status
}

/** Returns a check with a probe as an uptime monitor. */
export const show = (check: Check.Check, moment: Moment): typeof Output.Type => {
  const { id, details, policy, state, createdAt, updatedAt } = check
  const probe = policy.probe ?? Probe.make({ url: "" })
  const target = Target.show(probe)
  const isHttp = target.type === "http"
  const { last, toldAt } = state.probing ?? {}
  const told = last && Probe.telling(last.results)
  const { cron, duration } = Maintenance.show(check)
  const shown = stateOf(check, moment)
  return {
    id,
    service_id: Services.idOf(check),
    name: details.name,
    ...target,
    data: isHttp ? "" : probe.body,
    method: isHttp ? probe.method : "",
    body: isHttp ? probe.body : "",
    headers: Object.keys(probe.headers).length === 0 ? "" : JSON.stringify(probe.headers),
    is_advanced: Own.of(check).is_advanced === true,
    skip_ssl_error: !probe.verifiesCertificate,
    not_follow_redirect: !probe.followsRedirects,
    grace_period: Math.ceil(probe.grace / minute),
    recovery_period: Math.ceil(probe.recovery / minute),
    maintenance_cron_expression: cron,
    maintenance_duration: duration,
    conditions: probe.conditions.map(Conditions.show),
    regions: probe.regions,
    enabled: shown !== "paused",
    state: shown,
    last_checked_at: toldAt === undefined ? null : Answers.instant(toldAt),
    last_status_code: told?.statusCode ?? null,
    last_response_time: told?.timings.whole ?? null,
    last_error: told?.reason ?? null,
    last_state_changed_at: state.flips === 0 ? null : Answers.instant(state.flippedAt),
    created_at: Answers.instant(createdAt),
    updated_at: Answers.instant(updatedAt),
  }
}
