/** Effect's SqlClient over `node:sqlite`, as an Effect application may have one. */
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Reactivity from "effect/reactivity/Reactivity"
import * as Semaphore from "effect/Semaphore"
import * as SqlClient from "effect/sql/SqlClient"
import type { Connection } from "effect/sql/SqlConnection"
import { classifySqliteError, SqlError } from "effect/sql/SqlError"
import * as Statement from "effect/sql/Statement"
import * as Stream from "effect/Stream"

/** Opens a file, or makes it, for as long as the layer lives, and runs `settings` in it first. */
export const layer = (filename: string, settings = ""): Layer.Layer<SqlClient.SqlClient> =>
  Layer.provide(
    Layer.effect(
      SqlClient.SqlClient,
      Effect.gen(function* () {
        const sqlite = yield* Effect.acquireRelease(
          Effect.sync(() => new DatabaseSync(filename)),
          (opened) => Effect.sync(() => opened.close()),
        )
        sqlite.exec(settings)
        return yield* SqlClient.make({
          ...SqlClient.makeSqliteAcquirers({
            connection: Effect.succeed(connection(sqlite)),
            semaphore: yield* Semaphore.make(1),
            isTransaction: () => sqlite.isTransaction,
          }),
          compiler: Statement.makeCompilerSqlite(),
          driver: "node-sqlite",
          prepareTransactionControls: true,
          spanAttributes: [["db.system.name", "sqlite"]],
        })
      }),
    ),
    Reactivity.layer,
  )

const connection = (sqlite: DatabaseSync): Connection => {
  const objects = preparing(sqlite, false)
  const arrays = preparing(sqlite, true)
  const all = (prepare: (sql: string) => StatementSync, sql: string, parameters: readonly unknown[]) =>
    attempt(() => prepare(sql).all(...(parameters as SQLInputValue[]))) // safe because the store writes no other values
  const rows: Connection["execute"] = (sql, parameters) => all(objects, sql, parameters)
  const values: Connection["executeValues"] = (sql, parameters) =>
    all(arrays, sql, parameters) as unknown as ReturnType<Connection["executeValues"]> // safe because these statements return arrays
  return {
    execute: rows,
    executeUnprepared: rows,
    executeValues: values,
    executeValuesUnprepared: values,
    executeRaw: (sql, parameters) => attempt(() => objects(sql).run(...(parameters as SQLInputValue[]))), // safe as above
    executeStream: () => Stream.die("the store reads no streams"),
  }
}

const preparing = (sqlite: DatabaseSync, isArrays: boolean): ((sql: string) => StatementSync) => {
  const prepared = new Map<string, StatementSync>()
  return (sql) => {
    const known = prepared.get(sql)
    if (known !== undefined) return known
    const statement = sqlite.prepare(sql)
    statement.setReturnArrays(isArrays)
    prepared.set(sql, statement)
    return statement
  }
}

const attempt = <A>(work: () => A): Effect.Effect<A, SqlError> =>
  Effect.try({
    try: work,
    catch: (cause) => {
      const errno = cause instanceof Error && "errcode" in cause ? cause.errcode : undefined
      return new SqlError({
        reason: classifySqliteError(Object.assign(new Error(String(cause)), { errno, cause })),
      })
    },
  })
