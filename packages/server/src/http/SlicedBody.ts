/** Long answers, made of pieces and sent while others have their turns of the event loop. */
import { setImmediate } from "node:timers/promises"
import { LeftOut, Store, type StoreError } from "@overdue/core/Store"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import { empty, type BodyStream, type HeaderFields, type Outbound } from "./Http.ts"
import * as ProjectTurns from "./ProjectTurns.ts"

/** Whether whoever asked has left, so that an answer that is not begun need not be made. */
export const IsGone = Context.Reference<() => boolean>("@overdue/server/http/SlicedBody/IsGone", {
  defaultValue: () => () => false,
})

/** An answer that waits for its turn, who waits for it, and what it is going to leave out, for all of them. */
interface Shared {
  readonly made: Deferred.Deferred<Outbound, unknown>
  readonly leftOut: StoreError[]
  readonly isGone: (() => boolean)[]
}

/** Answers that have not been begun, of each store by what they are of. */
const waiting = new WeakMap<Store["Service"], Map<string, Shared>>()

/** What is wanted: of which project, and what of it. */
export interface Wanted {
  readonly project: string
  readonly what: string
}

/**
 * Makes a long answer when no other one is being made, and those of other projects have had their turn. Whoever asks for
 * the same before it is begun gets this one: many who ask again and again, each for an answer of their own, would wait for
 * one another. None is made when all who asked for it have left.
 */
export const inTurn = Effect.fnUntraced(function* <E, R>(
  { project, what }: Wanted,
  making: Effect.Effect<Outbound, E, R>,
) {
  const store = yield* Store
  const known = waiting.get(store) ?? new Map<string, Shared>()
  waiting.set(store, known)
  const key = `${project} ${what}`
  const before = known.get(key)
  const shared: Shared = before ?? { made: Deferred.makeUnsafe(), leftOut: [], isGone: [] }
  shared.isGone.push(yield* IsGone)
  if (before === undefined) {
    known.set(key, shared)
    const begun = Effect.suspend(() => {
      known.delete(key)
      return shared.isGone.every((isGone) => isGone()) ? Effect.succeed(empty(503)) : making
    })
    const noting = Effect.provideService(begun, LeftOut, (error) => shared.leftOut.push(error))
    // In a fiber of its own: whoever asked first may leave.
    yield* Effect.forkDetach(Deferred.into(ProjectTurns.inTurn(project, noting), shared.made))
  }
  const outbound = yield* Deferred.await(shared.made as Deferred.Deferred<Outbound, E>) // safe because what is the same fails in the same way
  const leaveOut = yield* LeftOut
  for (const error of shared.leftOut) leaveOut(error)
  return outbound
})

/** Things that are shown and printed before others have their turn of the event loop: a few milliseconds of work. */
const shownAtOnce = 16

/** Returns the texts that `show` makes of some things at a time, between which others have their turn. */
export const texts = Effect.fnUntraced(function* <A, E, R>(
  things: readonly A[],
  show: (some: readonly A[]) => Effect.Effect<readonly string[], E, R>,
) {
  const made: string[] = []
  for (let next = 0; next < things.length; next += shownAtOnce) {
    if (next > 0) yield* Effect.yieldNow
    made.push(...(yield* show(things.slice(next, next + shownAtOnce))))
  }
  return made
})

/** Characters after which others have their turn, however few pieces they are: to encode them takes a millisecond at most. */
const mostAtOnce = 262_144

/** Pieces that are sent together, of text that is made already. */
const sentAtOnce = 1_024

/**
 * Returns an answer whose body are pieces in UTF-8. Each is made when it is asked for, and after each `atOnce` of them
 * others have their turn. It is sent slice by slice as well: to encode, or to copy, megabytes at once takes long.
 */
export const answer = Effect.fnUntraced(function* (
  headers: HeaderFields,
  pieces: Iterable<string>,
  atOnce: number = sentAtOnce,
) {
  const slices: Uint8Array[] = []
  let slice = ""
  let count = 0
  for (const piece of pieces) {
    slice += piece
    if (++count < atOnce && slice.length < mostAtOnce) continue
    slices.push(Buffer.from(slice))
    slice = ""
    count = 0
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
