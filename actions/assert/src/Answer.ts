/** The selected checks as the server knows them, judged by what the step expects. */
import { printSpan } from "@overdue/action-ping/Inputs"
import { ClientError } from "@overdue/client/management"
import type { Check, Management, Status } from "@overdue/client/management"
import type { Question, Selection } from "./Question.ts"

/** A selected check, or a selector that found none. */
export interface Finding {
  readonly name: string
  readonly slug: string
  readonly status: Status | "missing"
  readonly last_ping: string | null
  readonly next_ping: string | null
  readonly ok: boolean
  /** Why the check is not as expected; empty when it is. */
  readonly reason: string
}

/** What one request found. */
export interface Answer {
  readonly findings: readonly Finding[]
  /** Markdown with the badges of what was selected. */
  readonly badge: string
}

/** Asks once. Rejects with a `ClientError` when the server cannot be asked. */
export const ask = async (api: Management, question: Question, now: number): Promise<Answer> => {
  const { selection } = question
  const { checks, missing } = await select(api, selection)
  const findings = [...checks.map((check) => judge(check, question, now)), ...missing]
  return { findings, badge: await badge(api, selection, checks) }
}

/** Returns each check that a selector finds, once, in the order of the selectors; and the selectors that find none. */
const select = async (api: Management, { ids, slugs, tags, all }: Selection) => {
  const found = new Map<string, Check>()
  const missing: Finding[] = []
  const keep = (checks: readonly Check[], what: string) => {
    for (const check of checks) found.set(check.unique_key ?? check.uuid ?? JSON.stringify(check), check)
    if (checks.length === 0) missing.push(absent(what))
  }
  for (const id of ids) {
    try {
      keep([await api.checks.get(id)], id)
    } catch (error) {
      if (!(error instanceof ClientError) || error._tag !== "NotFound") throw error
      keep([], `no check with the id ${id}`)
    }
  }
  for (const slug of slugs) keep(await api.checks.list({ slug }), `no check with the slug ${slug}`)
  if (tags.length > 0) keep(await api.checks.list({ tags }), `no check with the tags ${tags.join(" ")}`)
  if (all) keep(await api.checks.list(), "no check in the project")
  return { checks: [...found.values()], missing }
}

/** A selector that finds nothing is a mismatch: most likely a check was deleted or its name is misspelt. */
const absent = (what: string): Finding => ({
  name: what,
  slug: "",
  status: "missing",
  last_ping: null,
  next_ping: null,
  ok: false,
  reason: what,
})

const judge = (check: Check, { accepted, maxAge }: Question, now: number): Finding => {
  const { name, slug, status, last_ping, next_ping } = check
  const reason = accepted.has(status) ? tooOld(check, maxAge, now) : why(check, accepted, now)
  return { name: name || slug || "unnamed", slug, status, last_ping, next_ping, ok: reason === "", reason }
}

const why = (
  { status, last_ping, next_ping, started }: Check,
  accepted: ReadonlySet<Status>,
  now: number,
): string => {
  const expected = `${status}, expected ${[...accepted].join(" or ")}`
  if (status === "new") return `${expected}: no signal has arrived yet`
  if (status === "grace" && next_ping !== null) return `${expected}: ${ago(next_ping, now)} late`
  if (status === "down" && last_ping !== null) {
    return `${expected}: last signal ${ago(last_ping, now)} ago${started ? ", a run is open" : ""}`
  }
  return expected
}

/** Of a check that is up or late, the last signal is the last success. */
const tooOld = ({ last_ping }: Check, maxAge: number | undefined, now: number): string => {
  if (maxAge === undefined) return ""
  if (last_ping === null) return `no success yet, expected one within ${printSpan(maxAge / 1000)}`
  const age = now - Date.parse(last_ping)
  if (age <= maxAge) return ""
  return `the last success is ${ago(last_ping, now)} old, expected at most ${printSpan(maxAge / 1000)}`
}

/** Returns the time since an instant in ISO 8601: `3d 4h`. */
export const ago = (instant: string, now: number): string =>
  printSpan(Math.max(0, now - Date.parse(instant)) / 1000)

/** Badges are an extra: when they cannot be read, there still is a verdict. */
const badge = async (
  api: Management,
  { tags, all }: Selection,
  checks: readonly Check[],
): Promise<string> => {
  const own = checks.flatMap(({ name, badge_url }) =>
    badge_url === undefined ? [] : [image(name, badge_url)],
  )
  if (!all && tags.length === 0) return own.join(" ")
  try {
    const badges = await api.badges()
    const names = all ? ["*"] : tags
    return names
      .flatMap((name) => (badges[name] ? [image(all ? "checks" : name, badges[name].svg3)] : []))
      .join(" ")
  } catch {
    return own.join(" ")
  }
}

const image = (name: string, url: string): string => `![${name.replace(/[[\]\\]/g, "\\$&")}](${url})`
