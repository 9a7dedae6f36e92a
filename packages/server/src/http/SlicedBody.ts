/** The body of a long answer, made of pieces while others have their turns of the event loop. */
import * as Effect from "effect/Effect"
import * as Semaphore from "effect/Semaphore"

/** All long answers of a process share its event loop and its memory, so one is made after the other. */
const turns = Semaphore.makeUnsafe(1)

/** Makes a long answer when no other one is being made. */
export const inTurn: <A, E, R>(making: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R> =
  turns.withPermits(1)

/**
 * Returns pieces as one body in UTF-8. Each is made when it is asked for, and after each `atOnce` of them others have
 * their turn. As bytes, because a text of megabytes would be encoded all at once when it is sent.
 */
export const of = Effect.fnUntraced(function* (pieces: Iterable<string>, atOnce: number) {
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
  return Buffer.concat([...slices, Buffer.from(slice)])
})
