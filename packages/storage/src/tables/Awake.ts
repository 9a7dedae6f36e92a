/** The statements about the last instant at which an engine ran, and about the spans in which none did. */
import type { Interval } from "@overdue/core/CountedTime"
import type { Instant, Span } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import type { Connection } from "../Connection.ts"
import type { Flavour } from "../Flavour.ts"
import * as Row from "../Row.ts"

/** Returns all blind spans, the oldest first. */
export const blind = (connection: Connection) =>
  Row.query(
    connection,
    "SELECT from_at, to_at FROM blind_spans ORDER BY key",
    [[]],
    ([from, to]): Interval => ({ from: Row.integer(from), to: Row.integer(to) }),
  )

/** A note of an engine that it runs; see `Store.awake`. */
export interface Note {
  readonly now: Instant
  /** A longer time without a note becomes a blind span; `undefined`: none does. */
  readonly threshold: Span | undefined
  /** How long the note before covers. */
  readonly valid: Span
}

/** Takes a note, in a transaction, and returns the blind span that ends with it; `undefined` when there is none. */
export const note = Effect.fnUntraced(function* (
  connection: Connection,
  flavour: Flavour,
  { now, threshold, valid }: Note,
) {
  const lock = flavour.lock("awake", true)
  const from = yield* Row.first(connection, `SELECT at FROM awake${lock}`, [], ([at]) => Row.integer(at))
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
  return span
})
