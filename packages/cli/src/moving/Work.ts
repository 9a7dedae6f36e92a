/** Runs the work of a move, until it is done or the process is told to end. */
import { StoreError } from "@overdue/core/Store"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Logger from "effect/Logger"
import * as Ending from "../Ending.ts"
import { Failure } from "../Failure.ts"

/** Returns what the work returns. Fails with a `Failure`; `stopped` says what it means that the process was told to end. */
export const run = async <A>(work: Effect.Effect<A, StoreError>, stopped: string): Promise<A> => {
  const logged = Effect.provide(work, Logger.layer([Logger.withConsoleError(Logger.formatLogFmt)]))
  const exit = await Effect.runPromiseExit(logged, { signal: Ending.stopping() })
  if (Exit.isSuccess(exit)) return exit.value
  if (Cause.hasInterruptsOnly(exit.cause)) {
    Ending.leaveSoon()
    throw new Failure(stopped)
  }
  const error = Cause.squash(exit.cause)
  throw error instanceof StoreError ? new Failure(error.detail) : error
}
