/** Channels in SQL. */
import type { Channel } from "@overdue/core/Channel"
import * as Effect from "effect/Effect"
import type { Connection, Row as Values } from "../Connection.ts"
import type { Flavour } from "../Flavour.ts"
import * as Row from "../Row.ts"
import * as Checks from "./Checks.ts"

export const columns = "h.id, p.id, h.name, h.kind, h.value, h.disabled, h.created_at"
export const width = 7
const tables = "channels h JOIN projects p ON p.key = h.project"

export const read = ([id, project, name, kind, value, disabled, createdAt]: Values): Channel => ({
  id: Row.text(id),
  project: Row.text(project),
  name: Row.text(name),
  kind: Row.text(kind),
  value: Row.json(value, "the value of a channel"),
  disabled: Row.optional(Row.text, disabled),
  createdAt: Row.integer(createdAt),
})

export const ofProject = (connection: Connection, project: string) =>
  Row.query(connection, `SELECT ${columns} FROM ${tables} WHERE p.id = ? ORDER BY h.key`, [[project]], read)

export const byId = (connection: Connection, id: string) =>
  Row.first(connection, `SELECT ${columns} FROM ${tables} WHERE h.id = ?`, [id], read)

export const create = (connection: Connection, channel: Channel) => {
  const { id, project, name, kind, value, disabled, createdAt } = channel
  return connection.execute(
    `INSERT INTO channels (project, id, name, kind, value, disabled, created_at)
    VALUES ((SELECT key FROM projects WHERE id = ?), ?, ?, ?, ?, ?, ?)`,
    [[project, id, name, kind, JSON.stringify(value), Row.orNull(disabled), createdAt]],
  )
}

/** To be run in a transaction. */
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

export const disable = (connection: Connection, id: string, reason: string | undefined) =>
  Effect.asVoid(
    connection.execute("UPDATE channels SET disabled = ? WHERE id = ?", [[Row.orNull(reason), id]]),
  )
