/** Uptime monitors: checks with a probe as Pinghome shows them, and what becomes of a check that Pinghome describes. */
import type { Channel } from "@overdue/core/Channel"
import * as Check from "@overdue/core/Check"
import * as Deadline from "@overdue/core/Deadline"
import * as Policy from "@overdue/core/Policy"
import * as Probe from "@overdue/core/Probe"
import * as ProbeRefusal from "@overdue/core/probe/ProbeRefusal"
import type { Access } from "@overdue/core/Project"
import * as Never from "@overdue/core/schedule/Never"
import { minute, type Span } from "@overdue/core/Time"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { FieldsInvalid } from "../../rest/Endpoint.ts"
import * as Shapes from "../../rest/Shapes.ts"
import * as Answers from "./Answers.ts"
import type { Moment } from "./Heartbeat.ts"
import * as Maintenance from "./Maintenance.ts"
import * as Own from "./Own.ts"
import * as Conditions from "./ResourceConditions.ts"
import type * as ResourceFields from "./ResourceFields.ts"
import * as Services from "./Services.ts"
import * as Target from "./Target.ts"

/** What an uptime monitor is called. */
export const resource = "Resource"

/** What is to be written of an uptime monitor, with the group of its service: `null` for the default service. */
export interface Given extends Omit<typeof ResourceFields.Update.Type, "service_id"> {
  readonly group?: string | null
  /** How often a new one is asked. */
  readonly every: Span
  /** Whether an IP address may be asked for. */
  readonly mayAsk: (address: string) => boolean
}

/** Returns the plan of a check. A new one tells all channels; of an old one only what is given changes. */
export const plan = (
  given: Given,
  existing: Check.Check | undefined,
  channels: readonly Channel[],
): Result.Result<Check.Plan, FieldsInvalid> => {
  const base = existing ?? fresh(channels)
  const before = existing?.policy.probe ?? Probe.make({ url: "", every: given.every })
  const url = allowed(targetOf(given, before), given, before)
  const maintenance = Maintenance.plan(base, given)
  if (Result.isFailure(url) || Result.isFailure(maintenance))
    return Result.fail(
      new FieldsInvalid({
        issues: [
          ...(Result.isFailure(url) ? [url.failure] : []),
          ...(Result.isFailure(maintenance) ? [wrongLine(maintenance.failure)] : []),
        ],
      }),
    )
  const { details, quiet } = maintenance.success
  const probe = { ...basis(before, url.success), url: url.success, ...requestOf(given, url.success, before) }
  const planned = { ...base.policy, quiet, probe, schedule: Never.never }
  const policy = Policy.revised(base.policy, planned, base.details)
  if (Result.isFailure(policy)) return Result.fail(refused(planned, probe))
  const { name, group, is_advanced } = given
  return Result.succeed({
    details: Own.with(
      {
        ...details,
        ...(name !== undefined && { name }),
        ...(group !== undefined && { group: group ?? undefined }),
      },
      {
        ...(is_advanced !== undefined && { is_advanced: is_advanced || undefined }),
      },
    ),
    policy: policy.success,
  })
}

const refused = (planned: Policy.Policy, probe: Probe.Probe): FieldsInvalid =>
  new FieldsInvalid({
    issues: Policy.refusals(planned).map(({ field, expected }) => ({
      field: fieldOf(field, probe),
      message: `must be ${expected}`,
    })),
  })

const wrongLine = (message: string) => ({ field: "maintenance_cron_expression", message })

/** A target that was allowed once stays. */
const allowed = (
  url: Result.Result<string, Target.Wrong>,
  { url: given, host, mayAsk }: Given,
  before: Probe.Probe,
): Result.Result<string, Target.Wrong> =>
  Result.isFailure(url) || url.success === before.url || Target.isAllowed(url.success, mayAsk)
    ? url
    : Result.fail({
        field: given === undefined && host !== undefined ? "host" : "url",
        message: "must not be a private address: this installation allows none",
      })

const fresh = (channels: readonly Channel[]): Check.Plan => ({
  details: { ...Check.noDetails, channels: channels.map(({ id }) => id) },
  policy: { ...Check.healthchecksPolicy, manualResume: true },
})

