/** Long answers, made of pieces and sent while others have their turns of the event loop. */
import { setImmediate } from "node:timers/promises"
import { LeftOut, Store, type StoreError } from "@overdue/core/Store"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Semaphore from "effect/Semaphore"
import type { BodyStream, HeaderFields, Outbound } from "./Http.ts"

/** All long answers of a process share its event loop and its memory, so one is made after the other. */
const turns = Semaphore.makeUnsafe(1)

/** An answer that waits for its turn, and what it is going to leave out, for all who ask for it until then. */
interface Shared {
  readonly made: Deferred.Deferred<Outbound, unknown>
  readonly leftOut: StoreError[]
}

/** Answers that have not been begun, of each store by what they are of. */
const waiting = new WeakMap<Store["Service"], Map<string, Shared>>()

/**
 * Makes a long answer when no other one is being made. Whoever asks for the same (`what`) before it is begun gets this
 * one: many who ask again and again, each for an answer of their own, would wait for one another.
 */
export const inTurn = Effect.fnUntraced(function* <E, R>(
  what: string,
  making: Effect.Effect<Outbound, E, R>,
) {
  const store = yield* Store
  const known = waiting.get(store) ?? new Map<string, Shared>()
  waiting.set(store, known)
  const shared: Shared = known.get(what) ?? { made: Deferred.makeUnsafe(), leftOut: [] }
  if (!known.has(what)) {
    known.set(what, shared)
    const begun = Effect.suspend(() => {
      known.delete(what)
      return making
    })
    const noting = Effect.provideService(begun, LeftOut, (error) => shared.leftOut.push(error))
    // In a fiber of its own: whoever asked first may leave.
    yield* Effect.forkDetach(Deferred.into(turns.withPermit(noting), shared.made))
  }
  const outbound = yield* Deferred.await(shared.made as Deferred.Deferred<Outbound, E>) // safe because what is the same fails in the same way
  const leaveOut = yield* LeftOut
  for (const error of shared.leftOut) leaveOut(error)
  return outbound
})

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

/** A system that takes all at once would have all of it sent in one turn. Each who shares an answer reads it anew. */
const streamOf = (slices: readonly Uint8Array[]): BodyStream => ({
  async *[Symbol.asyncIterator]() {
    for (const slice of slices) {
      yield slice
      await setImmediate()
    }
  },
})
