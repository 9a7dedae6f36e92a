/** Works on a database without a server, also while one serves from it. */
import { existsSync } from "node:fs"
import type { Notifier } from "@overdue/core/Notifier"
import * as Store from "@overdue/core/Store"
import * as Notifiers from "@overdue/notifiers"
import * as Sqlite from "@overdue/storage/Sqlite"
import * as Cause from "effect/Cause"
import type * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as ManagedRuntime from "effect/ManagedRuntime"
import { Failure, UsageError } from "../Failure.ts"
import type { Database } from "./Address.ts"

/** What the engine's commands and queries ask for here. */
export type Services = Store.Store | Notifier

/** Runs work on a database that exists. What it is refused becomes a `Failure` that says why. */
export const use = async <A, E>(
  database: Database,
  work: Effect.Effect<A, E, Services>,
  options: Pick<Notifiers.Options, "allowPrivateTargets"> = {},
): Promise<A> => {
  const { filename } = database
  if (filename === ":memory:") {
    throw new UsageError(
      "a database in memory is open to its server only; name a file: --database sqlite:FILE",
    )
  }
  if (!existsSync(filename)) {
    throw new Failure(
      `there is no database in ${filename}; name one with --database, or let \`overdue serve\` make it`,
    )
  }
  const runtime = ManagedRuntime.make(
    Layer.mergeAll(
      Sqlite.layer({ filename }),
      Notifiers.layer(options),
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
