/** Loads a dump into a database for `overdue load`. */
import { createReadStream } from "node:fs"
import { counted } from "@overdue/core/Counted"
import type { Loaded, Verified } from "@overdue/storage/moving/Load"
import * as Load from "@overdue/storage/moving/Load"
import { Failure } from "../Failure.ts"
import type { Io } from "../Io.ts"
import type { Database } from "../local/Database.ts"
import * as Show from "../local/Show.ts"
import * as Fingerprint from "../serve/Fingerprint.ts"
import * as Secret from "../serve/Secret.ts"
import { columnsOf, paint } from "../Style.ts"
import type { Column } from "../Table.ts"
import { table } from "../Table.ts"
import * as Progress from "./Progress.ts"
import * as Work from "./Work.ts"

/** What is loaded. */
export interface Origin {
  /** A path; `-`: standard input. */
  readonly file: string
  /** Whether another installation is replaced. */
  readonly isReplacing: boolean
  readonly isForPrograms: boolean
}

/** Loads a dump, and prints each table with what the database has of it. Fails with a `Failure` unless it has all. */
export const read = async (database: Database, io: Io, origin: Origin): Promise<void> => {
  const side = await database.side()
  const secret = Secret.known(database)
  const progress = Progress.make(io.stderr)
  const stream: Stream = origin.file === "-" ? io.stdin : createReadStream(origin.file)
  const work = Load.run({
    side,
    dump: bytesOf(stream),
    fingerprint: secret === undefined ? undefined : Fingerprint.of(secret),
    isReplacing: origin.isReplacing,
    now: Date.now(),
    told: (_, done, total) => progress.show(done, total),
  })
  const stopped = "it was told to stop; run it again with the whole dump, and it goes on"
  // Whoever writes the rest of a dump that is refused must not be waited for.
  const loaded = await Work.run(work, stopped).finally(() => {
    progress.end()
    stream.destroy?.()
  })
  if (origin.isForPrograms) Show.json(io, forPrograms(loaded))
  else io.stdout.write(table(loaded.tables, columns, { columns: columnsOf(io), paint: paint(io) }))
  const different = loaded.tables.filter(({ isSame }) => !isSame).map((one) => one.table)
  if (different.length > 0)
    throw new Failure(
      `${side.place} differs from the dump in ${different.join(", ")}, so nothing else opens it. ` +
        "Stop whatever else writes to it, and load the dump again.",
    )
  if (origin.isForPrograms) return
  const { header, tables, written } = loaded
  const rows = tables.reduce((sum, one) => sum + one.database.count, 0)
  io.stdout.write(
    `${side.place} holds what was dumped at ${header.takenAt}: ${counted(rows, "row")}, of which ${written} were written\n`,
  )
  if (secret === undefined) io.stdout.write(`${missing(database)}\n`)
}

type Stream = NodeJS.ReadableStream & { readonly destroy?: () => unknown }

const bytesOf = async function* (stream: Stream): AsyncGenerator<Uint8Array> {
  for await (const chunk of stream) yield typeof chunk === "string" ? Buffer.from(chunk) : chunk
}

const missing = ({ secretFile }: Database): string =>
  "The secret is in no dump: " +
  (secretFile === undefined ? "" : `copy the file of the old database to ${secretFile}, or `) +
  "set OVERDUE_SECRET to that of the old one, before a server starts"

const digits = 16

const columns: readonly Column<Verified>[] = [
  { title: "TABLE", text: ({ table }) => table },
  { title: "ROWS OF THE DUMP", text: ({ dump }) => String(dump?.count ?? "-") },
  { title: "ROWS HERE", text: ({ database }) => String(database.count) },
  { title: "DIGEST OF THE DUMP", text: ({ dump }) => dump?.sha256.slice(0, digits) ?? "-", rank: 1 },
  { title: "DIGEST HERE", text: ({ database }) => database.sha256.slice(0, digits), rank: 2 },
  {
    title: "",
    text: ({ isSame }) => (isSame ? "same" : "differs"),
    colour: ({ isSame }) => (isSame ? "green" : "red"),
  },
]

const forPrograms = ({ header, written, tables, isWhole }: Loaded) => ({
  takenAt: header.takenAt,
  schema: header.schema,
  isWhole,
  written,
  tables,
})
