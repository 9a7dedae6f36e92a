/** A channel kind that tells over HTTP, as plain data: what to send for an alert, and what the answer means. */
import type { Alert } from "@overdue/core/Alert"
import type { ChannelInvalid, Verdict } from "@overdue/core/Notifier"
import type { Span } from "@overdue/core/Time"
import type { Result } from "effect/Result"

/** A request to a channel's target. Header names are tokens, values printable Latin-1. */
export interface NotifyRequest {
  readonly method: "GET" | "POST" | "PUT"
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

/** The installation that sends: what a kind may know beyond the alert. */
export interface Site {
  /** Where people reach this installation, without a trailing slash; `undefined` when it serves no HTTP. */
  readonly root: string | undefined
}

/** A kind. All three functions are pure; `parse` of what `parse` gave is the same value again. */
export interface HttpNotifier<Config> {
  readonly kind: string
  readonly parse: (value: unknown) => Result<Config, ChannelInvalid>
  /** `undefined` when the channel does not want this alert. */
  readonly request: (alert: Alert, config: Config, site: Site) => NotifyRequest | undefined
  readonly verdict: (response: NotifyResponse) => Verdict
}

/**
 * What an answer means to most kinds: the `accepted` statuses are a delivery, `410 Gone` is the end of the channel,
 * everything else is worth another attempt, as in Healthchecks. `why` never quotes the answer: a target may echo
 * the secrets it was called with.
 */
export const verdictOf = (response: NotifyResponse, accepted: readonly number[]): Verdict => {
  const { status, retryAfter } = response
  if (accepted.includes(status)) return { type: "delivered" }
  if (status === 410) return { type: "permanent", why: "the target is gone for good (status 410)" }
  return { type: "retry", why: `the target answered with status ${status}`, after: retryAfter }
}
