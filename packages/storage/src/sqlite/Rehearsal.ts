/**
 * Rehearses the restoring of a backup: makes the database of it in a folder of its own, opens that as a server would, and
 * reads every record. Only so it shows what a server would not be able to read: the digest of a backup is right also when
 * what was backed up was damaged.
 */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { StoreError } from "@overdue/core/Store"
import { second } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import * as Migrator from "../Migrator.ts"
import * as Review from "../tables/Review.ts"
import * as Backup from "./Backup.ts"
import * as Driver from "./Driver.ts"
import { flavour } from "./Flavour.ts"

/** Nobody else can read it, and it goes in the end. */
const folder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "overdue-backup-"))),
  (path) => Effect.sync(() => rmSync(path, { recursive: true, force: true })),
)

/** Returns what is wrong with each damaged record in a backup. Fails when it cannot be restored. */
export const run = Effect.fnUntraced(function* (file: string) {
  const path = yield* folder
  const database = join(path, "overdue.db")
  yield* Effect.try({
    try: () => Backup.restore({ file, database, secretFile: `${database}.secret`, isReplacing: false }),
    catch: (cause) =>
      cause instanceof StoreError
        ? cause
        : new StoreError({ reason: "failed", detail: String(cause), cause }),
  })
  const opened = yield* Driver.open({ filename: database, patience: 5 * second })
  yield* Migrator.migrate({ database: opened, flavour, place: file })
  return yield* Review.run(opened)
}, Effect.scoped)
