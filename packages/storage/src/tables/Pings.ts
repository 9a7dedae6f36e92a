/** The statements about the log of pings. */
import type { Check } from "@overdue/core/Check"
import type * as Ping from "@overdue/core/Ping"
import { StoreError, type Page, type PingSummary } from "@overdue/core/Store"
import type { LoggedSignal } from "@overdue/core/UnitOfWork"
import type { Instant } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import type { Connection, Row as Values, Transaction, Value } from "../Connection.ts"
import * as ExtensionText from "../ExtensionText.ts"
import type { Flavour } from "../Flavour.ts"
import * as Keys from "../Keys.ts"
import * as Many from "../Many.ts"
import * as RecordName from "../RecordName.ts"
import * as Row from "../Row.ts"

/**
 * How many pings beyond a project's limit are deleted together; as many as the limit, if that is larger, because finding
 * them takes as many steps. Queries leave them out until then.
 */
const pruneEvery = 100

/** The check of a ping, and what the row of the ping needs of it. */
interface Owner {
  readonly key: number
  readonly project: number
  readonly pingLogLimit: number
  /** Key of the newest ping that is logged of it. */
  readonly lastLogged: number | undefined
  readonly check: Pick<Check, "state">
}

const own =
  "l.n, l.at, l.kind, l.rid, l.exit_status, l.duration, l.scheme, l.remote_address, l.method, l.user_agent, l.extension"
const columns = `log.id, ${own}`
/** The columns that `read` reads, of any ping `l`, and of its check `c`. */
export const columnsOfAny = `c.id, ${own}, l.body`

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
const chain = `WITH RECURSIVE log (key, previous, check_key, n) AS (
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
    `${kept} SELECT ${columns}, octet_length(l.body) ${from} WHERE l.n < ? ORDER BY l.n DESC LIMIT ?`,
    [[check, before ?? Number.MAX_SAFE_INTEGER, limit]],
    readSummary,
  )

/** Returns the ping of a check with a number; `undefined` when it is not kept. */
export const byNumber = (connection: Connection, check: string, n: number) =>
  Row.first(connection, `${kept} SELECT ${columns}, l.body ${from} WHERE l.n = ?`, [check, n], read)

const readBody = record((row): readonly [number, Uint8Array] => [
  Row.integer(row[1], "n"),
  Row.bytes(row[2], "body"),
])

/** As many as a statement asks for, whether or not so many are wanted: one text, which is prepared once. */
const asked = Array.from({ length: 100 }, (_, place) => place)
const amongAsked = `l.body IS NOT NULL AND l.n IN (${asked.map(() => "?").join(", ")})`

/** Returns the bodies of pings that a check keeps, by their numbers. One statement: each walks through the log. */
export const bodies = (connection: Connection, check: string, numbers: readonly number[]) => {
  const sql = `${kept} SELECT log.id, l.n, l.body ${from} WHERE ${amongAsked}`
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
      `${kept} SELECT ${columns}, l.body, CAST(? AS bigint) ${from}
      WHERE l.at <= ? AND l.kind IN ('success', 'fail') ORDER BY l.n DESC LIMIT 1`,
      asked.map(({ key, check, at }) => [check, key, at]),
    ),
    (rows) => new Map(rows.map((row) => [row[13], row])),
  )

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

/** Begins to ask for keys of as many pings as are likely logged; returns what waits for them. */
export const keysAhead = (connection: Transaction, flavour: Flavour, count: number) =>
  count === 0 ? noKeys : Keys.ahead(connection, flavour, "pings", count)

const noKeys = Effect.succeed(Effect.succeed<readonly number[]>([]))

/**
 * Inserts pings and returns, by the keys of their checks, the key of the newest ping of each. `ahead` are keys that were
 * asked for before. Every `pruneEvery` pings of a check, deletes those that its project no longer keeps. Fails with reason
 * `constraint` when a number is logged already.
 */
export const insert = Effect.fnUntraced(function* (
  connection: Transaction,
  flavour: Flavour,
  pings: readonly { readonly owner: Owner; readonly ping: Ping.NewPing }[],
  ahead: readonly number[],
) {
  const newest = new Map<number, number>()
  const numbers = new Map<number, number>()
  if (pings.length === 0) return newest
  // Known beforehand, so that a check's second ping in a batch can name the first.
  const keys =
    ahead.length >= pings.length ? ahead : yield* Keys.next(connection, flavour, "pings", pings.length)
  const rows: Values[] = []
  const prunes: Values[] = []
  for (const [index, { owner, ping }] of pings.entries()) {
    const logged = numbers.get(owner.key) ?? (owner.lastLogged === undefined ? 0 : owner.check.state.pings)
    if (ping.n <= logged) return yield* Effect.fail(numberTaken(ping))
    numbers.set(owner.key, ping.n)
    const key = keys[index]!
    rows.push([
      key,
      owner.project,
      owner.key,
      newest.get(owner.key) ?? Row.orNull(owner.lastLogged),
      ping.n,
      ping.at,
      ping.kind,
      Row.orNull(ping.rid),
      Row.orNull(ping.exitStatus),
      Row.orNull(ping.duration),
      ping.scheme,
      ping.remoteAddress,
      ping.method,
      ping.userAgent,
      Row.orNull(ping.body),
      Row.orNull(ping.idempotencyKey),
      ping.extension === undefined ? null : JSON.stringify(ping.extension),
    ])
    newest.set(owner.key, key)
    if (ping.n % Math.max(pruneEvery, owner.pingLogLimit) === 0)
      prunes.push([key, ping.n - owner.pingLogLimit])
  }
  yield* connection.send(insertion, rows)
  if (prunes.length > 0) {
    yield* connection.send(
      `DELETE FROM pings WHERE key IN (${chain} SELECT key FROM log WHERE n <= ?)`,
      prunes,
    )
  }
  return newest
})

const numberTaken = ({ check, n }: Ping.Ping): StoreError =>
  new StoreError({
    reason: "constraint",
    detail: `This contradicts what is stored: ${RecordName.nth("ping", n, check)} is logged already.`,
  })

const insertion = Many.insert("pings", {
  key: "integer",
  project: "integer",
  check_key: "integer",
  previous: "integer",
  n: "integer",
  at: "integer",
  kind: "text",
  rid: "text",
  exit_status: "integer",
  duration: "integer",
  scheme: "text",
  remote_address: "text",
  method: "text",
  user_agent: "text",
  body: "bytes",
  idempotency_key: "text",
  extension: "text",
})

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
  connection.execute(
    `DELETE FROM pings WHERE key IN (${chain} SELECT key FROM log)`,
    newest.map((key) => [key]),
  )
