/** The statements about the log of pings. */
import type * as Ping from "@overdue/core/Ping"
import type { Page, PingSummary } from "@overdue/core/Store"
import type { LoggedSignal } from "@overdue/core/UnitOfWork"
import type { Instant } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import type { Connection, Row as Values, Transaction, Value } from "../Connection.ts"
import * as ExtensionText from "../ExtensionText.ts"
import * as Many from "../Many.ts"
import * as RecordName from "../RecordName.ts"
import * as Row from "../Row.ts"

const own =
  "l.n, l.at, l.kind, l.rid, l.exit_status, l.duration, l.scheme, l.remote_address, l.method, l.user_agent, l.extension"
const columns = `log.id, ${own}`
/** The body of a ping `l`, wherever it is. */
const body = "coalesce(l.body, (SELECT b.body FROM ping_bodies b WHERE b.key = l.key))"
/** The columns that `read` reads, of any ping `l`, and of its check `c`. */
export const columnsOfAny = `c.id, ${own}, ${body}`

/**
 * The pings of a check that its project keeps, newest first, along the chain. A key may come to another check's ping
 * only when all newer pings of this one are gone, so a chain that ends in nothing ends there.
 */
const kept = `WITH RECURSIVE log (id, check_key, key, previous, n, beyond) AS (
    SELECT c.id, c.key, l.key, l.previous, l.n, l.n - p.ping_log_limit
    FROM checks c JOIN projects p ON p.key = c.project JOIN pings l ON l.key = c.last_logged
    WHERE c.id = ?
    UNION ALL
    SELECT log.id, log.check_key, l.key, l.previous, l.n, log.beyond
    FROM log JOIN pings l ON l.key = log.previous
    WHERE l.check_key = log.check_key AND l.n > log.beyond
  )`
const from = "FROM log JOIN pings l ON l.key = log.key"

/** Keys of a chain that starts at a ping, with their numbers. */
export const chain = `WITH RECURSIVE log (key, previous, check_key, n) AS (
    SELECT key, previous, check_key, n FROM pings WHERE key = ?
    UNION ALL
    SELECT l.key, l.previous, l.check_key, l.n
    FROM log JOIN pings l ON l.key = log.previous
    WHERE l.check_key = log.check_key
  )`

const scheme = Row.word<Ping.Scheme>({ http: true, https: true, email: true, process: true })
const kind = Row.word<Ping.Kind>({
  success: true,
  start: true,
  fail: true,
  cancel: true,
  log: true,
  ignored: true,
})

const readAll = (row: Values): Omit<Ping.Ping, "body"> => ({
  check: Row.text(row[0], "check_key"),
  n: Row.integer(row[1], "n"),
  at: Row.instant(row[2], "at"),
  kind: kind(row[3], "kind"),
  rid: Row.optional(Row.text, row[4], "rid"),
  exitStatus: Row.optional(Row.integer, row[5], "exit_status"),
  duration: Row.optional(Row.span, row[6], "duration"),
  scheme: scheme(row[7], "scheme"),
  remoteAddress: Row.text(row[8], "remote_address"),
  method: Row.text(row[9], "method"),
  userAgent: Row.text(row[10], "user_agent"),
  ...(row[11] === null ? {} : { extension: ExtensionText.decode(row[11]) }),
})

const record = <A>(readRow: (row: Values) => A) =>
  Row.record("pings", ([check, n]) => RecordName.nth("ping", n, check), readRow)

/** Reads a ping with its body. */
export const read = record((row): Ping.Ping => ({
  ...readAll(row),
  body: Row.optional(Row.bytes, row[12], "body"),
}))

const readSummary = record((row): PingSummary => ({
  ...readAll(row),
  bodySize: Row.optional(Row.count, row[12], "body") ?? 0,
}))

/** Returns a page of the pings that a check keeps, without reading their bodies. */
export const page = (connection: Connection, check: string, { limit, before }: Page) =>
  Row.list(
    connection,
    `${kept} SELECT ${columns}, octet_length(${body}) ${from} WHERE l.n < ? ORDER BY l.n DESC LIMIT ?`,
    [[check, before ?? Number.MAX_SAFE_INTEGER, limit]],
    readSummary,
  )

/** Returns the ping of a check with a number; `undefined` when it is not kept. */
export const byNumber = (connection: Connection, check: string, n: number) =>
  Row.first(connection, `${kept} SELECT ${columns}, ${body} ${from} WHERE l.n = ?`, [check, n], read)

const readBody = record((row): readonly [number, Uint8Array] => [
  Row.integer(row[1], "n"),
  Row.bytes(row[2], "body"),
])

/** As many as a statement asks for, whether or not so many are wanted: one text, which is prepared once. */
const asked = Array.from({ length: 100 }, (_, place) => place)
const amongAsked = `${body} IS NOT NULL AND l.n IN (${asked.map(() => "?").join(", ")})`

