/**
 * A kind of channel that is told over HTTP, as plain data: what its value is, what to send, and what the answers mean.
 */
import type { Told } from "@overdue/core/Alert"
import type { Description, Verdict } from "@overdue/core/Notifier"
import type { Span } from "@overdue/core/Time"
import type * as Schema from "effect/Schema"

/** A request to a channel's target. Header names must be tokens (RFC 9110 §5.6.2), header values printable Latin-1. */
export interface NotifyRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE"
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** Sent as UTF-8; `undefined` sends no body. */
  readonly body: string | undefined
}

/** The answer of the target, after redirects. */
export interface NotifyResponse {
  readonly status: number
  /** The first 16 KiB of the body, decoded as UTF-8; invalid bytes become U+FFFD. */
  readonly body: string
  /** How long the target asks to be left alone (`Retry-After`), in milliseconds; `undefined` when it does not. */
  readonly retryAfter: Span | undefined
}

/** Where links in messages lead. There are no pages for people yet but those of the API: link with care. */
export interface Links {
  /** URL of the installation without a slash at the end; `undefined` when it serves no HTTP. */
  readonly root: string | undefined
}

/**
 * The next step in telling a channel: send a request, whose response decides the step after it, or end with a verdict.
 * Most kinds send one request; some look something up before they change it.
 */
export type Conversation =
  | {
      readonly type: "ask"
      readonly request: NotifyRequest
      readonly heard: (response: NotifyResponse) => Conversation
    }
  | { readonly type: "end"; readonly verdict: Verdict }

/** A kind of channel. What its schema decodes must stay the same when it is encoded and decoded again. */
export interface HttpKind<Config> {
  /** The kind's name in a channel, in lower case: `webhook`. */
  readonly kind: string
  /** The kind's name for people: `Webhook`. */
  readonly title: string
  /** URL of the page that explains the fields of the value. */
  readonly documentation: string
  /**
   * Schema of the value, a struct: each field has a description, and each message says what was expected, such as "at
   * most 10 characters". Errors, forms and documents are made from it.
   */
  readonly config: Schema.Codec<Config, unknown>
  /** What its texts may contain; absent: nothing that is replaced. */
  readonly placeholders?: NonNullable<Description["placeholders"]>
  /** Present when one conversation may tell of several alerts. */
  readonly takesSeveral?: true
  /** Returns the first step. Pure. */
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
 * Returns what a response means to most kinds: an `accepted` status is a delivery, 410 Gone says that there is no such
 * channel, and other 4xx refuse the message. The rest may pass: 408, 425, 429, 5xx and what the protocol does not know.
 *
 * Healthchecks tries everything thrice, and takes 410 at its word. `why` never quotes the response, because a target may
 * echo secrets that it was sent.
 */
export const verdictOf = (response: NotifyResponse, accepted: readonly number[]): Verdict => {
  const { status, retryAfter } = response
  if (accepted.includes(status)) return { type: "delivered" }
  if (status === 410) return { type: "permanent", why: "the target is gone (status 410)" }
  const why = `the target answered with status ${status}`
  const isFinal = status >= 400 && status < 500 && !passing.includes(status)
  return isFinal
    ? { type: "refused", why: `${why}, which refuses this message` }
    : { type: "retry", why, after: retryAfter }
}

/** Request Timeout, Too Early and Too Many Requests (RFC 9110 §15.5.9, RFC 8470, RFC 6585). */
const passing: readonly number[] = [408, 425, 429]
