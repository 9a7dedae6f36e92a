/** Signals: what arrived by HTTP, by e-mail or in process, before the check's policy says what it means. */
import type { Filters, Policy } from "./Check.ts"
import type { Kind } from "./Ping.ts"
import type { Report } from "./probe/Rounds.ts"

/** What the sender asked for: the last part of a ping URL, or the method that a program called. */
export type Action = "success" | "start" | "fail" | "cancel" | "log"

/** A signal that came as an HTTP request. */
export interface Http {
  readonly via: "http"
  /** Upper case. */
  readonly method: string
  readonly action: Action
  /** 0 to 255. When given it decides, not the action: 0 is a success, everything else a failure. */
  readonly exitStatus: number | undefined
  /** Returns the kept part of the body as text. Called only when the policy filters by it. */
  readonly text: () => string
}

/** A signal that came as an e-mail. */
export interface Email {
  readonly via: "email"
  /** Decoded (RFC 2047). */
  readonly subject: string
  /** Returns the readable text of all parts. Called only when the policy filters by it. */
  readonly text: () => string
}

/** A signal that was given within the process of the engine: by the façade, a probe, or another part of the program. */
export interface InProcess {
  readonly via: "process"
  readonly action: Action
  /** As for `Http`. */
  readonly exitStatus: number | undefined
}

/** Results of the check's probe: the engine has asked by itself. */
export interface Probed {
  readonly via: "probe"
  readonly report: Report
}

/** A signal that somebody has sent, by how it came. */
export type Sent = Http | Email | InProcess

/** A signal, by how it came. */
export type Signal = Sent | Probed

/**
 * Returns what a signal means under a policy.
 *
 * The order is Healthchecks': a request with a method that does not count is ignored before any filter looks at its
 * body; a filter on the body overrides the action of the URL, start and log included.
 */
export const classify = (policy: Policy, signal: Sent): Kind => {
  switch (signal.via) {
    case "http": {
      if (policy.methods.length > 0 && !policy.methods.includes(signal.method)) return "ignored"
      if (policy.filters.httpBody) return byKeyword(policy.filters, signal.text()).kind
      return byAction(signal)
    }
    case "email": {
      const { subject, body } = policy.filters
      if (!subject && !body) return "success"
      const searched = `${subject ? signal.subject : ""}\n${body ? signal.text() : ""}`
      return byKeyword(policy.filters, searched).kind
    }
    // Methods and keywords are rules for HTTP and e-mail; a caller in process has chosen the action in code.
    case "process":
      return byAction(signal)
  }
}

const byAction = ({ action, exitStatus }: Http | InProcess): Kind =>
  exitStatus === undefined ? action : exitStatus === 0 ? "success" : "fail"

/**
 * Returns the kind of a message by the keywords in its text, and the keyword that decided.
 *
 * Failure keywords come before success keywords, and these before start keywords. Without any keyword found, `keyword`
 * is `undefined` and `defaultFail` decides.
 */
export const byKeyword = (
  filters: Filters,
  text: string,
): { readonly kind: Kind; readonly keyword: string | undefined } => {
  const failure = found(filters.failureKeywords, text)
  if (failure !== undefined) return { kind: "fail", keyword: failure }
  const success = found(filters.successKeywords, text)
  if (success !== undefined) return { kind: "success", keyword: success }
  const start = found(filters.startKeywords, text)
  if (start !== undefined) return { kind: "start", keyword: start }
  return { kind: filters.defaultFail ? "fail" : "ignored", keyword: undefined }
}

/** Returns all keywords of a policy, without the spaces around them. */
export const keywords = (filters: Filters): readonly string[] =>
  [filters.failureKeywords, filters.successKeywords, filters.startKeywords].flatMap(separated)

const separated = (keywords: string): readonly string[] =>
  keywords
    .split(",")
    .map((keyword) => keyword.trim())
    .filter((keyword) => keyword !== "")

const found = (keywords: string, text: string): string | undefined =>
  separated(keywords).find((keyword) => text.includes(keyword))
