/**
 * Times that lie further ahead than any that is computed, or than a clock was ever wrong by. They can be read, but what
 * waits for them is never told. They are only said to be damaged: what else the record says goes on.
 */
import type { Damage, StoreError } from "@overdue/core/Store"
import type { Project } from "@overdue/core/Project"
import type { Instant } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import type { Connection } from "../Connection.ts"
import * as RecordName from "../RecordName.ts"
import * as Row from "../Row.ts"
import type * as CheckRow from "./CheckRow.ts"

/** A period, a grace and what is added to them are at most so long each. */
const furthest = 3 * Row.longest

/** Returns the first instant that lies too far ahead; `undefined` when nobody has noted yet what time it is. */
export const limit = (connection: Connection) =>
  Effect.map(connection.query("SELECT at FROM awake"), (rows): Instant | undefined => {
    const at = rows[0]?.[0]
    return typeof at === "number" && at <= Row.last - furthest ? at + furthest : undefined
  })

/** Returns what of a check lies too far ahead. */
export const ofCheck = ({ lookAt, check: { id, state } }: CheckRow.Stored, limit: Instant) => {
  const times: readonly (readonly [column: string, at: Instant | undefined, field?: string])[] = [
    ["look_at", lookAt],
    ["deadline", state.deadline],
    ["anchor", state.anchor],
    ["told_at", state.toldAt],
    ["as_of", state.flippedAt],
    ["marks", state.tellAt, "tellAt"],
    ["marks", state.silencedUntil, "silencedUntil"],
  ]
  return times.flatMap(([column, at, field]) =>
    beyond(at, limit, {
      table: "checks",
      record: RecordName.check(id),
      column,
      ...(field !== undefined && { field }),
    }),
  )
}

/** Returns what of a project lies too far ahead. */
export const ofProject = ({ id, silencedUntil }: Project, limit: Instant) =>
  beyond(silencedUntil, limit, {
    table: "projects",
    record: RecordName.of("project", id),
    column: "silenced_until",
  })

/** Returns what of blind spans and of deliveries that wait lies too far ahead. */
export const ofOthers = Effect.fnUntraced(function* (connection: Connection, limit: Instant) {
  const spans = yield* connection.query("SELECT to_at FROM blind_spans WHERE to_at >= ?", [[limit]])
  const waiting = yield* connection.query(
    "SELECT id, due_at FROM deliveries WHERE status = 'pending' AND due_at >= ? ORDER BY due_at LIMIT 100",
    [[limit]],
  )
  return [
    ...spans.flatMap(([to]) =>
      beyond(to, limit, { table: "blind_spans", record: "a blind span", column: "to_at" }),
    ),
    ...waiting.flatMap(([id, at]) =>
      beyond(at, limit, { table: "deliveries", record: RecordName.of("alert", id), column: "due_at" }),
    ),
  ]
})

const beyond = (at: unknown, limit: Instant, place: Damage): readonly StoreError[] =>
  typeof at === "number" && at >= limit
    ? [Row.damage(place, `${at} is thousands of years ahead, until which nothing is told`)]
    : []
