/** Sessions: one connection to the server that takes writes, with its settings. */
import { StoreError } from "@overdue/core/Store"
import { minute, second, type Span } from "@overdue/core/Time"
import * as PgConnection from "@effect/sql-pg/PgConnection"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Result from "effect/Result"
import * as Scope from "effect/Scope"
import type { SqlError } from "effect/sql/SqlError"
import * as Address from "./Address.ts"
import * as Encryption from "./Encryption.ts"
import * as Failure from "./Failure.ts"

/** An open session. */
export interface Session {
  readonly connection: PgConnection.PgConnection
  /** A pooler stands between, so that nothing outlasts a transaction: settings, prepared statements, `LISTEN`. */
  readonly isPooled: boolean
  readonly close: Effect.Effect<void>
}

/** How long what may take. */
export interface Limits {
  /** A statement. */
  readonly statement: Span
  /** A wait for a lock. */
  readonly lock: Span
  /** A pause within a transaction, such as that of a node that is frozen. */
  readonly idle: Span
  /** An answer, on its way too: longer than a statement may take. */
  readonly answer: Span
}

/** The usual limits. */
export const limits: Limits = {
  statement: 20 * second,
  lock: 5 * second,
  idle: 10 * second,
  answer: 25 * second,
}

/** Statements that a session keeps prepared: more than there are. */
const prepared = 1_000

/** What is set in every session, or in every transaction where a session is not one's own. */
export const settingsOf = (
  { schema }: Address.Address,
  { statement, lock, idle }: Limits,
): Readonly<Record<string, string>> => ({
  statement_timeout: String(statement),
  lock_timeout: String(lock),
  idle_in_transaction_session_timeout: String(idle),
  ...(schema !== undefined && { search_path: schema }),
})

/** Returns what opens a session: first with the server that took writes last. Fails with what was wrong with each. */
export const opener = (
  address: Address.Address,
  settings: Readonly<Record<string, string>>,
): Effect.Effect<Session, StoreError> => {
  let isPooled = address.isPooled === true
  let first = 0
  const open = Effect.fnUntraced(function* () {
    const obstacles: StoreError[] = []
    for (let tried = 0; tried < address.hosts.length; tried++) {
      const index = (first + tried) % address.hosts.length
      const host = address.hosts[index]!
      const found = yield* Effect.result(
        isPooled ? connect(address, host) : connectOrShare(address, host, settings),
      )
      if (Result.isSuccess(found)) {
        first = index
        isPooled = found.success.isPooled
        return found.success
      }
      obstacles.push(found.failure)
    }
    // A wrong password is wrong tomorrow as well; a server that is away may come back.
    return yield* obstacles.find(({ permanent }) => permanent) ?? obstacles[0]!
  })
  return Effect.suspend(open)
}

/** Opens a session of one's own with one server, or one that a pooler shares where it turns out that one stands between. */
const connectOrShare = (
  address: Address.Address,
  host: Address.Host,
  settings: Readonly<Record<string, string>>,
): Effect.Effect<Session, StoreError> =>
  connect(address, host, settings).pipe(
    // A pooler may also drop in silence what it is not to pass on.
    Effect.flatMap((own) =>
      own.isPooled ? Effect.andThen(own.close, connect(address, host)) : Effect.succeed(own),
    ),
    Effect.catchIf(isOfPooler, () => connect(address, host)),
  )

/**
 * Opens a session with one server, if it takes writes: with settings of its own and statements that are prepared, or without
 * settings one that a pooler shares.
 */
const connect = Effect.fnUntraced(function* (
  address: Address.Address,
  host: Address.Host,
  settings?: Readonly<Record<string, string>>,
) {
  const at = Address.place({ hosts: [host], database: address.database })
  const encryption = yield* Effect.try({
    try: () => Encryption.options(address.tls, host),
    catch: (cause) => Failure.translate(cause, at),
  })
  const config = configOf(address, host)
  const scope = yield* Scope.make()
  const given = settings === undefined ? { prepare: false } : { startupParameters: settings }
  const session = Effect.gen(function* () {
    const opened = yield* PgConnection.make({ ...config, ...given, ssl: encryption }).pipe(
      Effect.catchIf(
        (error) => address.tls.mode === "prefer" && isUnencrypted(error),
        () => PgConnection.make({ ...config, ...given, ssl: false }),
      ),
      Scope.provide(scope),
    )
    const [row] = yield* opened.queryValues(looking, [], false)
    const [isStandby, readOnly, timeout, encoding] = row ?? []
    if (isStandby === true || readOnly === "on") return yield* readsOnly(at, isStandby === true)
    if (encoding !== "UTF8") return yield* wrongEncoding(at, String(encoding))
    return {
      connection: opened,
      isPooled: settings === undefined || Number(timeout) !== Number(settings["statement_timeout"]),
      close: Scope.close(scope, Exit.void),
    } satisfies Session
  })
  return yield* session.pipe(
    Effect.mapError((error) => Failure.translate(error, at)),
    Effect.onError(() => Scope.close(scope, Exit.void)),
  )
})

const looking =
  "SELECT pg_is_in_recovery(), current_setting('transaction_read_only'), setting, current_setting('server_encoding') FROM pg_settings WHERE name = 'statement_timeout'"

const readsOnly = (at: string, isStandby: boolean): StoreError =>
  new StoreError({
    reason: "unavailable",
    detail: isStandby
      ? `${at} takes no writes: it is a standby. Name the host that does, or all hosts of the cluster.`
      : `${at} takes no writes: default_transaction_read_only is on for the server, the database or the user. Turn it off.`,
  })

const wrongEncoding = (at: string, encoding: string): StoreError =>
  new StoreError({
    reason: "failed",
    detail: `${at} has the encoding ${encoding}, which has no room for every character. Create one with UTF8: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0`,
  })

const configOf = (
  address: Address.Address,
  { host, port, address: ip }: Address.Host,
): PgConnection.Config => ({
  host: ip ?? host,
  port,
  database: address.database,
  username: address.username,
  password: address.password,
  applicationName: address.applicationName,
  connectTimeout: address.connectWithin,
  keepAlive: minute / 2,
  // Statements are sent one after the other without waiting for answers; nobody else uses the connection meanwhile.
  multiplex: true,
  preparedStatementCacheSize: prepared,
})

/** Whether the server has no encryption at all. */
const isUnencrypted = (error: SqlError): boolean => /refused TLS/.test(error.reason.message ?? "")

/** PgBouncer refuses settings that it would have to keep apart for each client. */
const isOfPooler = ({ cause }: StoreError): boolean =>
  cause instanceof Error && /unsupported startup parameter/.test(cause.message)
