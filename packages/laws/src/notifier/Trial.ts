/** A trial: a kind of channel, and all that its laws are tried with. */
import type { Told } from "@overdue/core/Alert"
import * as Result from "effect/Result"
import fc from "fast-check"
import * as ArbitraryAlert from "../ArbitraryAlert.ts"
import type { Conversation, LawfulNotifier, Links, Request, Sample } from "./LawfulNotifier.ts"

/** What a conversation begins with. */
export interface Given<Config> {
  readonly told: Told
  readonly config: Config
  readonly links: Links
}

/** A kind of channel, and all that its laws are tried with. */
export interface Trial<Config> {
  readonly notifier: LawfulNotifier<Config>
  readonly sample: Sample
  /** The values of the sample, parsed. */
  readonly configs: readonly Config[]
  readonly given: fc.Arbitrary<Given<Config>>
  /** The same with the first request of the conversation; `undefined` when it has none. */
  readonly requests: fc.Arbitrary<Given<Config> & { readonly sent: Request | undefined }>
}

/** Returns the trial of a kind. Throws when the kind refuses a value of the sample. */
export const make = <Config>(notifier: LawfulNotifier<Config>, sample: Sample): Trial<Config> => {
  const { description, parse, tell } = notifier
  const configs = sample.values.map((value) => Result.getOrThrow(parse(value)))
  const given = fc.record({
    told: ArbitraryAlert.told(description.takesSeveral),
    config: fc.constantFrom(...configs),
    links: allLinks,
  })
  const requests = given.map((one) => ({ ...one, sent: requestOf(tell(one.told, one.config, one.links)) }))
  return { notifier, sample, configs, given, requests }
}

/** Returns the request with which a conversation begins; `undefined` when it ends without one. */
export const requestOf = (conversation: Conversation): Request | undefined =>
  conversation.type === "ask" ? conversation.request : undefined

const allLinks: fc.Arbitrary<Links> = fc.record({
  root: fc.constantFrom(undefined, "https://overdue.example"),
})
