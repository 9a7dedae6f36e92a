/** A server in this process over a database file that somebody edits beside it. */
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import * as Sweeper from "@overdue/engine/Sweeper"
import * as SteadyClock from "@overdue/engine/SteadyClock"
import * as Sqlite from "@overdue/storage/Sqlite"
import * as Effect from "effect/Effect"
import { HttpHost, type Given } from "./HttpHost.ts"

/** Opens a database of this name in a folder, and what edits it. Closes both with the test. */
export const open = async (folder: string, name: string, given: Given = {}) => {
  const filename = join(folder, `${name}.db`)
  const log: string[] = []
  const host = await HttpHost.open({ ...given, store: Sqlite.layer({ filename }), log })
  const editor = new DatabaseSync(filename)
  editor.exec("PRAGMA foreign_keys = OFF")
  return {
    host,
    log,
    editor,
    sweep: () => host.run(Effect.flatMap(SteadyClock.now, Sweeper.sweep)),
    [Symbol.asyncDispose]: async () => {
      editor.close()
      await host[Symbol.asyncDispose]()
    },
  }
}
