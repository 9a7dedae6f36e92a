/**
 * A SQLite file as a side of a move.
 *
 * Its snapshot is a copy: a transaction that reads keeps the log from being taken into the file, and whoever takes a dump
 * may be slow, such as a network. What was written in an hour would then be taken in by one ping.
 */
import { closeSync, mkdtempSync, openSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { StoreError } from "@overdue/core/Store"
import { second, type Span } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import type { Side } from "../moving/Side.ts"
import * as Driver from "./Driver.ts"
import { messageOf, place, translate } from "./Failure.ts"
import { flavour } from "./Flavour.ts"
import * as Privacy from "./Privacy.ts"

const patience: Span = 5 * second

/** Returns the side of a file. */
export const of = (filename: string): Side => ({
  flavour,
  place: place(filename),
  open: Driver.open({ filename, patience }),
  snapshot: Effect.gen(function* () {
    const path = join(yield* folder, "overdue.db")
    yield* Effect.try({ try: () => copy(filename, path), catch: (cause) => failure(cause, filename) })
    const database = yield* Driver.open({ filename: path, patience })
    return (read) => read(database)
  }),
})

/** Nobody else can read it, and it goes in the end. */
const folder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "overdue-dump-"))),
  (path) => Effect.sync(() => rmSync(path, { recursive: true, force: true })),
)

const copy = (filename: string, path: string): void => {
  // SQLite would make it readable for everybody; it takes one that is empty.
  closeSync(openSync(path, "wx", Privacy.mode))
  using source = new DatabaseSync(filename, { timeout: patience, readOnly: true })
  source.prepare("VACUUM INTO ?").run(path)
}

const failure = (cause: unknown, filename: string): StoreError =>
  translate(cause, filename).reason === "full"
    ? new StoreError({
        reason: "full",
        detail: `${place(filename)} cannot be copied: the disk of ${tmpdir()} is full. Make room, or set TMPDIR to a folder that has as much as the database takes.`,
        cause,
      })
    : new StoreError({
        reason: "failed",
        detail: `${place(filename)} cannot be copied to ${tmpdir()} (${messageOf(cause)}).`,
        cause,
      })
