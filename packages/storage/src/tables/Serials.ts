/** Numbers of things among those of their kind in a project: none is given twice, also when the thing is gone. */
import * as Effect from "effect/Effect"
import type { Connection } from "../Connection.ts"
import * as Row from "../Row.ts"

/** What is numbered. */
export type Kind = "check" | "channel" | "group"

/**
 * Returns the numbers of so many more of a kind in a project, ascending; none when there is no such project. To be run in
 * a transaction, which others of the project wait for.
 */
export const next = (connection: Connection, kind: Kind, project: string, count: number) =>
  Effect.map(
    Row.first(
      connection,
      `UPDATE projects SET ${kind}_serial = ${kind}_serial + ? WHERE id = ? RETURNING ${kind}_serial`,
      [count, project],
      ([last]) => Row.integer(last, `${kind}_serial`),
    ),
    (last) =>
      last === undefined ? [] : Array.from({ length: count }, (_, index) => last - count + 1 + index),
  )
