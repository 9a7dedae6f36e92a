/** Settings by which an operator protects the server from its clients. */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type { Inbound } from "../http/Http.ts"
import * as Origin from "./Origin.ts"
import type { Trust } from "./Proxies.ts"
import * as Proxies from "./Proxies.ts"
import type { RateLimit } from "@overdue/engine/RateLimit"

/** The settings. */
export interface Protection {
  /** Which proxies are trusted to set `X-Forwarded-For` and `X-Forwarded-Proto`. */
  readonly trusts: Trust
  /** Limits the requests of each API key; `undefined`: no limit. */
  readonly requests: RateLimit | undefined
  /** Limits the wrong keys from each network; `undefined`: no limit. Right keys work whatever came before them. */
  readonly wrongKeys?: RateLimit | undefined
}

/** Trusts every proxy, and limits nothing. */
export const defaults: Protection = { trusts: Proxies.everybody, requests: undefined }

/** The settings of this server. */
export const Protection = Context.Reference<Protection>("@overdue/server/Protection", {
  defaultValue: () => defaults,
})

/**
 * Returns the network that a request is certain to come from: of the socket's peer or, behind a proxy that the operator
 * has named, of the client. Where every proxy is trusted, everybody can invent an address.
 */
export const networkOf = (inbound: Inbound, trusts: Trust): string => {
  const isKnown = trusts !== Proxies.everybody
  return Proxies.network(
    isKnown ? Origin.of(inbound, undefined, trusts).remoteAddress : inbound.remoteAddress,
  )
}

/** Counts a wrong key. Returns 0, or, when there were too many, the whole seconds until the next one is looked at. */
export const takeWrongKey = Effect.fnUntraced(function* (inbound: Inbound) {
  const { wrongKeys, trusts } = yield* Protection
  return wrongKeys === undefined
    ? 0
    : wrongKeys.take(networkOf(inbound, trusts), yield* Clock.currentTimeMillis)
})

/** Counts a request. Returns 0, or, when it exceeds the limit, the whole seconds until the next one is accepted. */
export const take = Effect.fnUntraced(function* (apiKey: string) {
  const { requests } = yield* Protection
  return requests === undefined ? 0 : requests.take(apiKey, yield* Clock.currentTimeMillis)
})
