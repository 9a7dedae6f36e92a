/** Effect's client of PostgreSQL as a connection: as much of it as the laws of stores need. */
import * as PgClient from "@effect/sql-pg/PgClient"
import type { Result } from "@effect/sql-pg/PgConnection"
import { StoreError } from "@overdue/core/Store"
import type { Connection, Database, Row, Value } from "@overdue/storage/Connection"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Reactivity from "effect/reactivity/Reactivity"
import type * as SqlConnection from "effect/sql/SqlConnection"
import type { SqlError } from "effect/sql/SqlError"

/** Opens a pool of connections for as long as the scope lives. */
export const open = Effect.fnUntraced(function* (config: PgClient.PgPoolConfig) {
  const client = yield* Effect.provide(Effect.mapError(PgClient.make(config), translate), Reactivity.layer)
  const use = <A>(work: (connection: Connection) => Effect.Effect<A, StoreError>) =>
    Effect.scoped(Effect.flatMap(Effect.mapError(client.reserve, translate), (one) => work(connection(one))))
  const transaction: Database["transaction"] = (unit) => use((one) => inTransaction(one, unit))
  const database: Database = {
    query: (sql, each) => use((one) => one.query(sql, each)),
    execute: (sql, each) => transaction((one) => one.execute(sql, each)),
    transaction,
  }
  return database
})

const inTransaction = <A>(
  connection: Connection,
  unit: (connection: Connection) => Effect.Effect<A, StoreError>,
): Effect.Effect<A, StoreError> =>
  Effect.uninterruptible(
    Effect.gen(function* () {
      yield* connection.execute("BEGIN")
      const exit = yield* Effect.exit(Effect.suspend(() => unit(connection)))
      yield* connection.execute(Exit.isSuccess(exit) ? "COMMIT" : "ROLLBACK")
      return yield* exit
    }),
  )

const once: readonly Row[] = [[]]

const connection = (one: SqlConnection.Connection): Connection => ({
  query: (sql, each = once) =>
    Effect.map(
      Effect.mapError(
        Effect.forEach(each, (parameters) => one.executeValues(numbered(sql), parameters)),
        translate,
      ),
      (found) => found.flat().map((row) => row.map(value)),
    ),
  execute: (sql, each = once) =>
    Effect.map(
      Effect.mapError(
        Effect.forEach(each, (parameters) => one.executeRaw(numbered(sql), parameters)),
        translate,
      ),
      (results) => results.reduce<number>((sum, result) => sum + (result as Result).rowCount, 0), // safe because this client's raw results are such
    ),
})

/** PostgreSQL numbers its parameters. */
const numbered = (sql: string): string => {
  let count = 0
  return sql.replace(/\?/g, () => `$${(count += 1)}`)
}

const value = (found: unknown): Value => (typeof found === "bigint" ? Number(found) : (found as Value)) // safe because the tables hold nothing else

const translate = (error: SqlError): StoreError =>
  new StoreError({ reason: reasonOf(error), detail: `PostgreSQL: ${error.message}.`, cause: error })

const reasonOf = ({ reason }: SqlError): StoreError["reason"] => {
  switch (reason._tag) {
    case "UniqueViolation":
    case "ConstraintError":
      return "constraint"
    case "ConnectionError":
      return "unavailable"
    case "DeadlockError":
    case "SerializationError":
    case "LockTimeoutError":
      return "busy"
    case "AuthenticationError":
    case "AuthorizationError":
    case "SqlSyntaxError":
    case "StatementTimeoutError":
    case "UnknownError":
      return "failed"
  }
}
