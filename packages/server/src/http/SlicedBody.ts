/** Long answers, made of pieces and sent while others have their turns of the event loop. */
import { setImmediate } from "node:timers/promises"
import * as Effect from "effect/Effect"
import * as Semaphore from "effect/Semaphore"
import type { HeaderFields, Outbound } from "./Http.ts"

/** All long answers of a process share its event loop and its memory, so one is made after the other. */
const turns = Semaphore.makeUnsafe(1)

/** Makes a long answer when no other one is being made. */
export const inTurn: <A, E, R>(making: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R> =
  turns.withPermits(1)

/**
 * Returns an answer whose body are pieces in UTF-8. Each is made when it is asked for, and after each `atOnce` of them
 * others have their turn. It is sent slice by slice as well: to encode, or to copy, megabytes at once takes long.
 */
export const answer = Effect.fnUntraced(function* (
  headers: HeaderFields,
  pieces: Iterable<string>,
  atOnce: number,
) {
  const slices: Uint8Array[] = []
  let slice = ""
  let count = 0
  for (const piece of pieces) {
    slice += piece
    if (++count % atOnce !== 0) continue
    slices.push(Buffer.from(slice))
    slice = ""
    yield* Effect.yieldNow
  }
  slices.push(Buffer.from(slice))
  const length = slices.reduce((sum, { byteLength }) => sum + byteLength, 0)
  const outbound: Outbound =
    slices.length === 1
      ? { status: 200, headers, body: slices[0]! }
      : { status: 200, headers: { ...headers, "content-length": String(length) }, body: streamOf(slices) }
  return outbound
})

/** A system that takes all at once would have all of it sent in one turn. */
const streamOf = async function* (slices: readonly Uint8Array[]): AsyncGenerator<Uint8Array, void> {
  for (const slice of slices) {
    yield slice
    await setImmediate()
  }
}
