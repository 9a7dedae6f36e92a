/** Databases that installations are moved between, and what fills, dumps and loads them. */
import { StoreError } from "@overdue/core/Store"
import { hour } from "@overdue/core/Time"
import type { Command } from "@overdue/laws/store/Command"
import * as Commands from "@overdue/laws/store/Commands"
import * as StoreFixture from "@overdue/laws/store/StoreFixture"
import * as Migrator from "@overdue/storage/Migrator"
import * as Dump from "@overdue/storage/moving/Dump"
import * as Load from "@overdue/storage/moving/Load"
import type * as Side from "@overdue/storage/moving/Side"
import * as SqlStore from "@overdue/storage/SqlStore"
import * as SqliteSide from "@overdue/storage/sqlite/Side"
import type { Connection } from "@overdue/storage/Connection"
import * as Effect from "effect/Effect"
import fc from "fast-check"
import * as Files from "../Files.ts"

/** Later than anything in the stores that are filled, so that no server seems to run on them. */
export const now = StoreFixture.start + 1_000_000 * hour

/** Returns a new file that does not exist yet. */
export const sqlite = (filename = Files.fresh()): Side.Side => SqliteSide.of(filename)

/** Does something with the store in a database. */
export const using = <A, E>(
  side: Side.Side,
  use: (store: StoreFixture.Stored) => Effect.Effect<A, E>,
): Promise<A> =>
  Effect.runPromise(
    Effect.scoped(
      Effect.gen(function* () {
        const database = yield* side.open
        yield* Migrator.migrate({ database, flavour: side.flavour, place: side.place })
        return yield* use(SqlStore.make(database, side.flavour))
      }),
    ),
  )

/** Runs statements on a database, whatever it is used for meanwhile. */
export const edit = (side: Side.Side, ...statements: readonly string[]): Promise<unknown> =>
  onConnection(side, (connection) => Effect.forEach(statements, (sql) => connection.execute(sql)))

/** Returns the rows of a statement. */
export const rows = (side: Side.Side, sql: string) =>
  onConnection(side, (connection) => connection.query(sql))

const onConnection = <A>(
  side: Side.Side,
  use: (connection: Connection) => Effect.Effect<A, StoreError>,
): Promise<A> => Effect.runPromise(Effect.scoped(Effect.flatMap(side.open, use)))

/** What a store was told: commands, each some time after the one before. */
export type History = readonly { readonly command: Command; readonly after: number }[]

/** Arbitrary histories. */
export const histories: fc.Arbitrary<History> = fc.array(
  fc.record({ command: fc.oneof(...Commands.all), after: fc.integer({ min: 0, max: hour }) }),
  { minLength: 10, maxLength: 60, size: "max" },
)

/** Has a store live through a history, after which it has two checks or more, of which each refers to others. */
export const live = (side: Side.Side, history: History): Promise<void> =>
  using(
    side,
    Effect.fnUntraced(function* (store) {
      if ((yield* store.projects).length === 0) yield* StoreFixture.furnish(store, 2)
      let at = StoreFixture.start
      for (const { command, after } of history) yield* Effect.exit(command.act(store, (at += after)))
    }),
  )

/** Returns the dump of a database. */
export const dump = (side: Side.Side, takenAt = now): Promise<string> =>
  Effect.runPromise(
    Effect.scoped(
      Effect.gen(function* () {
        const snapshot = yield* side.snapshot
        const parts: string[] = []
        const write = (lines: string) => Effect.sync(() => parts.push(lines))
        yield* snapshot((connection) => Dump.take({ connection, takenAt, write, told: () => undefined }))
        return parts.join("")
      }),
    ),
  )

/** How a dump is loaded, unless as usual. */
export type Options = Partial<Omit<Load.Loading, "side" | "dump">>

/** Loads a dump that comes in pieces. */
export const load = (
  side: Side.Side,
  text: string | Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  options: Options = {},
): Promise<Load.Loaded> =>
  Effect.runPromise(
    Load.run({
      side,
      dump: typeof text === "string" ? pieces(Buffer.from(text)) : asynchronous(text),
      fingerprint: undefined,
      isReplacing: false,
      now,
      told: () => undefined,
      ...options,
    }),
  )

/** Returns why a dump is not loaded. */
export const refusal = async (
  side: Side.Side,
  text: Parameters<typeof load>[1],
  options: Options = {},
): Promise<string> => {
  try {
    await load(side, text, options)
  } catch (error) {
    if (error instanceof StoreError) return error.detail
    throw error
  }
  return "it was loaded"
}

/** Pieces of a length that ends anywhere in a line. */
async function* pieces(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let from = 0; from < bytes.length; from += 7_777) yield bytes.subarray(from, from + 7_777)
}

async function* asynchronous(
  parts: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield* parts
}
