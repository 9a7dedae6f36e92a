/** The keys of the installation: no key of a project reaches beyond its project. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Site } from "../Site.ts"
import type { Inbound } from "../http/Http.ts"
import * as Access from "./Access.ts"
import * as Keys from "./Keys.ts"

/** The key is not the operator's, or the installation has none. */
export class NotOperator extends Schema.TaggedError<NotOperator>()("NotOperator", {}) {}

/** The key is not the one to the metrics of the installation, or it has none. */
export class WrongMetricsKey extends Schema.TaggedError<WrongMetricsKey>()("WrongMetricsKey", {}) {}

/** Succeeds with the operator's key in the header only. */
export const expect = Effect.fnUntraced(function* (inbound: Inbound) {
  const { adminKey } = yield* Site
  const key = inbound.header("x-api-key")
  if (key === undefined) return yield* new Access.KeyMissing()
  yield* matched(inbound, { given: key, key: adminKey, otherwise: new NotOperator() })
})

/**
 * Succeeds with the key to the metrics in a header of its own, as Healthchecks has it, or as a bearer token, which every
 * version of Prometheus can send.
 */
export const expectMetrics = Effect.fnUntraced(function* (inbound: Inbound) {
  const { metricsKey } = yield* Site
  const key = inbound.header("x-metrics-key") ?? Access.bearer(inbound) ?? ""
  if (key === "") return yield* new WrongMetricsKey()
  yield* matched(inbound, { given: key, key: metricsKey, otherwise: new WrongMetricsKey() })
})

/**
 * Returns the project whose rounds a prober may have, `undefined` for all: it has the key of probers of the installation, or
 * a key of a project that may write. Only in the header; a host application may vouch for it instead.
 */
export const expectProber = Effect.fnUntraced(function* (inbound: Inbound) {
  const { proberKey } = yield* Site
  const key = inbound.header("x-api-key")
  if (key !== undefined && proberKey !== undefined && Keys.isSame(key, proberKey)) return undefined
  // A key of any other length is looked for as well: it is wrong, and limited as such.
  return (yield* Access.open(inbound, { need: "write", key })).project
})

/** Fails for a wrong key, which is limited as wrong API keys are. */
const matched = Effect.fnUntraced(function* <E>(
  inbound: Inbound,
  {
    given,
    key,
    otherwise,
  }: { readonly given: string; readonly key: string | undefined; readonly otherwise: E },
) {
  if (key !== undefined && Keys.isSame(given, key)) return
  yield* Effect.catchTag(Access.wrong(inbound), "KeyWrong", () => Effect.fail(otherwise))
})
