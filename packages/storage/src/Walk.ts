/** Long lists of records: read by many statements, between which others have their turn of the event loop. */
import type { StoreError } from "@overdue/core/Store"
import * as Effect from "effect/Effect"
import type { Connection, Row as Values, Value } from "./Connection.ts"
import * as Row from "./Row.ts"

/** A statement that lists records in the order of a key. */
export interface Walk {
  /** Selects them, with conditions; `parameters` are those of the conditions. */
  readonly selection: string
  readonly parameters: Values
  /** The key in SQL, in which order, and its place in a row. */
  readonly key: string
  readonly order: "ASC" | "DESC"
  readonly keyAt: number
}

/** Does the same as `Row.list` for however many records: one statement for each thousand, and others have their turn. */
export const list = Effect.fnUntraced(function* <A>(
  connection: Connection,
  { selection, parameters, key, order, keyAt }: Walk,
  read: (row: Values) => A,
) {
  const found: A[] = []
  const damaged: StoreError[] = []
  const end = `ORDER BY ${key} ${order} LIMIT ${atOnce}`
  let after: Value | undefined
  while (true) {
    const [beyond, bound] =
      after === undefined ? ["", []] : [` AND ${key} ${order === "ASC" ? ">" : "<"} ?`, [after]]
    const rows: Values[] = []
    const slice = yield* Row.list(
      connection,
      `${selection}${beyond} ${end}`,
      [[...parameters, ...bound]],
      (row) => {
        rows.push(row)
        return read(row)
      },
    )
    found.push(...slice.found)
    damaged.push(...slice.damaged)
    const last: Value | undefined = rows.at(-1)?.[keyAt]
    // A damaged key may be too large to be told from the next.
    if (rows.length < atOnce || last === undefined || last === after) return { found, damaged }
    after = last
    yield* Effect.yieldNow
  }
})

/** Records that one statement lists: some milliseconds of work. */
const atOnce = 1_024
