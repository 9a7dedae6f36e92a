/** Settings by which an operator protects the server from its clients. */
import type * as Ping from "@overdue/core/Ping"
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
 * Returns the network that a request is certain to come from: of its origin, or, where every proxy is trusted and so
 * everybody can invent an address, of the socket's peer.
 */
export const networkOf = (
  peer: Pick<Inbound, "remoteAddress">,
  origin: Pick<Ping.Origin, "remoteAddress">,
  trusts: Trust,
): string => Proxies.network((trusts === Proxies.everybody ? peer : origin).remoteAddress)

/** Counts a wrong key. Returns 0, or, when there were too many, the whole seconds until the next one is looked at. */
export const takeWrongKey = Effect.fnUntraced(function* (inbound: Inbound) {
  const { wrongKeys, trusts } = yield* Protection
  if (wrongKeys === undefined) return 0
  const network = networkOf(inbound, Origin.of(inbound, undefined, trusts), trusts)
  return wrongKeys.take(network, yield* Clock.currentTimeMillis)
})

/** Counts a request. Returns 0, or, when it exceeds the limit, the whole seconds until the next one is accepted. */
export const take = Effect.fnUntraced(function* (apiKey: string) {
  const { requests } = yield* Protection
  return requests === undefined ? 0 : requests.take(apiKey, yield* Clock.currentTimeMillis)
})
