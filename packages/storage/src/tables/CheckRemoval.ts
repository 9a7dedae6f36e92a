/** The statements that delete checks, none of which reads more of them than it must: their records may be damaged. */
import type { Instant } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import type { Connection } from "../Connection.ts"
import type { Flavour } from "../Flavour.ts"
import * as Row from "../Row.ts"

/** Deletes checks and returns the keys of the newest pings in their logs, which are still there. */
export const remove = (connection: Connection, ids: readonly string[]) =>
  Effect.map(
    connection.query(
      // A key that no ping can have is that of a damaged check, which is deleted all the same.
      `DELETE FROM checks WHERE id = ?
      RETURNING CASE WHEN last_logged BETWEEN 1 AND ${Number.MAX_SAFE_INTEGER} THEN last_logged END`,
      ids.map((id) => [id]),
    ),
    (rows) => rows.flatMap(([newest]) => (typeof newest === "number" ? [newest] : [])),
  )

/** What the deletion of a check needs to know of it, whatever else of its record is damaged. */
export interface Outline {
  readonly id: string
  /** Key of its project. */
  readonly project: number
  /** Since when it is down, as far as that can be read; `undefined` when it is not down. */
  readonly downAt: Instant | undefined
}

/** Returns the outlines of the checks with these ids. */
export const outlines = (connection: Connection, ids: readonly string[]) =>
  Row.query(
    connection,
    "SELECT id, project, CASE WHEN status = 'down' THEN as_of END FROM checks WHERE id = ?",
    ids.map((id) => [id]),
    ([id, project, downAt]): Outline => ({
      id: Row.text(id, "id"),
      project: Row.integer(project, "project"),
      downAt: Row.optional(Row.number, downAt, "as_of"),
    }),
  )

/** Locks the check of a project with an id, and returns whether there is one. Its record may be damaged. */
export const lockOf = (
  connection: Connection,
  flavour: Flavour,
  { project, id }: { readonly project: string; readonly id: string },
) =>
  Effect.map(
    connection.query(
      `SELECT c.key FROM checks c JOIN projects p ON p.key = c.project
      WHERE p.id = ? AND c.id = ?${flavour.lock("c", true)}`,
      [[project, id]],
    ),
    (rows) => rows.length > 0,
  )
