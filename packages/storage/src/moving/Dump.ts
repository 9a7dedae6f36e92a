/** A dump of a database: all that an installation knows, as lines of JSON, read from one state of the database. */
import { createHash } from "node:crypto"
import type { StoreError } from "@overdue/core/Store"
import type { Instant } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import * as Admission from "../Admission.ts"
import type { Connection } from "../Connection.ts"
import * as Row from "../Row.ts"
import * as Catalogue from "./Catalogue.ts"
import * as Format from "./Format.ts"
import * as Pages from "./Pages.ts"
import * as TableSql from "./TableSql.ts"

/** How a dump is taken. */
export interface Taking {
  /** A state of the database that stays as it is. */
  readonly connection: Connection
  readonly takenAt: Instant
  /** Takes the next lines, and returns once there is room for more of them. */
  readonly write: (lines: string) => Effect.Effect<unknown, StoreError>
  /** Is told how many of all rows are written. */
  readonly told: (done: number, total: number) => void
}

/** What is in a dump. */
export interface Content {
  readonly header: Format.Header
  readonly sums: ReadonlyMap<string, Pages.Sum>
}

/** Takes a dump. */
export const take = Effect.fnUntraced(function* ({ connection, takenAt, write, told }: Taking) {
  const tables = Catalogue.tables()
  const counts: number[] = []
  for (const table of tables)
    counts.push((yield* Row.first(connection, TableSql.counting(table), [], ([n]) => Row.count(n, "count")))!)
  const total = counts.reduce((sum, count) => sum + count, 0)
  const header = Format.header(
    { takenAt: new Date(takenAt).toISOString(), ...(yield* identity(connection)) },
    counts,
  )
  yield* write(`${JSON.stringify(header)}\n`)
  const sums = new Map<string, Pages.Sum>()
  let done = 0
  told(done, total)
  for (const table of tables) {
    const all = Pages.digest()
    let count = 0
    for (let page = yield* Pages.next(connection, table, undefined); page !== undefined;) {
      Pages.add(all, page.lines)
      count += page.lines.length
      const sha256 = Pages.add(Pages.digest(), page.lines).digest("hex")
      yield* write(Format.chunk(table.name, page, sha256))
      told((done += page.lines.length), total)
      page = yield* Pages.next(connection, table, page.to)
    }
    sums.set(table.name, { count, sha256: all.digest("hex") })
    yield* write(Format.end(table.name))
  }
  yield* write(Format.last(sums))
  const content: Content = { header, sums }
  return content
})

/**
 * Returns the fingerprint of the secret, and what tells installations apart: that, and the first project. Several
 * installations may have one secret.
 */
const identity = Effect.fnUntraced(function* (connection: Connection) {
  const fingerprint = yield* Row.first(
    connection,
    "SELECT value FROM settings WHERE name = ?",
    [Admission.setting],
    ([value]) => Row.text(value, "value"),
  )
  const [first = []] = yield* connection.query("SELECT id, created_at FROM projects ORDER BY key LIMIT 1")
  const installation = createHash("sha256")
    .update(JSON.stringify([fingerprint ?? null, ...first]))
    .digest("hex")
    .slice(0, 32)
  return { fingerprint: fingerprint ?? null, installation }
})
