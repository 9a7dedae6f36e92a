/** Takes a dump of a database for `overdue dump`. */
import { counted } from "@overdue/core/Counted"
import * as Dump from "@overdue/storage/moving/Dump"
import * as Privacy from "@overdue/storage/sqlite/Privacy"
import * as Effect from "effect/Effect"
import type { Io } from "../Io.ts"
import type { Database } from "../local/Database.ts"
import { use } from "../local/Session.ts"
import * as DumpOutput from "./DumpOutput.ts"
import * as Progress from "./Progress.ts"
import * as Work from "./Work.ts"

/** Where a dump is written to. */
export interface Destination {
  /** A path; `-`: standard output. */
  readonly file: string
  /** Whether a file that exists is replaced. */
  readonly isReplacing: boolean
}

/** Writes a dump, and says what is in it where the dump is not. Fails with a `Failure`. */
export const write = async (
  database: Database,
  io: Io,
  { file, isReplacing }: Destination,
): Promise<void> => {
  // Refuses another secret than the database's own, and a database that is not all there.
  await use(database, Effect.void)
  const side = await database.side()
  const isStream = file === "-"
  const progress = Progress.make(io.stderr)
  const apartFrom = [
    ...(database.file === undefined ? [] : Privacy.filesOf(database.file)),
    ...(database.secretFile === undefined ? [] : [database.secretFile]),
  ]
  const work = Effect.gen(function* () {
    const output = isStream
      ? DumpOutput.stream(io.stdout)
      : yield* DumpOutput.file({ name: file, isReplacing, apartFrom })
    const snapshot = yield* side.snapshot
    const content = yield* snapshot((connection) =>
      Dump.take({ connection, takenAt: Date.now(), write: output.write, told: progress.show }),
    )
    yield* output.end
    return content
  })
  const { header, sums } = await Work.run(
    Effect.scoped(work),
    "it was told to stop before all was written; run it again",
  ).finally(progress.end)
  const rows = [...sums.values()].reduce((sum, { count }) => sum + count, 0)
  const where = database.secret === undefined ? `in ${database.secretFile}` : "OVERDUE_SECRET"
  const sentence =
    `${counted(rows, "row")} of ${counted(sums.size, "table")}, taken at ${header.takenAt}; ` +
    `the secret is not in it, which is ${where}`
  if (isStream) io.stderr.write(`overdue dump: written: ${sentence}\n`)
  else io.stdout.write(`${file} is written: ${sentence}\n`)
}
