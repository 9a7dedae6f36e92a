/** The sender: sends the requests of every kind, within a time limit and only to public addresses. */
import * as Address from "@overdue/core/Address"
import * as RetryAfter from "@overdue/core/RetryAfter"
import type { Span } from "@overdue/core/Time"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { NotifyRequest, NotifyResponse } from "../HttpKind.ts"
import * as Limits from "../Limits.ts"
import * as Connections from "./Connections.ts"
import * as Exchange from "./Exchange.ts"
import * as Redirect from "./Redirect.ts"
import * as Target from "./Target.ts"
import * as Unsent from "./Unsent.ts"

/** How requests are sent. */
export interface Options {
  /** Whether an IP address may be connected to; by default whether it is public. */
  readonly isAllowed?: ((address: string) => boolean) | undefined
  /** How long an attempt may take altogether, in milliseconds; by default 30 seconds. */
  readonly timeout?: Span | undefined
  /** PEM certificates of the authorities to trust instead of those that Node trusts. */
  readonly certificateAuthorities?: readonly string[] | undefined
  /** Finds the addresses of a host name; by default the system's resolver. */
  readonly resolve?: Target.Resolve | undefined
}

/** Sends a request, follows redirects, and returns the response. Fails with `Unsent` when there is none. */
export type Sender = (request: NotifyRequest) => Effect.Effect<NotifyResponse, Unsent.Unsent>

/**
 * Returns a sender. The time limit includes name resolution, connection, redirects and response headers; for the body are
 * two seconds of what is left. The addresses of every redirect are resolved and checked anew.
 */
export const make = (options: Options = {}): Sender => {
  const { timeout = Limits.attempt, resolve = Target.systemResolve, isAllowed = Address.isPublic } = options
  const connections = Connections.make()
  const certificateAuthorities = options.certificateAuthorities && [...options.certificateAuthorities]

  return Effect.fnUntraced(function* (request) {
    // An answer that was read to its end has closed its socket; to abort it as well costs as much as the rest.
    let isOver = false
    const controller = yield* Effect.acquireRelease(
      Effect.sync(() => new AbortController()),
      (acquired) => Effect.sync(() => isOver || acquired.abort()),
    )
    const startedAt = yield* Clock.monotonicTimeNanos
    const timeLeft = Effect.map(Clock.monotonicTimeNanos, (now) =>
      Math.max(0, timeout - Number((now - startedAt) / 1_000_000n)),
    )
    const answered = Effect.fnUntraced(function* (hop: Redirect.Hop) {
      const target = yield* Target.make(hop.url, { resolve, isAllowed })
      const { signal } = controller
      return yield* Exchange.open(target, hop, { signal, certificateAuthorities, connections })
    })

    let hop = yield* Effect.fromResult(Redirect.first(request))
    for (let redirects = 0; ; redirects++) {
      // Where a redirect leads is not for the channel to answer for: a captive portal may be gone in a minute.
      const attempt = Effect.mapError(answered(hop), (unsent) =>
        redirects === 0 ? unsent : Unsent.forNow(unsent.why),
      )
      const incoming = yield* Effect.timeoutOrElse(attempt, {
        duration: yield* timeLeft,
        orElse: () => Effect.fail(Unsent.forNow(`no answer within ${timeout / 1000} s`)),
      })
      const status = incoming.statusCode ?? 0
      const location = Redirect.isRedirect(status) ? incoming.headers.location : undefined
      if (location === undefined) {
        const time = Math.min(yield* timeLeft, Limits.answerTime)
        const body = yield* Exchange.read(incoming, { limit: Limits.answer, time })
        isOver = incoming.readableEnded
        const now = yield* Clock.currentTimeMillis
        const retryAfter = RetryAfter.parse(incoming.headers["retry-after"], now, Limits.longestRetryAfter)
        return { status, body, retryAfter }
      }
      if (redirects === Limits.redirects) {
        return yield* Unsent.forNow(`redirected more than ${Limits.redirects} times`)
      }
      incoming.destroy()
      hop = yield* Effect.fromResult(Redirect.follow(hop, status, location))
    }
  }, Effect.scoped)
}
