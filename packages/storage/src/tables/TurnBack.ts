/** The statements that take back what was recorded ahead of a clock that has been set back. */
import * as State from "@overdue/core/State"
import type { Instant, Span } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import type { Connection, Row as Values } from "../Connection.ts"
import type { Flavour } from "../Flavour.ts"
import * as Row from "../Row.ts"
import * as Awake from "./Awake.ts"
import * as CheckRow from "./CheckRow.ts"
import * as Turns from "./Turns.ts"

/** What is taken back; see `Store.turnBack`. */
export interface Request {
  readonly now: Instant
  readonly lease: Span
  readonly ifAheadBy: Span | undefined
}

/**
 * Takes back, in a transaction, and returns the ids of the checks that may be ahead, in order of creation.
 *
 * The note is cut last, so that an engine that dies before it has seen to the checks finds it ahead when it starts again.
 */
export const run = Effect.fnUntraced(function* (
  connection: Connection,
  flavour: Flavour,
  { now, lease, ifAheadBy }: Request,
) {
  const lock = flavour.lock("awake", true)
  const note = yield* Row.first(connection, `SELECT at FROM awake${lock}`, [], ([at]) =>
    Row.integer(at, "at"),
  )
  if (ifAheadBy !== undefined && (note ?? now) <= now + ifAheadBy) return []
  const ahead = "from_at >= ? OR (is_step = 1 AND to_at > ?)"
  const gone = yield* connection.execute(`DELETE FROM blind_spans WHERE ${ahead}`, [[now, now]])
  const cut = yield* connection.execute("UPDATE blind_spans SET to_at = ? WHERE to_at > ?", [[now, now]])
  if (gone + cut > 0) {
    yield* Awake.changed(connection)
    yield* Awake.lookAgain(connection, now)
  }
  yield* connection.execute(hastening, [
    [now, 0, now],
    [now + lease, 1, now + lease],
  ])
  yield* Turns.turnBack(connection, now)
  const found = yield* Row.query(connection, looking, [[now, now, now]], readState)
  const ids = found.filter(({ state }) => state === undefined || State.mayBeAhead(state, now))
  const isDone = !ids.some(({ state }) => state !== undefined && State.isAhead(state, now))
  if (isDone) yield* connection.execute("UPDATE awake SET at = ? WHERE at > ?", [[now, now]])
  return ids.map(({ id }) => id)
})

const hastening = "UPDATE deliveries SET due_at = ? WHERE status = 'pending' AND is_leased = ? AND due_at > ?"

/** Runs and marks have no columns of their own, so a check that has any is read. */
const looking = `SELECT id, anchor, told_at, as_of, runs, marks FROM checks
  WHERE anchor > ? OR told_at > ? OR as_of > ? OR runs IS NOT NULL OR marks IS NOT NULL ORDER BY key`

/** A row that cannot be read may be ahead: whoever applies an event to it finds out what is wrong with it. */
const readState = ([id, ...row]: Values): {
  readonly id: string
  readonly state: State.Ahead | undefined
} => ({
  id: Row.text(id, "id"),
  state: Row.readable(() => CheckRow.readAhead(row)),
})
