/** Loads a dump into a database, so that it holds what the dump holds, and nothing else. */
import { randomUUID } from "node:crypto"
import { StoreError } from "@overdue/core/Store"
import { minute, type Instant, type Span } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import type { Connection, Database } from "../Connection.ts"
import type { Flavour } from "../Flavour.ts"
import * as Migrator from "../Migrator.ts"
import * as Awake from "../tables/Awake.ts"
import * as Catalogue from "./Catalogue.ts"
import type * as Format from "./Format.ts"
import * as Mark from "./Mark.ts"
import * as Merge from "./Merge.ts"
import * as Pages from "./Pages.ts"
import * as Reader from "./Reader.ts"
import type { Side } from "./Side.ts"

/** How a dump is loaded. */
export interface Loading {
  readonly side: Side
  readonly dump: AsyncIterable<Uint8Array>
  /** The fingerprint of the secret that belongs to the database; `undefined` when that is not known. */
  readonly fingerprint: string | undefined
  /** Whether another installation in the database is replaced. */
  readonly isReplacing: boolean
  readonly now: Instant
  /** Is told of how many of all rows are compared and written, or verified. */
  readonly told: (step: Step, done: number, total: number) => void
}

/** What a load is doing. */
export type Step = "load" | "verify"

/** A table of the dump, and what the database has of it now. */
export interface Verified {
  readonly table: string
  readonly dump: Pages.Sum | undefined
  readonly database: Pages.Sum
  readonly isSame: boolean
}

/** What a load did. */
export interface Loaded {
  readonly header: Format.Header
  /** How many rows were not there before as they are in the dump. */
  readonly written: number
  readonly tables: readonly Verified[]
  /** Whether all tables are the same. Otherwise the database stays marked, and nobody opens it. */
  readonly isWhole: boolean
}

/** How old the last note of a server is at least when none runs: a server takes one every few seconds. */
const quiet: Span = minute

/** Loads a dump. Fails with a `StoreError` that says what to do; the database stays marked then, and nobody opens it. */
export const run = Effect.fnUntraced(function* (loading: Loading) {
  const { side, told } = loading
  const reader = Reader.of(loading.dump)
  const header = yield* reader.header
  yield* expectSecret(header, loading.fingerprint)
  const database = yield* side.open
  const id = randomUUID()
  let isOther = false
  yield* Migrator.migrate({
    database,
    flavour: side.flavour,
    place: side.place,
    entry: (connection) =>
      Effect.map(begin(connection, { ...loading, header, id }), (found) => {
        isOther = found
      }),
  })
  if (isOther) yield* Merge.clear({ database, id })
  const total = header.tables.reduce((sum, { rows }) => sum + rows, 0)
  const { written, sums } = yield* merge(reader, { database, id }, (done) => told("load", done, total))
  const tables = yield* verify(database, sums, (done) => told("verify", done, total))
  const isWhole = tables.every(({ isSame }) => isSame)
  if (isWhole) yield* database.transaction((connection) => finish(connection, side.flavour, { header, id }))
  const loaded: Loaded = { header, written, tables, isWhole }
  return loaded
}, Effect.scoped)

const expectSecret = ({ fingerprint }: Format.Header, own: string | undefined) =>
  own === undefined || fingerprint === null || own === fingerprint
    ? Effect.void
    : refuse(
        "the secret of this database is another one than that of the dump, under which its keys and badges were made. " +
          "Set OVERDUE_SECRET to the secret of the database that was dumped, or put its file beside this one.",
      )

interface Beginning extends Pick<Loading, "side" | "isReplacing" | "now"> {
  readonly header: Format.Header
  readonly id: string
}

/** Marks the database, in a transaction, unless it may not be loaded. Returns whether what is there is to be replaced. */
const begin = Effect.fnUntraced(function* (
  connection: Connection,
  { side: { place }, isReplacing, now, header: { installation, takenAt }, id }: Beginning,
) {
  const mark = yield* Mark.of(connection)
  const awakeAt = yield* lastAwake(connection)
  const isOwn = mark?.from === installation
  const isCutOff = mark?.isUnderWay === true
  if (!isCutOff && awakeAt !== null && awakeAt !== mark?.awakeAt && Math.abs(now - awakeAt) < quiet)
    return yield* refuse(
      `${place} is in use by a server, or was less than a minute ago. Stop it, and load the dump a minute later.`,
    )
  if (!isReplacing && !(isOwn && isCutOff)) {
    const isEmpty = (yield* connection.query("SELECT key FROM projects LIMIT 1")).length === 0
    if (isOwn && awakeAt !== mark.awakeAt)
      return yield* refuse(
        `${place} was loaded before, and a server has run on it since: what that took would be lost. ` +
          "Add --replace if it may be lost.",
      )
    if (isOwn && mark.takenAt !== undefined && takenAt < mark.takenAt)
      return yield* refuse(
        `${place} was loaded from a later dump, taken at ${mark.takenAt}: what is newer than this one, of ${takenAt}, would be lost. ` +
          "Add --replace if it may be lost.",
      )
    if (!isOwn && (isCutOff || !isEmpty))
      return yield* refuse(
        `${place} holds an installation already, which was not loaded from this one. ` +
          "Name an empty database, or add --replace to replace what is there.",
      )
  }
  yield* Mark.put(connection, { id, from: installation, takenAt, isUnderWay: true, awakeAt: null })
  return isReplacing && !(isOwn && isCutOff)
})

/** Returns when an engine last ran; `null` when none did, or nobody can read when. */
const lastAwake = (connection: Connection) =>
  Effect.map(Awake.last(connection), ({ found }) => found[0] ?? null)

const refuse = (detail: string): Effect.Effect<never, StoreError> =>
  Effect.fail(new StoreError({ reason: "failed", detail }))

const merge = Effect.fnUntraced(function* (
  reader: Reader.Reader,
  target: Merge.Target,
  told: (done: number) => void,
) {
  let done = 0
  let written = 0
  told(done)
  while (true) {
    const piece = yield* reader.next
    switch (piece.is) {
      case "chunk":
        written += yield* Merge.chunk(target, piece)
        told((done += piece.lines.length))
        break
      case "end":
        yield* Merge.end(target, piece.table, piece.after)
        break
      case "complete":
        return { written, sums: piece.sums }
    }
  }
})

/** Reads all rows again, and compares them with what the dump says of each table. */
const verify = Effect.fnUntraced(function* (
  database: Database,
  sums: Readonly<Record<string, Pages.Sum>>,
  told: (done: number) => void,
) {
  const verified: Verified[] = []
  let done = 0
  told(done)
  for (const table of Catalogue.tables()) {
    const found = yield* Pages.sum(database, table, (rows) => told((done += rows)))
    const dump = Object.hasOwn(sums, table.name) ? sums[table.name] : undefined
    const isSame = found.count === dump?.count && found.sha256 === dump.sha256
    verified.push({ table: table.name, dump, database: found, isSame })
  }
  return verified
})

/** Lets others open the database. */
const finish = Effect.fnUntraced(function* (
  connection: Connection,
  flavour: Flavour,
  { header, id }: Pick<Beginning, "header" | "id">,
) {
  yield* Mark.expectOwn(connection, id)
  for (const { name, isCounted } of Catalogue.tables())
    if (isCounted) yield* flavour.countOn(connection, name)
  const awakeAt = yield* lastAwake(connection)
  const { installation, takenAt } = header
  yield* Mark.put(connection, { id, from: installation, takenAt, isUnderWay: false, awakeAt })
})
