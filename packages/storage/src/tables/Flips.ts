/** The statements about flips. */
import type { Status } from "@overdue/core/Check"
import type { Flip, FlipCount, Reason } from "@overdue/core/Flip"
import type { StoreError } from "@overdue/core/Store"
import type { Instant } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { Connection, Row as Values, Transaction, Value } from "../Connection.ts"
import * as Many from "../Many.ts"
import * as RecordName from "../RecordName.ts"
import * as Row from "../Row.ts"
import * as Walk from "../Walk.ts"

/** The columns that `read` reads: of flips `f`, and of their checks `c`. */
export const columns =
  "c.id, f.n, f.at, f.from_status, f.to_status, f.reason, f.is_blind, f.is_quiet, f.rid, f.duration, f.result"

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

const readResult = Row.document(
  Schema.Struct({
    region: Schema.String,
    statusCode: Schema.optionalKey(Schema.Number),
    reason: Schema.optionalKey(Schema.String),
  }),
)

/** Returns the flip of a row; throws when it cannot be read. */
export const read = Row.record(
  "flips",
  ([check, n]) => RecordName.nth("flip", n, check),
  ([check, n, at, from, to, why, isBlind, isQuiet, rid, duration, result]: Values): Flip => ({
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
    ...(result !== null && { result: readResult(result, "result") }),
  }),
)

/** Returns the flips of a check at or after `from` and before `to`, the newest first. */
export const ofCheck = (
  connection: Connection,
  check: string,
  { from, to }: { readonly from?: Instant; readonly to?: Instant },
) =>
  Walk.list(
    connection,
    {
      selection: `SELECT ${columns} FROM checks c JOIN flips f ON f.check_key = c.key`,
      conditions: ["c.id = ?", "f.at >= ?", "f.at < ?"],
      parameters: [check, from ?? Number.MIN_SAFE_INTEGER, to ?? Number.MAX_SAFE_INTEGER],
      key: ["f.n"],
      keyAt: 1,
      order: "DESC",
    },
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

/** Returns the statement that counts flips for good before they are deleted: those for which a condition holds. */
export const forgetting = (condition: string): string =>
  `INSERT INTO forgotten_flips (project, check_key, reason, number)
  SELECT project, check_key, reason, count(*) FROM flips WHERE ${condition} GROUP BY project, check_key, reason
  ON CONFLICT (check_key, reason) DO UPDATE SET number = forgotten_flips.number + excluded.number
    WHERE forgotten_flips.number < ${Number.MAX_SAFE_INTEGER}`

/** Lists how often each check flipped for each reason in flips that were pruned. */
export const forgotten = (connection: Connection) =>
  Row.list(
    connection,
    "SELECT c.id, g.reason, g.number FROM forgotten_flips g LEFT JOIN checks c ON c.key = g.check_key",
    [[]],
    countOf("forgotten_flips"),
  )

/**
 * Returns how often each check of a project flipped for each reason, pruned flips included. However many there are, others
 * have their turn after some thousands.
 */
export const counts = Effect.fnUntraced(function* (connection: Connection, project: string) {
  const found: FlipCount[] = []
  const damaged: StoreError[] = []
  yield* Walk.each(
    connection,
    {
      selection: "SELECT c.key, c.id FROM projects p JOIN checks c ON c.project = p.key",
      conditions: ["p.id = ?"],
      parameters: [project],
      key: ["c.key"],
      atOnce: countedAtOnce,
    },
    ([key = null, id = null]) => [key, id] as const,
    Effect.fnUntraced(function* ({ found: checks }) {
      const ids = new Map(checks)
      const numbers = yield* numbersOf(connection, [...ids.keys()])
      for (const [key, why, number] of numbers) {
        const one = Row.tried(() => readCount([ids.get(key) ?? null, why, number]))
        if (Result.isSuccess(one)) found.push(one.success)
        else damaged.push(one.failure)
      }
    }),
  )
  return { found, damaged }
})

/** Checks whose flips are counted together when those are so many at most: a millisecond of work. */
const countedAtOnce = 64
const fewFlips = 2_000
/** How many flips of one of them are counted at once when they are more. */
const flipsAtOnce = 500

/** Returns how often checks flipped for each reason, by their keys. What is no number says so where it is read. */
const numbersOf = Effect.fnUntraced(function* (connection: Connection, checks: readonly Value[]) {
  const sums = new Map<string, [check: Value, why: Value, number: Value]>()
  const add = ([check = null, why = null, number = null]: Values): void => {
    const name = `${String(check)} ${String(why)}`
    const before = sums.get(name)
    if (before === undefined) sums.set(name, [check, why, number])
    else before[2] = Number(before[2]) + Number(number)
  }
  const among = `WHERE check_key IN (${checks.map(() => "?").join(", ")})`
  const pruned = `SELECT check_key, reason, number FROM forgotten_flips ${among}`
  for (const row of yield* connection.query(pruned, [checks])) add(row)
  const few = yield* connection.query(
    `SELECT check_key, reason, count(*) FROM (
      SELECT check_key, reason FROM flips ${among} LIMIT ${fewFlips}
    ) AS counted GROUP BY check_key, reason`,
    [checks],
  )
  if (few.reduce((sum, [, , number]) => sum + Number(number), 0) < fewFlips) for (const row of few) add(row)
  else yield* countLong(connection, checks, add)
  return sums.values()
})

/** Counts the flips of checks some at a time. */
const countLong = Effect.fnUntraced(function* (
  connection: Connection,
  checks: readonly Value[],
  add: (row: Values) => void,
) {
  let left = new Map<Value, Value>(checks.map((check) => [check, Number.MIN_SAFE_INTEGER]))
  while (left.size > 0) {
    const rows = yield* connection.query(counting, [...left])
    left = new Map()
    for (const row of rows) {
      const [check, , , all, last] = row
      add(row)
      if (all === flipsAtOnce) left.set(check!, last!)
    }
    yield* Effect.yieldNow
  }
})

/** Counts by reason some flips of a check, after one of them, and says how many those are and which is the last. */
const counting = `SELECT check_key, reason, count(*),
    CAST(sum(count(*)) OVER () AS bigint), max(max(n)) OVER () FROM (
    SELECT check_key, reason, n FROM flips WHERE check_key = ? AND n > ? ORDER BY n LIMIT ${flipsAtOnce}
  ) AS counted GROUP BY check_key, reason`

/** Inserts flips; fails with reason `constraint` when a check has one of that number already. */
export const insert = (
  connection: Transaction,
  flips: readonly {
    readonly owner: { readonly key: number; readonly project: number }
    readonly flip: Flip
  }[],
) =>
  connection.send(
    insertion,
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
      flip.result === undefined ? null : JSON.stringify(flip.result),
    ]),
  )

const insertion = Many.insert("flips", {
  project: "integer",
  check_key: "integer",
  n: "integer",
  at: "integer",
  from_status: "text",
  to_status: "text",
  reason: "text",
  is_blind: "integer",
  is_quiet: "integer",
  rid: "text",
  duration: "integer",
  result: "text",
})
