/** What a kind of channel must be, by structure, to be held to the laws; and the values with which they are tried. */
import type { Told } from "@overdue/core/Alert"
import type { ChannelInvalid, Description, Verdict } from "@overdue/core/Notifier"
import type { Span } from "@overdue/core/Time"
import type * as Result from "effect/Result"

/** A request to the target of a channel. */
export interface Request {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
}

/** The answer of the target. */
export interface Response {
  readonly status: number
  readonly body: string
  readonly retryAfter: Span | undefined
}

/** Where links in messages lead. */
export interface Links {
  readonly root: string | undefined
}

/**
 * The next step in telling a channel: send a request, whose response decides the step after it, or end with a verdict.
 */
export type Conversation =
  | { readonly type: "ask"; readonly request: Request; readonly heard: (response: Response) => Conversation }
  | { readonly type: "end"; readonly verdict: Verdict }

/** A kind of channel, described by structure, so that this package need not import one that implements it. */
export interface LawfulNotifier<Config> {
  readonly description: Description
  readonly parse: (value: unknown) => Result.Result<Config, ChannelInvalid>
  readonly tell: (told: Told, config: Config, links: Links) => Conversation
}

/** Values with which the laws are tried. */
export interface Sample {
  /** Valid values of the kind, as objects. */
  readonly values: readonly Readonly<Record<string, unknown>>[]
  /** Texts in those values that nobody except the target may see. */
  readonly secrets: readonly string[]
}
