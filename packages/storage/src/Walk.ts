/** Long lists of records: read by many statements, between which others have their turn of the event loop. */
import type { StoreError } from "@overdue/core/Store"
import * as Effect from "effect/Effect"
import type { Connection, Row as Values } from "./Connection.ts"
import * as Row from "./Row.ts"

/** Which records are read, in the order of a key. */
export interface Walk {
  readonly selection: string
  /** What is to hold of them, in SQL, and the parameters of that. */
  readonly conditions?: readonly string[]
  readonly parameters?: Values
  /** The columns of the key in SQL, and the place of the first in a row, which the others follow; by default it begins with it. */
  readonly key: readonly string[]
  readonly keyAt?: number
  /** In which order; by default the smallest key comes first. */
  readonly order?: "ASC" | "DESC"
  /** How many one statement reads; by default about a thousand, some milliseconds of work. */
  readonly atOnce?: number
}

/** Reads records, however many, and hands on what one statement after the other has read. */
export const each = Effect.fnUntraced(function* <A, E, R>(
  connection: Connection,
  { selection, conditions = [], parameters = [], key, keyAt = 0, order = "ASC", atOnce = 1_024 }: Walk,
  read: (row: Values) => A,
  use: (some: Row.Listed<A>) => Effect.Effect<void, E, R>,
) {
  const sorted = key.map((column) => `${column} ${order}`).join(", ")
  const beyond = `(${key.join(", ")}) ${order === "ASC" ? ">" : "<"} (${key.map(() => "?").join(", ")})`
  let after: Values | undefined
  while (true) {
    const all = after === undefined ? conditions : [...conditions, beyond]
    const where = all.map((one, index) => `${index === 0 ? "WHERE" : "AND"} ${one}`).join(" ")
    const sql = `${selection} ${where} ORDER BY ${sorted} LIMIT ${atOnce}`
    let count = 0
    let last: Values = []
    const some = yield* Row.list(connection, sql, [[...parameters, ...(after ?? [])]], (row) => {
      count += 1
      last = row.slice(keyAt, keyAt + key.length)
      return read(row)
    })
    if (count > 0) yield* use(some)
    // A damaged key may be too large to be told from the next.
    if (count < atOnce || last.every((value, index) => value === after?.[index])) return
    after = last
    yield* Effect.yieldNow
  }
})

/** Does the same as `Row.list` for however many records. */
export const list = Effect.fnUntraced(function* <A>(
  connection: Connection,
  walk: Walk,
  read: (row: Values) => A,
) {
  const found: A[] = []
  const damaged: StoreError[] = []
  yield* each(connection, walk, read, (some) =>
    Effect.sync(() => {
      found.push(...some.found)
      damaged.push(...some.damaged)
    }),
  )
  return { found, damaged }
})