/** Returns the bodies of pings that a check keeps, by their numbers. One statement: each walks through the log. */
export const bodies = (connection: Connection, check: string, numbers: readonly number[]) => {
  const sql = `${kept} SELECT log.id, l.n, ${body} ${from} WHERE ${amongAsked}`
  // No ping has the number 0.
  const wanted = asked.map((place) => numbers[place] ?? 0)
  return Effect.map(Row.query(connection, sql, [[check, ...wanted]], readBody), (found) => new Map(found))
}

/** A question for the last ping of a check at or before an instant. */
export interface LastBy {
  /** The key of the answer. */
  readonly key: number
  readonly check: string
  readonly at: Instant
}

/** Returns the rows, to be read by `read`, of the newest success or failure for each question, where one is kept. */
export const lastBy = (connection: Connection, asked: readonly LastBy[]) =>
  Effect.map(
    connection.query(
      newestBy,
      asked.map(({ key, check, at }) => [check, key, at]),
    ),
    (rows) => new Map(rows.map((row) => [row[13], row])),
  )

const oneBy = `${kept} SELECT ${columns}, ${body}, CAST(? AS bigint) ${from}
  WHERE l.at <= ? AND l.kind IN ('success', 'fail') ORDER BY l.n DESC LIMIT 1`
const newestBy = Many.each(oneBy, { asked_check: "text", asked_key: "integer", asked_at: "integer" })

/** Returns the key of the newest ping of all; `undefined` when there is none. */
export const last = (connection: Connection) =>
  Row.first(connection, "SELECT max(key) FROM pings", [], ([key]) => Row.optional(Row.integer, key, "key"))

/** Returns a text for maps, which only the same key of the same check has: ids have no space. */
export const keyText = (check: string, key: string): string => `${check} ${key}`

const readKeyed = Row.record(
  "pings",
  ([check, , n]) => RecordName.nth("ping", n, check),
  (row: Values): readonly [string, LoggedSignal] => [
    keyText(Row.text(row[0], "check_key"), Row.text(row[1], "idempotency_key")),
    { n: Row.integer(row[2], "n"), kind: kind(row[3], "kind") },
  ],
)

/** Begins to read the pings with idempotency keys that their projects keep; returns what waits for them, by `keyText`. */
export const byKeys = (connection: Transaction, keys: readonly string[]) =>
  keys.length === 0
    ? noneKeyed
    : Row.ahead(
        connection,
        keyed,
        keys.map((key) => [key]),
        (rows): ReadonlyMap<string, LoggedSignal> => new Map(rows.map(readKeyed)),
      )

const noneKeyed = Effect.succeed(Effect.succeed<ReadonlyMap<string, LoggedSignal>>(new Map()))

const ofKey = `SELECT c.id, l.idempotency_key, l.n, l.kind
  FROM pings l JOIN checks c ON c.key = l.check_key JOIN projects p ON p.key = c.project
    JOIN pings newest ON newest.key = c.last_logged`
const isKept = "l.n > newest.n - p.ping_log_limit"
const keyed: Many.Many = {
  one: `${ofKey} WHERE l.idempotency_key = ? AND ${isKept}`,
  all: `${ofKey} WHERE l.idempotency_key = ANY ($1::text[]) AND ${isKept}`,
}

/** Where a part of a log begins: the key of its newest ping, the key of the check, and how many pings it has at most. */
interface Part {
  readonly newest: Value
  readonly check: Value
  readonly limit: number
}

/** Returns the keys of the pings of a part of a log, the newest first, each with the key of the one before it. */
export const chained = (connection: Connection, { newest, check, limit }: Part) =>
  connection.query(
    `WITH RECURSIVE log (key, previous) AS (
      SELECT key, previous FROM pings WHERE key = ? AND check_key = ?
      UNION ALL
      SELECT l.key, l.previous FROM log JOIN pings l ON l.key = log.previous WHERE l.check_key = ? AND l.key < log.key
    ) SELECT key, previous FROM log LIMIT ?`,
    [[newest, check, check, limit]],
  )

/** Deletes the logs of checks, each named by the key of its newest ping. */
export const remove = (connection: Connection, newest: readonly number[]) =>
  Effect.forEach(
    deletion(`${chain} SELECT key FROM log`),
    (statement) =>
      connection.execute(
        statement,
        newest.map((key) => [key]),
      ),
    { discard: true },
  )

/** Returns what deletes the pings that a query finds, in this order: their bodies are found by them. */
export const deletion = (keys: string): readonly string[] =>
  ["ping_bodies", "pings"].map((table) => `DELETE FROM ${table} WHERE key IN (${keys})`)
