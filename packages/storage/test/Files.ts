/** Databases on a real disk, each in a directory of its own that goes when the run of the tests ends. */
import { join } from "node:path"
import { Store, type StoreError } from "@overdue/core/Store"
import * as Sqlite from "@overdue/storage/Sqlite"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Folder from "../../../test/kit/Folder.ts"
import * as Scratch from "../../../test/kit/Scratch.ts"

// Several files of tests share a process, and with that this module: none of them can take it away.
const root = Folder.make("storage", Scratch.path)

/** An empty directory. */
export const directory = (): string => Folder.make("test", root.path).path

/** The name of a database that does not exist yet. */
export const fresh = (): string => join(directory(), "overdue.db")

/** Opens the store in a file, uses it and closes it. */
export const using = <A, E = never>(
  filename: string,
  use: (store: Store["Service"]) => Effect.Effect<A, E>,
  patience?: number,
): Promise<A> =>
  Effect.runPromise(
    Effect.scoped(
      Effect.flatMap(
        Layer.build(Sqlite.layer(patience === undefined ? { filename } : { filename, patience })),
        (context) => use(Context.get(context, Store)),
      ),
    ),
  )

/** Why the store in a file cannot be opened. */
export const refusal = (filename: string): Promise<StoreError> =>
  Effect.runPromise(Effect.flip(Effect.scoped(Layer.build(Sqlite.layer({ filename })))))
