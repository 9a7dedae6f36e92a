/** The statements about groups of checks. */
import type { Group, GroupChange, NewGroup } from "@overdue/core/Group"
import * as Effect from "effect/Effect"
import type { Connection, Row as Values } from "../Connection.ts"
import * as ExtensionText from "../ExtensionText.ts"
import * as RecordName from "../RecordName.ts"
import * as Row from "../Row.ts"
import * as Serials from "./Serials.ts"

/** Groups of no project as well: `read` tells of those. */
const selection = `SELECT g.id, p.id, g.serial, g.name, g.color, g.extension, g.created_at, g.updated_at
  FROM check_groups g LEFT JOIN projects p ON p.key = g.project`

const read = Row.record(
  "check_groups",
  ([id]) => RecordName.of("group", id),
  (row: Values): Group => ({
    id: Row.text(row[0], "id"),
    project:
      Row.optional(Row.text, row[1], "project") ?? Row.unreadable("project", "there is no such project"),
    serial: Row.count(row[2], "serial"),
    name: Row.text(row[3], "name"),
    color: Row.text(row[4], "color"),
    extension: ExtensionText.decode(row[5]),
    createdAt: Row.instant(row[6], "created_at"),
    updatedAt: Row.instant(row[7], "updated_at"),
  }),
)

/** Returns the groups of a project in order of creation. */
export const ofProject = (connection: Connection, project: string) =>
  Row.list(connection, `${selection} WHERE p.id = ? ORDER BY g.key`, [[project]], read)

/** Returns all groups in order of creation. */
export const all = (connection: Connection) => Row.list(connection, `${selection} ORDER BY g.key`, [[]], read)

/**
 * Inserts a group in a transaction and returns it with its number; fails with reason `constraint` when its project does not
 * exist or its id is taken.
 */
export const create = Effect.fnUntraced(function* (connection: Connection, group: NewGroup) {
  const { id, project, name, color, extension, createdAt, updatedAt } = group
  const [serial = 0] = yield* Serials.next(connection, "group", project, 1)
  yield* connection.execute(
    `INSERT INTO check_groups (project, id, serial, name, color, extension, created_at, updated_at)
    VALUES ((SELECT key FROM projects WHERE id = ?), ?, ?, ?, ?, ?, ?, ?)`,
    [[project, id, serial, name, color, ExtensionText.encode(extension), createdAt, updatedAt]],
  )
  return { ...group, serial }
})

const ofIds = "project = (SELECT key FROM projects WHERE id = ?) AND id = ?"

/** Changes a group; returns whether the project has it. */
export const update = (
  connection: Connection,
  [project, id]: readonly [project: string, id: string],
  { name, color, updatedAt }: GroupChange,
) =>
  Effect.map(
    connection.execute(`UPDATE check_groups SET name = ?, color = ?, updated_at = ? WHERE ${ofIds}`, [
      [name, color, updatedAt, project, id],
    ]),
    (changed) => changed > 0,
  )

/** Deletes a group, in a transaction, of which no check is any more; returns whether the project had it. It is not read. */
export const remove = Effect.fnUntraced(function* (
  connection: Connection,
  of: readonly [project: string, id: string],
) {
  const [project, id] = of
  const isThere = (yield* connection.execute(`DELETE FROM check_groups WHERE ${ofIds}`, [of])) > 0
  if (!isThere) return false
  yield* connection.execute(
    "UPDATE checks SET group_id = NULL WHERE project = (SELECT key FROM projects WHERE id = ?) AND group_id = ?",
    [[project, id]],
  )
  return true
})
