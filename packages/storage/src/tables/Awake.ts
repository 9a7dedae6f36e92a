/** When somebody was last awake, and the spans in which nobody was, in SQL. */
import type { Interval } from "@overdue/core/CountedTime"
import type { Instant, Span } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import type { Connection } from "../Connection.ts"
import type { Flavour } from "../Flavour.ts"
import * as Row from "../Row.ts"

export const blind = (connection: Connection) =>
  Row.query(
    connection,
    "SELECT from_at, to_at FROM blind_spans ORDER BY key",
    [[]],
    ([from, to]): Interval => ({ from: Row.integer(from), to: Row.integer(to) }),
  )

export interface Note {
  readonly now: Instant
  readonly threshold: Span | undefined
  readonly valid: Span
}

/** To be run in a transaction. */
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
  if (now <= from) return undefined
  yield* connection.execute("UPDATE awake SET at = ?", [[now]])
  if (threshold === undefined || now - from <= threshold) return undefined
  const span: Interval = { from: from + valid, to: now }
  yield* connection.execute("INSERT INTO blind_spans (from_at, to_at) VALUES (?, ?)", [[span.from, span.to]])
  return span
})
