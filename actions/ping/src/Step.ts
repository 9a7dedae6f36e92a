/** What the step is told to do: its inputs, checked and made sense of. */
import type { Create, Kind } from "@overdue/client"
import { address, reader } from "./Inputs.ts"
import type { Reader } from "./Inputs.ts"

/** A check that is named, or a sentence that says why none is: secrets are empty in runs from forks. */
export type Named =
  | { readonly is: "url"; readonly url: string }
  | { readonly is: "id"; readonly baseUrl: string; readonly id: string }
  | {
      readonly is: "slug"
      readonly baseUrl: string
      readonly pingKey: string
      readonly slug: string
      readonly create: Create | undefined
    }
  | { readonly is: "missing"; readonly why: string }

export interface Step {
  readonly mode: "job" | "once"
  readonly check: Named
  /** What `status` and `on-cancel` come to; `undefined` sends nothing. */
  readonly outcome: Outcome | undefined
  readonly body: string | undefined
  readonly isStrict: boolean
  /** Further tries after the first. */
  readonly retries: number
  /** Of all tries of one signal, in milliseconds. */
  readonly maxWait: number
  readonly token: string | undefined
}

export interface Outcome {
  readonly kind: Kind
  /** For people: `success`, `failure`, `cancelled`, `exit status 3`. */
  readonly word: string
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Rejects with `InvalidInputs`. */
export const read = (environment: Readonly<Record<string, string | undefined>>): Step => {
  const inputs = reader()
  const mode = inputs.oneOf("mode", ["job", "once"]) ?? "job"
  const step: Step = {
    mode,
    check: check(inputs, environment),
    outcome: outcome(inputs, mode),
    body: inputs.text("body"),
    isStrict: inputs.flag("strict"),
    retries: inputs.whole("retries", { least: 0, most: 10 }) ?? 3,
    maxWait: (inputs.span("max-wait", { least: 1, most: 600 }) ?? 30) * 1000,
    token: inputs.text("token"),
  }
  inputs.finish()
  return step
}

/** Everything that must never be shown in a log. */
export const secrets = (check: Named): readonly string[] => {
  switch (check.is) {
    case "url":
      return [check.url, ...new URL(check.url).pathname.split("/").filter((part) => part.length >= 16)]
    case "id":
      return [check.id]
    case "slug":
      return [check.pingKey]
    case "missing":
      return []
  }
}

const check = (inputs: Reader, environment: Readonly<Record<string, string | undefined>>): Named => {
  const url = address(inputs, "url", inputs.text("url"))
  const baseUrl = address(inputs, "server", inputs.text("server") ?? (environment.OVERDUE_URL || undefined))
  const pingKey = inputs.text("ping-key") ?? (environment.OVERDUE_PING_KEY || undefined)
  const id = inputs.text("id")?.toLowerCase()
  const slug = inputs.text("slug")
  const create = beginning(inputs)

  if (id !== undefined && !uuid.test(id)) inputs.refuse("id is a UUID")
  if (slug !== undefined && !/^[a-z0-9_-]{1,100}$/.test(slug)) {
    inputs.refuse(`slug has lower-case letters, digits, - and _ only, not ${JSON.stringify(slug)}`)
  }
  const given = Object.entries({ url, id, slug }).filter(([, value]) => value !== undefined)
  if (given.length > 1)
    inputs.refuse(`${given.map(([name]) => name).join(" and ")} each name a check: give one`)
  if (create !== undefined && slug === undefined) inputs.refuse("create makes a check by its slug: give slug")

  if (url !== undefined) return { is: "url", url }
  if (id === undefined && slug === undefined) {
    return { is: "missing", why: "no check is named: url, id and slug are all empty" }
  }
  if (baseUrl === undefined) {
    return { is: "missing", why: "the server is not named: server and OVERDUE_URL are empty" }
  }
  if (slug === undefined) return { is: "id", baseUrl, id: id! }
  if (pingKey === undefined) {
    return { is: "missing", why: "slug needs a ping key: ping-key and OVERDUE_PING_KEY are empty" }
  }
  return { is: "slug", baseUrl, pingKey, slug, create }
}

const beginning = (inputs: Reader): Create | undefined => {
  const spans = { least: 60, most: 31_536_000 }
  const fields = {
    name: inputs.text("name"),
    timeout: inputs.span("timeout", spans),
    schedule: inputs.text("schedule"),
    tz: inputs.text("tz"),
    grace: inputs.span("grace", spans),
    tags: inputs.text("tags"),
    channels: inputs.text("channels"),
  }
  const given = Object.entries(fields).filter(([, value]) => value !== undefined)
  if (!inputs.flag("create")) {
    if (given.length > 0) {
      inputs.refuse(`${given.map(([name]) => name).join(", ")} only matter with create: true`)
    }
    return undefined
  }
  if (fields.timeout !== undefined && fields.schedule !== undefined) {
    inputs.refuse("timeout and schedule both say when signals are expected: give one")
  }
  // safe because only absent fields are left out
  return Object.fromEntries(given) as Create
}

const outcome = (inputs: Reader, mode: "job" | "once"): Outcome | undefined => {
  const onCancel = inputs.oneOf("on-cancel", ["log", "fail", "success", "nothing"]) ?? "log"
  const status = inputs.text("status") ?? "success"
  switch (status) {
    case "success":
      return { kind: "success", word: "success" }
    case "failure":
    case "fail":
      return { kind: "fail", word: "failure" }
    case "cancelled":
      return onCancel === "nothing" ? undefined : { kind: onCancel, word: "cancelled" }
  }
  if (/^\d{1,3}$/.test(status) && Number(status) <= 255) {
    return { kind: Number(status), word: `exit status ${status}` }
  }
  if (mode === "once" && (status === "start" || status === "log")) return { kind: status, word: status }
  const more = mode === "once" ? ", start, log" : ""
  inputs.refuse(
    `status is success, failure, cancelled${more}, or an exit status 0 … 255, not ${JSON.stringify(status)}`,
  )
  return undefined
}
