/** The line to a server: sends what a prober elsewhere says, and leaves a server alone for a while that is away. */
import { minute, type Span } from "@overdue/core/Time"
import { Said } from "@overdue/core/Said"
import * as Monotonic from "@overdue/engine/Monotonic"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import * as Result from "effect/Result"
import type { HttpAnswer } from "../HttpAnswer.ts"
import * as Limits from "../Limits.ts"
import * as Trouble from "./Trouble.ts"

/** Sends a body to an endpoint of probers, with the key. Rejects when no answer came; when it was aborted, with the reason. */
export type Post = (endpoint: "claim" | "report", body: string, signal: AbortSignal) => Promise<HttpAnswer>

/** A line to one endpoint. */
export interface Line<A> {
  /** Waits until the server need not be left alone any more. */
  readonly ready: Effect.Effect<void>
  /** Sends, and returns the answer. */
  readonly send: (body: unknown) => Effect.Effect<A, Trouble.Trouble>
}

/** Returns a line, which logs what is in its way, the same once a minute, and when that is over. */
export const make = <A>(
  post: Post,
  endpoint: "claim" | "report",
  decode: (answer: unknown) => Result.Result<A, unknown>,
): Line<A> => {
  const said = new Said(minute)
  let failures = 0
  let restsUntil = -Infinity
  let isSaid = false

  const asked = Effect.fnUntraced(function* (body: unknown) {
    const answer = yield* Effect.tryPromise({
      try: (stop) =>
        post(endpoint, JSON.stringify(body), AbortSignal.any([stop, AbortSignal.timeout(Limits.call)])),
      catch: Trouble.ofError,
    })
    const trouble = Trouble.ofAnswer(answer, yield* Clock.currentTimeMillis)
    if (trouble !== undefined) return yield* trouble
    const read = yield* Effect.try({ try: () => decode(JSON.parse(answer.text)), catch: Trouble.stranger })
    return Result.isFailure(read) ? yield* Trouble.stranger() : read.success
  })

  const failed = Effect.fnUntraced(function* (trouble: Trouble.Trouble) {
    const { least, most } = Limits.backOff
    // From half of it: probers that lost the same server at the same time must not come back at the same time.
    const pause: Span = Math.min(most, least * 2 ** Math.min(failures++, 10))
    const chance = 0.5 + (yield* Random.next) / 2
    const now = yield* Monotonic.now
    restsUntil = now + Math.max(pause * chance, trouble.pause ?? 0)
    if (said.again(trouble.why, now) !== undefined) {
      isSaid = true
      yield* Effect.logWarning(`the server does not take a ${endpoint}: ${trouble.why}`)
    }
  })

  const works = Effect.suspend(() => {
    const isNews = isSaid
    failures = 0
    isSaid = false
    return isNews ? Effect.logInfo(`the server takes a ${endpoint} again`) : Effect.void
  })

  const ready = Effect.gen(function* () {
    const now = yield* Monotonic.now
    if (restsUntil > now) yield* Effect.sleep(restsUntil - now)
  })

  const send = (body: unknown) => Effect.tap(Effect.tapError(asked(body), failed), () => works)

  return { ready, send }
}
