/** Settings by which an operator protects the server from its clients. */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type { Trust } from "./Proxies.ts"
import * as Proxies from "./Proxies.ts"
import type { RateLimit } from "@overdue/engine/RateLimit"

/** The settings. */
export interface Protection {
  /** Which proxies are trusted to set `X-Forwarded-For` and `X-Forwarded-Proto`. */
  readonly trusts: Trust
  /** Limits the requests of each API key; `undefined`: no limit. */
  readonly requests: RateLimit | undefined
}

/** Trusts every proxy, and limits nothing. */
export const defaults: Protection = { trusts: Proxies.everybody, requests: undefined }

/** The settings of this server. */
export const Protection = Context.Reference<Protection>("@overdue/server/Protection", {
  defaultValue: () => defaults,
})

/** Counts a request. Returns 0, or, when it exceeds the limit, the whole seconds until the next one is accepted. */
export const take = Effect.fnUntraced(function* (apiKey: string) {
  const { requests } = yield* Protection
  return requests === undefined ? 0 : requests.take(apiKey, yield* Clock.currentTimeMillis)
})
