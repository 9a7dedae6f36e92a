/** A signal: what arrived at a door, before it is known what it means for a check. */
import type { Filters, Policy } from "./Check.ts"
import type { Kind } from "./Ping.ts"

/** What a ping URL asks for. */
export type Action = "success" | "start" | "fail" | "log"

export interface Http {
  readonly via: "http"
  /** Upper case. */
  readonly method: string
  readonly action: Action
  /** 0..255; 0 is a success, everything else a failure, whatever the action says. */
  readonly exitStatus: number | undefined
  /** The kept part of the body as text; asked for only when the policy filters by it. */
  readonly text: () => string
}

export interface Email {
  readonly via: "email"
  /** Decoded. */
  readonly subject: string
  /** The readable text of all parts; asked for only when the policy filters by it. */
  readonly text: () => string
}

/** A signal that was given in the process that the engine runs in: by the façade, a probe, or another part of the program. */
export interface InProcess {
  readonly via: "process"
  readonly action: Action
  /** 0..255; 0 is a success, everything else a failure, whatever the action says. */
  readonly exitStatus: number | undefined
}

export type Signal = Http | Email | InProcess

/**
 * What the signal means under a policy.
 *
 * The order is Healthchecks': a method that does not count is ignored before any filter looks at the body; a filter on
 * the body overrides the action of the URL, start and log included.
 */
export const classify = (policy: Policy, signal: Signal): Kind => {
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
    // Methods and keywords judge what strangers send; who calls a function has said what he means.
    case "process":
      return byAction(signal)
  }
}

const byAction = ({ action, exitStatus }: Http | InProcess): Kind =>
  exitStatus === undefined ? action : exitStatus === 0 ? "success" : "fail"

/** The first rule that applies to a text, failure before success before start, and the keyword that did it. */
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

const found = (keywords: string, text: string): string | undefined => {
  for (const keyword of keywords.split(",")) {
    const trimmed = keyword.trim()
    if (trimmed !== "" && text.includes(trimmed)) return trimmed
  }
  return undefined
}
