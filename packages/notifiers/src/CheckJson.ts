/** The JSON of a check that `$JSON` carries: the fields of Healthchecks' API v3, in its order. */
import type { Alert } from "@overdue/core/Alert"
import type { Check } from "@overdue/core/Check"
import type { Schedule } from "@overdue/core/Schedule"
import * as Shown from "@overdue/core/Shown"
import { second, type Instant, type Span } from "@overdue/core/Time"
import type { Links } from "./HttpKind.ts"

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/**
 * The check of an alert as its receiver is to see it: `status` is the one that the alert tells, even if the check
 * has changed since, and `next_ping` follows from it.
 *
 * Differs from the API's answer in this: a late check is "up", never "grace"; and an installation without a site
 * root leaves out what is made of it (`badge_url`, `ping_url`, `update_url`, `pause_url`, `resume_url`).
 */
export const make = (alert: Alert, links: Links): { readonly [key: string]: Json } => {
  const { details, policy } = alert.check
  const { filters } = policy
  const told: Check = { ...alert.check, state: { ...alert.check.state, status: alert.status } }
  const { lastPing, lastDuration, pings } = told.state
  return {
    name: details.name,
    slug: details.slug,
    tags: details.tags,
    desc: details.description,
    grace: seconds(policy.grace),
    n_pings: pings,
    status: alert.status,
    started: Shown.isStarted(told),
    last_ping: timestampOrNull(lastPing),
    next_ping: timestampOrNull(Shown.nextPingAt(told)),
    manual_resume: policy.manualResume,
    methods: policy.methods.join(","),
    subject: filters.subject ? filters.successKeywords : "",
    subject_fail: filters.subject ? filters.failureKeywords : "",
    start_kw: filters.startKeywords,
    success_kw: filters.successKeywords,
    failure_kw: filters.failureKeywords,
    filter_subject: filters.subject,
    filter_body: filters.body,
    filter_http_body: filters.httpBody,
    filter_default_fail: filters.defaultFail,
    ...(links.root === undefined ? {} : { badge_url: `${links.root}/b/2/${told.badgeKey}.svg` }),
    ...(lastDuration === undefined || lastDuration === 0 ? {} : { last_duration: seconds(lastDuration) }),
    uuid: told.id,
    ...(links.root === undefined ? {} : urls(told, links.root)),
    channels: details.channels.toSorted().join(","),
    ...when(policy.schedule),
  }
}

/** ISO 8601 in UTC to the second, as Healthchecks writes it: `2026-01-31T12:00:00+00:00`. */
export const timestamp = (at: Instant): string =>
  `${new Date(Math.floor(at / second) * second).toISOString().slice(0, -".000Z".length)}+00:00`

/** Prints JSON byte for byte as Python's `json.dumps` does: ASCII only, a space after each comma and colon. */
export const print = (value: Json): string => {
  if (Array.isArray(value)) return `[${value.map(print).join(", ")}]`
  if (typeof value !== "object" || value === null) {
    return JSON.stringify(value).replaceAll(/[^ -~]/g, (unit) => {
      return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`
    })
  }
  return `{${Object.entries(value)
    .map(([key, field]) => `${print(key)}: ${print(field)}`)
    .join(", ")}}`
}

const urls = (check: Check, root: string) => ({
  ping_url: `${root}/ping/${check.id}`,
  update_url: `${root}/api/v3/checks/${check.id}`,
  pause_url: `${root}/api/v3/checks/${check.id}/pause`,
  resume_url: `${root}/api/v3/checks/${check.id}/resume`,
})

const when = (schedule: Schedule): { readonly [key: string]: Json } =>
  schedule.kind === "every"
    ? { timeout: seconds(schedule.period) }
    : { schedule: schedule.expression, tz: schedule.zone.name }

const seconds = (span: Span): number => Math.floor(span / second)

const timestampOrNull = (at: Instant | undefined): string | null => (at === undefined ? null : timestamp(at))