/** Of a target, only what is given changes. */
const targetOf = (given: Given, before: Probe.Probe): Result.Result<string, Target.Wrong> => {
  const { type, url, host, port } = given
  if (type === undefined && url === undefined && host === undefined && port === undefined)
    return Result.succeed(before.url)
  if (before.url !== "") return Target.changed({ type, url, host, port }, before)
  return Target.urlOf({ type: type ?? "", url, host, port: port === undefined ? "" : String(port).trim() })
}

/**
 * What stays of a probe when its target is another one: of one that is asked in another way, not what was sent to it, and
 * no reminders of what it does not have. Conditions that do not fit are refused, because without them it would be up.
 */
const basis = (before: Probe.Probe, url: string): Probe.Probe => {
  const kind = Target.kindOf(url)
  if (kind === undefined || kind === Target.kindOf(before.url)) return before
  const { method, headers, body } = Probe.defaults
  const reminders = ProbeRefusal.expiring.flatMap((what) => {
    // Everybody may look at the registration of a domain, so its registry is asked without being told to.
    const days = before.remind[what] ?? (what === "domain" ? [] : undefined)
    return days === undefined || !ProbeRefusal.has(kind, what) ? [] : [[what, days] as const]
  })
  return { ...before, method, headers, body, remind: Object.fromEntries(reminders) }
}

/** Minutes as answers have them. */
const minutesOf = (span: Span): number => Math.ceil(span / minute)

const requestOf = (given: Given, url: string, before: Probe.Probe): Partial<Probe.Probe> => {
  const isHttp = Target.kindOf(url) === "http"
  const body = isHttp ? given.body : given.data
  const { method, headers, regions, conditions, skip_ssl_error: skips, not_follow_redirect: stays } = given
  const { grace_period: grace, recovery_period: recovery } = given
  return {
    ...(body !== undefined && { body }),
    ...(method !== undefined && isHttp && { method: method === "" ? "GET" : method.toUpperCase() }),
    ...(headers !== undefined && {
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
    }),
    ...(regions !== undefined && { regions: [...new Set(regions)] }),
    ...(conditions !== undefined && { conditions: conditions.map(Conditions.read) }),
    ...(skips !== undefined && { verifiesCertificate: !skips }),
    ...(stays !== undefined && { followsRedirects: !stays }),
    // Another API may have set seconds, of which minutes are shown.
    ...(grace !== undefined && grace !== minutesOf(before.grace) && { grace: grace * minute }),
    ...(recovery !== undefined && recovery !== minutesOf(before.recovery) && { recovery: recovery * minute }),
  }
}

/** The fields of requests, by the parts of a policy that may be refused. */
const fields: Readonly<Record<string, string>> = {
  "probe.url": "url",
  "probe.regions": "regions",
  "probe.headers": "headers",
  "probe.conditions": "conditions",
  "probe.method": "method",
  "probe.grace": "grace_period",
  "probe.recovery": "recovery_period",
  quiet: "maintenance_cron_expression",
}

const fieldOf = (part: string, { url }: Probe.Probe): string =>
  part === "probe.body" ? (Target.kindOf(url) === "http" ? "body" : "data") : (fields[part] ?? part)

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
  headers: Schema.String.annotate({
    description: "JSON; empty when there are none, as all that is sent is for a key that may only read.",
  }),
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
  if (Deadline.isQuiet(policy, now)) return "maintenance"
  return status === "new" ? "pending" : status
}

/**
 * Returns a check with a probe as an uptime monitor. Who may only read does not see what is sent to the target, in which
 * there may be passwords.
 */
export const show = (check: Check.Check, moment: Moment, access: Access): typeof Output.Type => {
  const { id, details, policy, state, createdAt, updatedAt } = check
  const whole = policy.probe ?? Probe.make({ url: "" })
  const probe = access === "read-only" ? { ...whole, ...Target.withoutSecrets(whole) } : whole
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
    grace_period: minutesOf(probe.grace),
    recovery_period: minutesOf(probe.recovery),
    maintenance_cron_expression: cron,
    maintenance_duration: duration,
    conditions: probe.conditions.map(Conditions.show),
    regions: probe.regions,
    enabled: shown !== "paused",
    state: shown,
    last_checked_at: Answers.instantOrNull(toldAt),
    last_status_code: told?.statusCode ?? null,
    last_response_time: (told && Probe.responseTime(told)) ?? null,
    last_error: told?.reason ?? null,
    last_state_changed_at: state.flips === 0 ? null : Answers.instant(state.flippedAt),
    created_at: Answers.instant(createdAt),
    updated_at: Answers.instant(updatedAt),
  }
}
