/** Where a dump is written to: standard output, or a file that has its name once it is whole. */
import { open } from "node:fs/promises"
import { rmSync } from "node:fs"
import type { StoreError } from "@overdue/core/Store"
import * as Draft from "@overdue/storage/sqlite/Draft"
import * as Link from "@overdue/storage/sqlite/Link"
import * as Privacy from "@overdue/storage/sqlite/Privacy"
import * as Effect from "effect/Effect"
import type { Output } from "../Io.ts"

/** Somewhere to write to. */
export interface DumpOutput {
  /** Returns once there is room for more. */
  readonly write: (lines: string) => Effect.Effect<void, StoreError>
  /** To be run after the last line. */
  readonly end: Effect.Effect<void, StoreError>
}

/** Returns a stream. It waits for whoever reads from it, and fails when nobody does any more. */
export const stream = (output: Output): DumpOutput => ({
  write: (lines) =>
    attempt("standard output", () => {
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      output.write(lines, (error) => (error ? reject(error) : resolve()))
      return promise
    }),
  end: Effect.void,
})

/** A file to write. */
export interface Named {
  readonly name: string
  /** Whether a file that exists is replaced. */
  readonly isReplacing: boolean
  /** Files that are never replaced. */
  readonly apartFrom: readonly string[]
}

/** Returns a file that nobody else can read. Nothing is left of it unless it is ended. */
export const file = Effect.fnUntraced(function* ({ name, isReplacing, apartFrom }: Named) {
  const target = Link.target(name)
  yield* attempt(target, async () => {
    Draft.expectFree(target, isReplacing)
    Draft.expectAnother(target, apartFrom)
  })
  const draft = `${target}.part-${process.pid}`
  const handle = yield* Effect.acquireRelease(
    attempt(target, () => open(draft, "wx", Privacy.mode)),
    (opened) =>
      Effect.ignore(
        Effect.tryPromise(async () => {
          await opened.close()
          rmSync(draft, { force: true })
        }),
      ),
  )
  const output: DumpOutput = {
    write: (lines) => attempt(target, () => handle.writeFile(lines)),
    end: attempt(target, async () => {
      await handle.sync()
      Draft.publish(draft, target, isReplacing)
    }),
  }
  return output
})

const attempt = <A>(target: string, work: () => Promise<A>): Effect.Effect<A, StoreError> =>
  Effect.tryPromise({ try: work, catch: (cause) => Draft.unwritable(cause, target) })
