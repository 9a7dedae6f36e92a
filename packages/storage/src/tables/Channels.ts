/** The statements about channels. */
import type { Channel } from "@overdue/core/Channel"
import * as Effect from "effect/Effect"
import type { Connection, Row as Values } from "../Connection.ts"
import type { Flavour } from "../Flavour.ts"
import * as Row from "../Row.ts"
import * as Checks from "./Checks.ts"

/** The columns that `read` reads: of channels `h`, and of the projects `p` that they belong to. */
export const columns = "h.id, p.id, h.name, h.kind, h.value, h.disabled, h.created_at"
/** How many columns those are. */
export const width = 7
const tables = "channels h JOIN projects p ON p.key = h.project"

/** Returns the channel of a row; throws when it cannot be read. */
export const read = ([id, project, name, kind, value, disabled, createdAt]: Values): Channel => ({
  id: Row.text(id),
  project: Row.text(project),
  name: Row.text(name),
  kind: Row.text(kind),
  value: Row.json(value, "the value of a channel"),
  disabled: Row.optional(Row.text, disabled),
  createdAt: Row.integer(createdAt),
})

/** Returns the channels of a project in order of creation. */
export const ofProject = (connection: Connection, project: string) =>
  Row.query(connection, `SELECT ${columns} FROM ${tables} WHERE p.id = ? ORDER BY h.key`, [[project]], read)

/** Returns the channel with an id; `undefined` when there is none. */
export const byId = (connection: Connection, id: string) =>
  Row.first(connection, `SELECT ${columns} FROM ${tables} WHERE h.id = ?`, [id], read)

/** Inserts a channel; fails with reason `constraint` when its project does not exist or its id is taken. */
export const create = (connection: Connection, channel: Channel) => {
  const { id, project, name, kind, value, disabled, createdAt } = channel
  return connection.execute(
    `INSERT INTO channels (project, id, name, kind, value, disabled, created_at)
    VALUES ((SELECT key FROM projects WHERE id = ?), ?, ?, ?, ?, ?, ?)`,
    [[project, id, name, kind, JSON.stringify(value), Row.orNull(disabled), createdAt]],
  )
}

/** Deletes a channel, in a transaction, from the checks of its project too; returns whether there was one. */
export const remove = Effect.fnUntraced(function* (connection: Connection, flavour: Flavour, id: string) {
  const found = yield* Row.first(
    connection,
    `SELECT project FROM channels WHERE id = ?${flavour.lock("channels", true)}`,
    [id],
    ([project]) => Row.integer(project),
  )
  if (found === undefined) return false
  yield* Checks.withdrawChannel(connection, flavour, { project: found, channel: id })
  yield* connection.execute("DELETE FROM channels WHERE id = ?", [[id]])
  return true
})

/** Disables a channel for a reason, or enables it again without one. */
export const disable = (connection: Connection, id: string, reason: string | undefined) =>
  Effect.asVoid(
    connection.execute("UPDATE channels SET disabled = ? WHERE id = ?", [[Row.orNull(reason), id]]),
  )
