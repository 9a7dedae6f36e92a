/** Work on a database without a server; it may run while a server uses the same file. */
import type { Bell } from "@overdue/core/Bell"
import type { Notifier } from "@overdue/core/Notifier"
import * as Store from "@overdue/core/Store"
import * as LocalBell from "@overdue/engine/LocalBell"
import * as Notifiers from "@overdue/notifiers"
import * as Cause from "effect/Cause"
import type * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as ManagedRuntime from "effect/ManagedRuntime"
import { Failure, UsageError } from "../Failure.ts"
import * as Fingerprint from "../serve/Fingerprint.ts"
import type { Database } from "./Database.ts"

/** The services that the engine's commands and queries need. */
export type Services = Store.Store | Notifier | Bell

/** How work is done. */
export interface Options extends Pick<Notifiers.Options, "allowPrivateTargets"> {
  /** API keys that prove, to a database from before there were fingerprints, that the secret is its own. */
  readonly keys?: readonly string[]
}

/**
 * Runs work on a database that exists, unless the secret at hand is another one's. Whatever the engine refuses becomes a
 * `Failure` that says why.
 */
export const use = async <A, E>(
  database: Database,
  work: Effect.Effect<A, E, Services>,
  { keys, ...options }: Options = {},
): Promise<A> => {
  database.expect()
  const runtime = ManagedRuntime.make(
    Layer.mergeAll(
      await database.layer(Fingerprint.admit(database, keys), true),
      Notifiers.layer(options),
      LocalBell.layer,
      Logger.layer([Logger.withConsoleError(Logger.formatLogFmt)]),
    ),
  )
  try {
    const exit = await runtime.runPromiseExit(work)
    if (Exit.isSuccess(exit)) return exit.value
    throw asFailure(Cause.squash(exit.cause))
  } finally {
    await runtime.dispose()
  }
}

/** Refusals have a tag, and a message for people; anything else is a bug. */
const asFailure = (error: unknown): unknown => {
  if (error instanceof Failure || error instanceof UsageError) return error
  if (error instanceof Store.StoreError) return new Failure(error.detail)
  return error instanceof Error && "_tag" in error ? new Failure(error.message, { cause: error }) : error
}
