/** What the step is to do, read from its inputs. */
import { address as addressOf } from "@overdue/client"
import type { Create } from "@overdue/client"
import { address, reader } from "./Inputs.ts"
import type { Reader } from "./Inputs.ts"
import * as Outcome from "./Outcome.ts"

/** The check that the inputs name, or why they name none: in runs from forks, secrets are empty. */
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

/** The inputs of the step, checked. */
export interface Step {
  readonly mode: "job" | "once"
  readonly check: Named
  /** The outcome by `status` and `on-cancel`; `undefined` sends nothing. */
  readonly outcome: Outcome.Outcome | undefined
  readonly body: string | undefined
  readonly isStrict: boolean
  /** Further tries after the first. */
  readonly retries: number
  /** Limit of all tries of one signal together, in milliseconds. */
  readonly maxWait: number
  readonly token: string | undefined
  /** What is wrong with the inputs, a sentence for each mistake; the step is then told as a failure. */
  readonly problems: readonly string[]
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/**
 * Returns what the step is to do. An input that is wrong has its default, and stands among the problems: whatever is
 * wrong with a step, its check must hear of it.
 */
export const read = (
  environment: Readonly<Record<string, string | undefined>>,
  stage: "main" | "post",
): Step => {
  const inputs = reader()
  const mode = inputs.oneOf("mode", ["job", "once"]) ?? "job"
  return {
    mode,
    check: check(inputs, environment),
    // The steps whose outcome it may be have not run when a job begins.
    outcome: Outcome.read(inputs, { mode, isKnown: mode === "once" || stage === "post" }),
    body: inputs.text("body"),
    isStrict: inputs.flag("strict"),
    retries: inputs.whole("retries", { least: 0, most: 10 }) ?? 3,
    maxWait: (inputs.span("max-wait", { least: 1, most: 600 }) ?? 30) * 1000,
    token: inputs.text("token"),
    problems: inputs.problems,
  }
}

/** Returns the texts that must not appear in a log. */
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

  if (id !== undefined && !uuid.test(id))
    inputs.refuse("id must be a UUID, such as 7a3f2c1e-0b5d-4f6a-9c8b-1d2e3f4a5b6c")
  if (slug !== undefined && !/^[a-z0-9_-]{1,100}$/.test(slug)) {
    inputs.refuse(`slug has lower-case letters, digits, - and _ only, not ${JSON.stringify(slug)}`)
  }
  const given = Object.entries({ url, id, slug }).filter(([, value]) => value !== undefined)
  if (given.length > 1) {
    inputs.refuse(`${given.map(([name]) => name).join(" and ")} each name a check: give only one of them`)
  }
  if (create !== undefined && slug === undefined)
    inputs.refuse("create needs the slug of the check: give slug")

  if (given.length > 1) return { is: "missing", why: "several checks are named" }
  if (url !== undefined && !isPingUrl(url)) {
    inputs.refuse("url is the ping URL of the check alone: leave out /start or the like at its end")
    return { is: "missing", why: "url is no ping URL" }
  }
  if (url !== undefined) return { is: "url", url }
  if (id === undefined && slug === undefined) {
    return { is: "missing", why: "no check is named, because url, id and slug are empty" }
  }
  if (baseUrl === undefined) {
    return { is: "missing", why: "the server is not named, because server and OVERDUE_URL are empty" }
  }
  if (slug === undefined) return { is: "id", baseUrl, id: id! }
  if (pingKey === undefined) {
    return { is: "missing", why: "slug needs a ping key, and ping-key and OVERDUE_PING_KEY are empty" }
  }
  return { is: "slug", baseUrl, pingKey, slug, create }
}

const isPingUrl = (url: string): boolean => {
  try {
    addressOf(url)
    return true
  } catch {
    return false
  }
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
      inputs.refuse(
        `${given.map(([name]) => name).join(", ")} describe a check to create: add create: true, or leave them out`,
      )
    }
    return undefined
  }
  if (fields.timeout !== undefined && fields.schedule !== undefined) {
    inputs.refuse("timeout and schedule both say when signals are expected: give one")
  }
  // safe because only absent fields are left out
  return Object.fromEntries(given) as Create
}
