/** The statements about the last instant at which an engine ran, and about the spans in which none did. */
import type { Interval } from "@overdue/core/CountedTime"
import * as Steps from "@overdue/core/Steps"
import type { StoreError } from "@overdue/core/Store"
import type { Instant, Span } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { Connection, Row as Values, Transaction } from "../Connection.ts"
import type { Flavour } from "../Flavour.ts"
import type { Tell } from "../Omissions.ts"
import * as Row from "../Row.ts"

/** Reads all blind spans, the oldest first. */
export interface Reader {
  readonly read: (connection: Connection) => Effect.Effect<readonly Interval[], StoreError>
  /** Begins to, in a transaction, and to ask for something else on the same way; returns what waits for both. */
  readonly ahead: (
    connection: Transaction,
    further: readonly string[],
  ) => Effect.Effect<Effect.Effect<Asked, StoreError>, StoreError>
}

/** Blind spans, and what was asked for with them. */
export interface Asked {
  readonly spans: readonly Interval[]
  /** The values of what was asked for; none before the first note. */
  readonly further: Values
}

/**
 * Returns what reads blind spans. Every unit of work asks for them and they hardly ever change, so it remembers them,
 * and reads only whether they are still the same: one number, which whatever changes them changes with them.
 */
export const reader = (tell: Tell): Reader => {
  let known: { readonly version: unknown; readonly spans: readonly Interval[] } | undefined
  const spansOf = Effect.fnUntraced(function* (connection: Connection, [row]: readonly Values[]) {
    const version = row !== undefined && Number.isSafeInteger(row[0]) ? row[0] : undefined
    // Without a number that can be read, they are read each time.
    if (known === undefined || version === undefined || known.version !== version) {
      const { found, damaged } = yield* all(connection)
      yield* tell("a blind span does not count", damaged)
      known = { version, spans: found }
    }
    return known.spans
  })
  return {
    read: (connection) => Effect.flatMap(connection.query(asking([])), (rows) => spansOf(connection, rows)),
    ahead: (connection, further) =>
      Effect.map(
        connection.ahead(asking(further)),
        Effect.flatMap((rows) =>
          Effect.map(spansOf(connection, rows), (spans) => ({ spans, further: rows[0]?.slice(1) ?? [] })),
        ),
      ),
  }
}

const asking = (further: readonly string[]): string =>
  `SELECT ${["blind_version", ...further].join(", ")} FROM awake`

/**
 * Lists all blind spans. Every unit of work reads them, so one that is damaged is left out: it keeps nothing but itself
 * from being read.
 */
export const all = (connection: Connection) =>
  Row.list(connection, "SELECT from_at, to_at, is_step FROM blind_spans ORDER BY key", [[]], read)

const read = Row.record(
  "blind_spans",
  () => "a blind span",
  ([from, to, isStep]: Values): Interval => ({
    from: Row.instant(from, "from_at"),
    to: Row.instant(to, "to_at"),
    ...(Row.flag(isStep, "is_step") && { isStep: true }),
  }),
)

/** The statement that must run in the transaction that changes blind spans. */
export const changing = "UPDATE awake SET blind_version = blind_version + 1"

/** Runs it. */
export const changed = (connection: Connection) => connection.execute(changing, [[]])

/** Must run in the transaction that takes back what has moved deadlines on: each is a lower bound, and looked at again. */
export const lookAgain = (connection: Connection, now: Instant) =>
  connection.execute("UPDATE checks SET deadline = ?, look_at = ? WHERE deadline > ?", [[now, now, now]])

/** Records a step of the clock, in a transaction; see `Store.stepped`. */
export const stepped = Effect.fnUntraced(function* (
  connection: Connection,
  flavour: Flavour,
  { now, by }: { readonly now: Instant; readonly by: Span },
) {
  const notes = yield* connection.query(`SELECT at FROM awake${flavour.lock("awake", true)}`)
  if (notes.length === 0) return Math.min(0, by)
  const { found: known } = yield* all(connection)
  const { blind, rest } = Steps.after(known, now, by)
  if (by < 0 && rest === by) return rest
  yield* connection.execute("DELETE FROM blind_spans WHERE is_step = 1", [[]])
  yield* connection.execute(
    "INSERT INTO blind_spans (from_at, to_at, is_step) VALUES (?, ?, 1)",
    Steps.among(blind).map(({ from, to }) => [from, to]),
  )
  yield* changed(connection)
  if (by < 0) yield* lookAgain(connection, now)
  return rest
})

/** A note of an engine that it runs; see `Store.awake`. */
export interface Note {
  readonly now: Instant
  /** A longer time without a note becomes a blind span; `undefined`: none does. */
  readonly threshold: Span | undefined
  /** How long the note before covers. */
  readonly valid: Span
}

const readNote = Row.record(
  "awake",
  () => "the last time that a node was awake",
  ([at]: Values) => Row.instant(at, "at"),
)

/** Lists the last note. */
export const last = (connection: Connection) => Row.list(connection, "SELECT at FROM awake", [[]], readNote)

/** Takes a note, in a transaction, and returns the blind span that ends with it; `undefined` when there is none. */
export const note = Effect.fnUntraced(function* (
  { connection, flavour, tell }: { connection: Connection; flavour: Flavour; tell: Tell },
  { now, threshold, valid }: Note,
) {
  const [row] = yield* connection.query(`SELECT at FROM awake${flavour.lock("awake", true)}`)
  const read = row && Row.tried(() => readNote(row))
  if (read !== undefined && Result.isFailure(read)) {
    // Everything waits for this note, and nothing else depends on what it said.
    yield* connection.execute("UPDATE awake SET at = ?", [[now]])
    yield* tell("written anew", [read.failure])
    return undefined
  }
  const from = read?.success
  if (from === undefined) {
    yield* connection.execute("INSERT INTO awake (one, at) VALUES (1, ?) ON CONFLICT (one) DO NOTHING", [
      [now],
    ])
    return undefined
  }
  // Written even when the clock has been set back: whoever proves that the store can be written to relies on it.
  yield* connection.execute("UPDATE awake SET at = ?", [[Math.max(now, from)]])
  if (threshold === undefined || now - from <= threshold) return undefined
  const span: Interval = { from: from + valid, to: now }
  yield* connection.execute("INSERT INTO blind_spans (from_at, to_at) VALUES (?, ?)", [[span.from, span.to]])
  yield* changed(connection)
  return span
})
