/** What a server of Healthchecks v4.4 can be asked: `hc/api/urls.py`, and the fields that its `Spec` reads. */

import * as Schedule from "@overdue/core/Schedule"
import * as Zone from "@overdue/core/Zone"
import * as Result from "effect/Result"

/** An endpoint. */
export interface Endpoint {
  readonly path: RegExp
  readonly methods: readonly string[]
  /** Parameters that it reads; it ignores others. */
  readonly query: readonly string[]
  /** Whether it is one of the management API, whose pages of errors are those of its framework. */
  readonly isOfChecks: boolean
}

const uuid = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
const anyMethod = ["HEAD", "GET", "POST", "PUT", "OPTIONS"]

const ofApi = (path: string, methods: readonly string[], query: readonly string[] = []): Endpoint => ({
  path: new RegExp(`^/api/v[123]/${path}$`),
  methods,
  query,
  isOfChecks: true,
})

const ofPings = (path: string, query: readonly string[]): Endpoint => ({
  path: new RegExp(`^/ping/${path}$`),
  methods: anyMethod,
  query,
  isOfChecks: false,
})

const endpoints: readonly Endpoint[] = [
  ofApi("checks/", ["GET", "POST"], ["tag", "slug"]),
  ofApi(`checks/${uuid}`, ["GET", "POST", "DELETE"]),
  ofApi("checks/[A-z0-9]{40}", ["GET"]),
  ofApi(`checks/${uuid}/(pause|resume)`, ["POST"]),
  ofApi(`checks/${uuid}/pings/`, ["GET"]),
  ofApi(`checks/${uuid}/pings/\\d+/body`, ["GET"]),
  ofApi(`checks/(${uuid}|[A-z0-9]{40})/flips/`, ["GET"], ["seconds", "start", "end"]),
  ofApi("channels/", ["GET"]),
  ofApi("badges/", ["GET"]),
  ofApi("status/", ["GET"]),
  ofPings(`${uuid}(/|/start|/fail|/log|/\\d+)?`, ["rid"]),
  ofPings("[^/]+/[^/]+(/start|/fail|/log|/\\d+)?", ["create", "rid"]),
]

/** Returns the endpoint at a path; `undefined` when there is none. */
export const find = (path: string): Endpoint | undefined => endpoints.find((one) => one.path.test(path))

const fields = (
  "api_key channels desc failure_kw filter_body filter_default_fail filter_http_body filter_subject grace " +
  "manual_resume methods name schedule slug start_kw subject subject_fail success_kw tags timeout tz unique"
).split(" ")

/** Whether a body has a schedule that is neither one cron line nor an OnCalendar expression. */
export const hasOtherSchedule = (body: Buffer): boolean => {
  const [, json] = /"schedule":("(?:[^"\\]|\\.)*")/.exec(body.toString()) ?? []
  return json !== undefined && Result.isFailure(Schedule.validate(JSON.parse(json), Zone.utc))
}

/** Returns the body of a request without the fields that Healthchecks does not have. */
export const understood = (body: Buffer): Buffer => {
  try {
    const document: unknown = JSON.parse(body.toString())
    if (typeof document !== "object" || document === null || Array.isArray(document)) return body
    const kept = Object.entries(document).filter(([name]) => fields.includes(name))
    return Buffer.from(JSON.stringify(Object.fromEntries(kept)))
  } catch {
    return body
  }
}
