/** What strangers may do: settings of the operator that every door respects. */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type { Trust } from "./Proxies.ts"
import * as Proxies from "./Proxies.ts"
import type { RateLimit } from "@overdue/engine/RateLimit"

export interface Protection {
  /** Whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed. */
  readonly trusts: Trust
  /** Of requests to management APIs, by API key; `undefined`: no limit. */
  readonly requests: RateLimit | undefined
}

export const defaults: Protection = { trusts: Proxies.everybody, requests: undefined }

export const Protection = Context.Reference<Protection>("@overdue/server/Protection", {
  defaultValue: () => defaults,
})

/** Counts a request with an API key. Gives the seconds until it may come again when it is too many, otherwise 0. */
export const take = Effect.fnUntraced(function* (apiKey: string) {
  const { requests } = yield* Protection
  return requests === undefined ? 0 : requests.take(apiKey, yield* Clock.currentTimeMillis)
})
