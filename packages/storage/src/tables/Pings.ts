/** The ping log in SQL. */
import type * as Ping from "@overdue/core/Ping"
import type { Page, PingSummary } from "@overdue/core/Store"
import type { Instant } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import type { Connection, Row as Values } from "../Connection.ts"
import * as Row from "../Row.ts"

/** Pings beyond a project's limit that wait to be deleted together: neighbours share a page. Queries leave them out. */
const pruneEvery = 100

/** The check of a ping, as its table knows it. */
interface Owner {
  readonly key: number
  readonly project: number
  readonly pingLogLimit: number
}

const columns =
  "c.id, l.n, l.at, l.kind, l.rid, l.exit_status, l.duration, l.scheme, l.remote_address, l.method, l.user_agent"

/** Pings `l` of checks `c` that their project `p` keeps. */
const kept = `checks c JOIN projects p ON p.key = c.project JOIN pings l ON l.check_key = c.key
  AND l.n > (SELECT max(n) FROM pings WHERE check_key = c.key) - p.ping_log_limit`

const kind = Row.word<Ping.Kind>({ success: true, start: true, fail: true, log: true, ignored: true })

const readAll = (row: Values): Omit<Ping.Ping, "body"> => ({
  check: Row.text(row[0]),
  n: Row.integer(row[1]),
  at: Row.integer(row[2]),
  kind: kind(row[3]),
  rid: Row.optional(Row.text, row[4]),
  exitStatus: Row.optional(Row.integer, row[5]),
  duration: Row.optional(Row.integer, row[6]),
  scheme: Row.text(row[7]),
  remoteAddress: Row.text(row[8]),
  method: Row.text(row[9]),
  userAgent: Row.text(row[10]),
})

const read = (row: Values): Ping.Ping => ({ ...readAll(row), body: Row.optional(Row.bytes, row[11]) })

/** Without reading a body. */
export const page = (connection: Connection, check: string, { limit, before }: Page) =>
  Row.query(
    connection,
    `SELECT ${columns}, octet_length(l.body) FROM ${kept} WHERE c.id = ? AND l.n < ? ORDER BY l.n DESC LIMIT ?`,
    [[check, before ?? Number.MAX_SAFE_INTEGER, limit]],
    (row): PingSummary => ({ ...readAll(row), bodySize: Row.optional(Row.integer, row[11]) ?? 0 }),
  )

export const byNumber = (connection: Connection, check: string, n: number) =>
  Row.first(connection, `SELECT ${columns}, l.body FROM ${kept} WHERE c.id = ? AND l.n = ?`, [check, n], read)

/** The newest success or failure that was logged by then. */
export const lastBy = (connection: Connection, check: string, at: Instant) =>
  Row.first(
    connection,
    `SELECT ${columns}, l.body FROM ${kept} WHERE c.id = ? AND l.at <= ? AND l.kind IN ('success', 'fail')
    ORDER BY l.n DESC LIMIT 1`,
    [check, at],
    read,
  )

/** The key of the newest ping of all; `undefined` when there is none. */
export const last = (connection: Connection) =>
  Row.first(connection, "SELECT max(key) FROM pings", [], ([key]) => Row.optional(Row.integer, key))

/** Logs pings. Every so often, those of a check that its project no longer keeps go. */
export const insert = Effect.fnUntraced(function* (
  connection: Connection,
  pings: readonly { readonly owner: Owner; readonly ping: Ping.Ping }[],
) {
  yield* connection.execute(
    insertion,
    pings.map(({ owner, ping }) => [
      owner.project,
      owner.key,
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
    ]),
  )
  const prunes = pings.filter(({ ping }) => ping.n % pruneEvery === 0)
  if (prunes.length > 0) {
    yield* connection.execute(
      "DELETE FROM pings WHERE check_key = ? AND n <= ?",
      prunes.map(({ owner, ping }) => [owner.key, ping.n - owner.pingLogLimit]),
    )
  }
})

const insertion = `INSERT INTO pings (project, check_key, n, at, kind, rid, exit_status, duration, scheme, remote_address,
    method, user_agent, body)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
