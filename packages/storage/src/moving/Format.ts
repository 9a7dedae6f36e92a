/**
 * The lines of a dump, each a JSON text.
 *
 * A header; then, table by table, chunks: a line that says which keys a chunk is of and what its rows digest to, and a line
 * for each row. A line ends each table, and the last line says how many rows each table has and what they digest to: without
 * it, a dump was cut off.
 */
import * as Schema from "effect/Schema"
import * as Catalogue from "./Catalogue.ts"
import * as Limits from "./Limits.ts"
import type { Page, Sum } from "./Pages.ts"

/** The version of this format. */
export const version = 1

const Count = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }))
const Sha256 = Schema.String.check(Schema.isPattern(/^[0-9a-f]{64}$/u))
const Key = Schema.Array(Schema.Union([Schema.Int, Schema.String]))

/** The first line, as far as any version has it. */
export const Beginning = Schema.Struct({
  overdue: Schema.Literal("dump"),
  format: Schema.Int,
  schema: Schema.Int,
})

/** The first line. */
export const Header = Schema.Struct({
  overdue: Schema.Literal("dump"),
  format: Schema.Literal(version),
  /** The version of the schema. */
  schema: Schema.Int,
  /** When it was taken. */
  takenAt: Schema.String,
  /** Of the installation's secret, as its database knows it; `null` when it knows none. The secret itself is in no dump. */
  fingerprint: Schema.NullOr(Schema.String),
  /** Tells installations apart. */
  installation: Schema.String,
  /** All tables, in their order. */
  tables: Schema.Array(
    Schema.Struct({ table: Schema.String, columns: Schema.Array(Schema.String), rows: Count }),
  ),
})
/** The first line. */
export interface Header extends Schema.Schema.Type<typeof Header> {}

/** The line before the rows of a chunk. */
const Chunk = Schema.Struct({
  table: Schema.String,
  after: Schema.NullOr(Key),
  to: Key,
  count: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: Limits.rows })),
  /** Of the lines of its rows, each with its line end. */
  sha256: Sha256,
})

/** The line after the last chunk of a table. */
const End = Schema.Struct({ end: Schema.String })

/** The last line: of each table, the number of rows and the digest of all of their lines. */
const Last = Schema.Struct({
  complete: Schema.Record(Schema.String, Schema.Struct({ count: Count, sha256: Sha256 })),
})

/** A line between rows. */
export const Line = Schema.Union([Chunk, End, Last])
/** A line between rows. */
export type Line = Schema.Schema.Type<typeof Line>

/** Returns the first line of a dump of this version. */
export const header = (
  given: Pick<Header, "takenAt" | "fingerprint" | "installation">,
  rows: readonly number[],
): Header => ({
  overdue: "dump",
  format: version,
  schema: Catalogue.version,
  ...given,
  tables: Catalogue.tables().map(({ name, columns }, index) => ({
    table: name,
    columns: columns.map((column) => column.name),
    rows: rows[index]!,
  })),
})

/** Returns the lines of a chunk. */
export const chunk = (table: string, { after, to, lines }: Page, sha256: string): string =>
  `${JSON.stringify({ table, after: after ?? null, to, count: lines.length, sha256 })}\n${lines.join("\n")}\n`

/** Returns the line that ends a table. */
export const end = (table: string): string => `${JSON.stringify({ end: table })}\n`

/** Returns the last line. */
export const last = (sums: ReadonlyMap<string, Sum>): string =>
  `${JSON.stringify({ complete: Object.fromEntries(sums) })}\n`
