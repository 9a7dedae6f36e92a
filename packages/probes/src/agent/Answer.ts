/** What the server made of a report, and what to do next. */
import * as HttpDate from "@overdue/core/HttpDate"
import * as RetryAfter from "@overdue/core/RetryAfter"
import * as HttpAnswer from "../HttpAnswer.ts"
import * as Limits from "./Limits.ts"

/**
 * What became of a report: it was `taken`; it is `refused` for good; the `setting` of the agent is wrong, so that none
 * will be taken until somebody mends it; or the server is `away`, and may take it later.
 */
export type Verdict =
  | { readonly is: "taken"; readonly note?: string }
  | { readonly is: "refused"; readonly why: string; readonly hint: string }
  | { readonly is: "setting"; readonly why: string }
  | { readonly is: "away"; readonly why: string; readonly pause?: number | undefined }

/** Returns the verdict of an answer. `now` is when it came, in epoch milliseconds, by the clock of this machine. */
export const verdict = ({ status, retryAfter, date, text }: HttpAnswer.HttpAnswer, now: number): Verdict => {
  if (status >= 200 && status < 300) return ofSuccess(text)
  switch (status) {
    case 401:
    case 403:
      return {
        is: "setting",
        why: `the server does not accept the API key (${status}): set OVERDUE_API_KEY, or the file of --api-key-file, to a key of the project that may write`,
      }
    case 404:
    case 405:
    case 410:
      return {
        is: "setting",
        why: `the server knows no such monitor (${status}): check --monitor, and that --url is the address of the server`,
      }
    case 400:
    case 413:
    case 422:
      return {
        is: "refused",
        why: `the server refuses a report (${status}): ${sentence(text)}`,
        hint: ofClocks(date, now),
      }
  }
  const pause =
    status === 429 || status === 503 ? RetryAfter.parse(retryAfter, now, Limits.retryAfter) : undefined
  return { is: "away", why: `the server answers ${status}`, pause }
}

/** Something in between, such as a login page, may answer 200 as well: only the server says how many metrics it took. */
const ofSuccess = (text: string): Verdict => {
  const body = parsed(text)
  if (typeof body !== "object" || body === null || !("accepted" in body) || typeof body.accepted !== "number")
    return { is: "away", why: "what answers at --url is no server of Overdue" }
  const isWhole = !("ignored" in body) || body.ignored === 0
  return isWhole
    ? { is: "taken" }
    : { is: "taken", note: `the server does not keep all metrics: ${sentence(text)}` }
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Returns what an answer says, with the first fields that are wrong. */
const sentence = (text: string): string => {
  const body = parsed(text)
  if (typeof body !== "object" || body === null) return HttpAnswer.line(text) || "it does not say why"
  const message = "message" in body ? String(body.message) : text
  const errors = "errors" in body && Array.isArray(body.errors) ? body.errors.flatMap(ofField) : []
  const more = errors.length > shown ? `; and ${errors.length - shown} more` : ""
  const fields = errors.length === 0 ? "" : `: ${errors.slice(0, shown).join("; ")}${more}`
  return HttpAnswer.line(`${message}${fields}`) || "it does not say why"
}

/** How many fields that are wrong are named: one is what nearly all refusals have. */
const shown = 3

const ofField = (error: unknown): readonly string[] => {
  if (typeof error !== "object" || error === null || !("message" in error)) return []
  return [`${"field" in error ? `${String(error.field)} ` : ""}${String(error.message)}`]
}

/** Returns what to do about a clock that is not that of the server, by which it judges when a report was measured. */
const ofClocks = (date: string | undefined, now: number): string => {
  const at = date === undefined ? undefined : HttpDate.parse(date)
  if (at === undefined || Math.abs(at - now) < Limits.clocks) return ""
  return `; this machine's clock says ${clock(now)}, and the server's ${clock(at)}: set the one that is wrong`
}

const clock = (at: number): string => new Date(at).toISOString().replace(/\.\d+/, "")
