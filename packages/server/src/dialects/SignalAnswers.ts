/**
 * The answers to signals that are refused or that fail, as far as dialects agree on them: which cause has which status,
 * and what may not be cached. Each is made once: the carrier caches the headers of an answer by its identity.
 */
import type { StoreError } from "@overdue/core/Store"
import type * as Receive from "@overdue/engine/commands/Receive"
import * as Cause from "effect/Cause"
import * as Result from "effect/Result"
import * as Damaged from "./Damaged.ts"
import { BodyTooLarge, type HeaderFields, type Outbound } from "../http/Http.ts"
import * as TryAgain from "../http/TryAgain.ts"

/** For every answer to a signal: a signal that a cache answered would never arrive. */
export const uncached: HeaderFields = {
  "cache-control": "max-age=0, no-cache, no-store, must-revalidate, private",
}

/** What a dialect says in its own words. */
export interface Words {
  /** Returns an answer that says a sentence, in the dialect's format. `headers` are to be added to the dialect's own. */
  readonly write: (status: number, sentence: string, headers: HeaderFields) => Outbound
  /** No check has this id, or the project of the slug has no room for another check. */
  readonly notFound: Outbound
  /** Several checks of the project have this slug. */
  readonly ambiguous: Outbound
}

/** The answers to signals that are refused or that fail. */
export interface SignalAnswers {
  /** Returns the answer from the error of `Inbound.body`: 413 or 400. */
  readonly ofBodyError: (error: unknown) => Outbound
  /**
   * Returns the answer from the cause of `Receive`: 429 or 503 with `Retry-After`, the dialect's own, or 500, also for a
   * damaged record, which waiting does not mend.
   */
  readonly ofCause: (cause: Cause.Cause<Receive.Refusal | StoreError>) => Outbound
}

/** Returns the answers in the words of a dialect. */
export const make = ({ write, notFound, ambiguous }: Words): SignalAnswers => {
  const tooLarge = write(413, new BodyTooLarge().message, uncached)
  const unreadable = write(400, "the body could not be read to its end; send the ping again", uncached)
  const failed = write(500, "internal error; the log of the server says more", uncached)
  const unavailable = write(503, TryAgain.noDatabase, { ...uncached, ...TryAgain.headers })
  return {
    ofBodyError: (error) => (error instanceof BodyTooLarge ? tooLarge : unreadable),
    ofCause: (cause) => {
      const error = Cause.findError(cause)
      if (Result.isFailure(error)) return failed
      switch (error.success._tag) {
        case "StoreError": {
          const { damage } = error.success
          return damage === undefined
            ? unavailable
            : write(500, Damaged.sentence(damage), { ...uncached, ...Damaged.header(damage) })
        }
        case "CheckNotFound":
        case "CheckLimitReached":
          return notFound
        case "SlugAmbiguous":
          return ambiguous
        case "RateLimited":
          return write(429, "rate limit exceeded", {
            ...uncached,
            "retry-after": String(error.success.seconds),
          })
      }
    },
  }
}
