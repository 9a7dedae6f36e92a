/** The statements about flips. */
import type { Status } from "@overdue/core/Check"
import type { Flip, Reason } from "@overdue/core/Flip"
import type { FlipCount } from "@overdue/core/Store"
import type { Instant } from "@overdue/core/Time"
import type { Connection, Row as Values } from "../Connection.ts"
import * as RecordName from "../RecordName.ts"
import * as Row from "../Row.ts"

/** The columns that `read` reads: of flips `f`, and of their checks `c`. */
export const columns =
  "c.id, f.n, f.at, f.from_status, f.to_status, f.reason, f.is_blind, f.is_quiet, f.rid, f.duration"

/** Reads a status. */
export const status = Row.word<Status>({ new: true, up: true, down: true, paused: true })
/** Reads the reason of a flip. */
export const reason = Row.word<Reason>({
  success: true,
  fail: true,
  "too-short": true,
  missed: true,
  overran: true,
  paused: true,
  resumed: true,
})

/** Returns the flip of a row; throws when it cannot be read. */
export const read = Row.record(
  "flips",
  ([check, n]) => RecordName.nth("flip", n, check),
  ([check, n, at, from, to, why, isBlind, isQuiet, rid, duration]: Values): Flip => ({
    check: Row.text(check, "check_key"),
    n: Row.count(n, "n"),
    at: Row.instant(at, "at"),
    from: status(from, "from_status"),
    to: status(to, "to_status"),
    reason: reason(why, "reason"),
    blind: Row.flag(isBlind, "is_blind"),
    quiet: Row.flag(isQuiet, "is_quiet"),
    rid: Row.optional(Row.text, rid, "rid"),
    duration: Row.optional(Row.span, duration, "duration"),
  }),
)

/** Returns the flips of a check at or after `from` and before `to`, the newest first. */
export const ofCheck = (
  connection: Connection,
  check: string,
  { from, to }: { readonly from?: Instant; readonly to?: Instant },
) =>
  Row.list(
    connection,
    `SELECT ${columns} FROM checks c JOIN flips f ON f.check_key = c.key
    WHERE c.id = ? AND f.at >= ? AND f.at < ? ORDER BY f.n DESC`,
    [[check, from ?? Number.MIN_SAFE_INTEGER, to ?? Number.MAX_SAFE_INTEGER]],
    read,
  )

const countOf = (table: string) =>
  Row.record(
    table,
    ([check]) => `flips of ${RecordName.check(check)}`,
    ([check, why, count]: Values): FlipCount => ({
      check: Row.text(check, "check_key"),
      reason: reason(why, "reason"),
      count: Row.count(count, "number"),
    }),
  )
const readCount = countOf("flips")

/** Lists how often each check flipped for each reason in flips that were pruned. */
export const forgotten = (connection: Connection) =>
  Row.list(
    connection,
    "SELECT c.id, g.reason, g.number FROM forgotten_flips g LEFT JOIN checks c ON c.key = g.check_key",
    [[]],
    countOf("forgotten_flips"),
  )

/** Returns how often each check of a project flipped for each reason, pruned flips included. */
export const counts = (connection: Connection, project: string) =>
  Row.list(
    connection,
    `SELECT id, reason, CAST(sum(number) AS bigint) FROM (
      SELECT c.key AS key, c.id AS id, f.reason AS reason, 1 AS number
      FROM projects p JOIN checks c ON c.project = p.key JOIN flips f ON f.check_key = c.key
      WHERE p.id = ?
      UNION ALL
      SELECT c.key, c.id, g.reason, g.number
      FROM projects p JOIN checks c ON c.project = p.key JOIN forgotten_flips g ON g.check_key = c.key
      WHERE p.id = ?
    ) AS counted GROUP BY key, id, reason ORDER BY key`,
    [[project, project]],
    readCount,
  )

/** Inserts flips; fails with reason `constraint` when a check has one of that number already. */
export const insert = (
  connection: Connection,
  flips: readonly {
    readonly owner: { readonly key: number; readonly project: number }
    readonly flip: Flip
  }[],
) =>
  connection.execute(
    `INSERT INTO flips (project, check_key, n, at, from_status, to_status, reason, is_blind, is_quiet, rid, duration)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    flips.map(({ owner, flip }) => [
      owner.project,
      owner.key,
      flip.n,
      flip.at,
      flip.from,
      flip.to,
      flip.reason,
      flip.blind ? 1 : 0,
      flip.quiet ? 1 : 0,
      Row.orNull(flip.rid),
      Row.orNull(flip.duration),
    ]),
  )
