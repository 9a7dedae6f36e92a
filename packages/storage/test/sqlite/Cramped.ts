/**
 * A program whose files may not become larger than its shell has said: writes into one row until that fails, tries again,
 * and prints how often it could, and whether it could again.
 */
import * as Driver from "@overdue/storage/sqlite/Driver"
import * as Effect from "effect/Effect"

const [, , filename = ""] = process.argv
const program = Effect.gen(function* () {
  const database = yield* Driver.open({ filename, patience: 100 })
  yield* database.execute("CREATE TABLE t (one TEXT)")
  yield* database.execute("INSERT INTO t VALUES ('')")
  let written = 0
  // What is the same as before would not be written.
  const write = Effect.suspend(() =>
    database.execute("UPDATE t SET one = ?", [[String(written).padEnd(1_000, "x")]]),
  )
  while (yield* Effect.isSuccess(write)) written += 1
  const again = yield* Effect.isSuccess(write)
  yield* Effect.sync(() => process.stdout.write(JSON.stringify({ written, again })))
})

await Effect.runPromise(Effect.scoped(program))
