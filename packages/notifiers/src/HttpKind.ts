/** A channel kind that tells over HTTP, as plain data: what its value is, what to send for alerts, and what the answers mean. */
import type { Told } from "@overdue/core/Alert"
import type { Verdict } from "@overdue/core/Notifier"
import type { Span } from "@overdue/core/Time"
import type * as Schema from "effect/Schema"

/** A request to a channel's target. Header names are tokens, values printable Latin-1. */
export interface NotifyRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE"
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** Sent as UTF-8. */
  readonly body: string | undefined
}

/** What the target answered, after redirects. */
export interface NotifyResponse {
  readonly status: number
  /** The beginning of the answer's body, decoded as UTF-8 with replacement. */
  readonly body: string
  /** How long the target wants to be left alone, when it says so. */
  readonly retryAfter: Span | undefined
}

/** The installation that sends: where links in what is sent lead. */
export interface Links {
  /** Where people reach this installation, without a trailing slash; `undefined` when it serves no HTTP. */
  readonly root: string | undefined
}

/**
 * What to do next to tell a channel: to send a request, whose answer decides on what follows, or to end with a verdict.
 * Most kinds ask once; some look something up, and then change it.
 */
export type Conversation =
  | {
      readonly type: "ask"
      readonly request: NotifyRequest
      readonly heard: (response: NotifyResponse) => Conversation
    }
  | { readonly type: "end"; readonly verdict: Verdict }

/** A kind. `tell` is pure. Encoding what the schema decoded, and decoding that, is the same value again. */
export interface HttpKind<Config> {
  /** Names the kind in channels: lower case. */
  readonly kind: string
  /** What people call it. */
  readonly title: string
  /** Where it is documented what the fields of the value are. */
  readonly documentation: string
  /**
   * A struct with a description for each field, and messages that say what was expected, such as "at most 10 characters":
   * what is refused, and every form and document, derive from it.
   */
  readonly config: Schema.Codec<Config, unknown>
  /** Present when several alerts may be told in one conversation. */
  readonly takesSeveral?: true
  readonly tell: (told: Told, config: Config, links: Links) => Conversation
}

/** Returns a conversation of one request. */
export const once = (
  request: NotifyRequest,
  verdict: (response: NotifyResponse) => Verdict,
): Conversation => ({ type: "ask", request, heard: (response) => end(verdict(response)) })

/** Returns the end of a conversation. */
export const end = (verdict: Verdict): Conversation => ({ type: "end", verdict })

/**
 * Returns what an answer means to most kinds: the `accepted` statuses are a delivery, `410 Gone` is the end of the
 * channel, everything else is worth another attempt, as in Healthchecks. `why` never quotes the answer: a target may
 * echo the secrets it was called with.
 */
export const verdictOf = (response: NotifyResponse, accepted: readonly number[]): Verdict => {
  const { status, retryAfter } = response
  if (accepted.includes(status)) return { type: "delivered" }
  if (status === 410) return { type: "permanent", why: "the target is gone for good (status 410)" }
  return { type: "retry", why: `the target answered with status ${status}`, after: retryAfter }
}
