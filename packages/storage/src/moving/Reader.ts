/** Reads a dump: its lines as what they say, in the only order in which they may stand. */
import { StoreError } from "@overdue/core/Store"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { Row } from "../Connection.ts"
import * as Catalogue from "./Catalogue.ts"
import * as Format from "./Format.ts"
import * as Limits from "./Limits.ts"
import * as Lines from "./Lines.ts"
import type { Sum } from "./Pages.ts"
import * as Pages from "./Pages.ts"

/** Some rows of a table, of which the dump has no other one between `after` and `to`. */
export interface Chunk {
  readonly is: "chunk"
  readonly table: Catalogue.Table
  readonly after: Row | undefined
  readonly to: Row
  /** The texts of the rows. */
  readonly lines: readonly Buffer[]
  readonly bytes: number
  readonly sha256: string
  /** The number of the line of the first row. */
  readonly at: number
}

/** What a dump says next. */
export type Piece =
  | Chunk
  /** The table has no row above `after`, or none at all. */
  | { readonly is: "end"; readonly table: Catalogue.Table; readonly after: Row | undefined }
  /** Nothing follows. */
  | { readonly is: "complete"; readonly sums: Readonly<Record<string, Sum>> }

/** A dump that is being read. Both fail with a `StoreError` that names the line. */
export interface Reader {
  readonly header: Effect.Effect<Format.Header, StoreError>
  readonly next: Effect.Effect<Piece, StoreError>
}

/** Returns the reader of a stream, of which it reads no more than it is asked for. */
export const of = (stream: AsyncIterable<Uint8Array>): Reader => {
  const lines = Lines.of(stream)
  const next = piecesOf(lines)
  return { header: attempt(() => header(lines)), next: attempt(next) }
}

const attempt = <A>(read: () => Promise<A>): Effect.Effect<A, StoreError> =>
  Effect.tryPromise({
    try: read,
    catch: (cause) =>
      cause instanceof StoreError
        ? cause
        : new StoreError({
            reason: "failed",
            detail: `the dump cannot be read (${cause instanceof Error ? cause.message : String(cause)}).`,
            cause,
          }),
  })

/** Returns what a line must be; `undefined` when it is something else. */
const reading = <A>(schema: Schema.Codec<A, unknown>): ((line: Buffer) => A | undefined) => {
  const decode = Schema.decodeUnknownResult(Schema.fromJsonString(schema))
  return (line) => {
    const decoded = decode(line.toString())
    return Result.isSuccess(decoded) ? decoded.success : undefined
  }
}

const beginningOf = reading(Format.Beginning)
const headerOf = reading(Format.Header)
const lineOf = reading(Format.Line)

const noDump = "is not the first line of a dump. Name a file that `overdue dump` wrote."

const header = async (lines: Lines.Lines): Promise<Format.Header> => {
  const line = await lines.next()
  if (line === undefined)
    throw Lines.refusal(1, "is missing: the dump is empty. Name a file that `overdue dump` wrote.")
  const beginning = beginningOf(line)
  if (beginning === undefined) throw Lines.refusal(1, noDump)
  if (beginning.format > Format.version || beginning.schema > Catalogue.version)
    throw Lines.refusal(1, "says that a newer version of Overdue took it. Load it with that version.")
  if (beginning.format < Format.version || beginning.schema < Catalogue.version)
    throw Lines.refusal(1, "says that an older version of Overdue took it. Take it again with this version.")
  const found = headerOf(line)
  if (found === undefined) throw Lines.refusal(1, noDump)
  const shapes = (tables: readonly { readonly name: string; readonly columns: readonly string[] }[]) =>
    tables.map(({ name, columns }) => `${name} (${columns.join(", ")})`)
  const given = shapes(found.tables.map(({ table, columns }) => ({ name: table, columns })))
  const known = shapes(
    Catalogue.tables().map(({ name, columns }) => ({ name, columns: columns.map((column) => column.name) })),
  )
  const other = known.findIndex((shape, index) => shape !== given[index])
  if (other >= 0 || given.length > known.length)
    throw Lines.refusal(
      1,
      `has other tables or columns than this version of Overdue: ${known[other] ?? "no further table"} was expected. Load it with the version that took it.`,
    )
  return found
}

/** Returns what reads the next piece. */
const piecesOf = (lines: Lines.Lines): (() => Promise<Piece>) => {
  const tables = [...Catalogue.tables()]
  let after: Row | undefined

  const rowsOf = async (count: number): Promise<Pick<Chunk, "lines" | "bytes">> => {
    const found: Buffer[] = []
    let bytes = 0
    while (found.length < count) {
      const line = await lines.next()
      if (line === undefined) throw Lines.refusal(lines.at() + 1, Lines.cutOff)
      found.push(line)
      bytes += line.length
      if (bytes > Limits.line)
        throw Lines.refusal(lines.at(), "makes its chunk larger than `overdue dump` makes any.")
    }
    return { lines: found, bytes }
  }

  return async () => {
    const line = await lines.next()
    if (line === undefined) throw Lines.refusal(lines.at() + 1, Lines.cutOff)
    const said = lineOf(line)
    const [table] = tables
    const expected = table === undefined ? "the last line" : `rows of table ${table.name}`
    const refuse = (): never => {
      throw Lines.refusal(lines.at(), `is not what a dump has there, which is ${expected}. Take another one.`)
    }
    if (said === undefined) return refuse()
    if ("complete" in said) {
      if (table !== undefined) return refuse()
      if ((await lines.next()) !== undefined)
        throw Lines.refusal(lines.at(), "comes after the end of the dump.")
      return { is: "complete", sums: said.complete }
    }
    if ("end" in said) {
      if (said.end !== table?.name) return refuse()
      const piece: Piece = { is: "end", table, after }
      tables.shift()
      after = undefined
      return piece
    }
    if (said.table !== table?.name || !isSame(said.after ?? undefined, after) || !isKey(table, said.to))
      return refuse()
    const at = lines.at() + 1
    const rows = await rowsOf(said.count)
    const hash = Pages.digest()
    for (const row of rows.lines) hash.update(row).update("\n")
    if (hash.digest("hex") !== said.sha256)
      throw Lines.refusal(
        at,
        `and those up to line ${lines.at()} are not what was written: the dump was changed or damaged. Take another one.`,
      )
    const chunk: Piece = { is: "chunk", table, after, to: said.to, ...rows, sha256: said.sha256, at }
    after = said.to
    return chunk
  }
}

const isSame = (one: Row | undefined, other: Row | undefined): boolean =>
  JSON.stringify(one) === JSON.stringify(other)

const isKey = (table: Catalogue.Table, key: Row): boolean =>
  key.length === table.key.length &&
  key.every((value, index) => {
    const kind = table.columns.find(({ name }) => name === table.key[index])?.kind
    return kind === "text" ? typeof value === "string" && value.isWellFormed() : Number.isSafeInteger(value)
  })
