/** Turns of long work: all of a process shares its event loop and its memory, so one is done after the other. */
import * as Effect from "effect/Effect"

/** What begins what waits, of each project; whose turn is next is first. */
const waiting = new Map<string, (() => void)[]>()

let isBusy = false

/** Does work when no other is being done, and each other project that waits has had its turn. */
export const inTurn = <A, E, R>(project: string, work: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.andThen(comes(project), Effect.ensuring(restore(work), Effect.sync(next))),
  )

/** Ends when it is the turn of this. */
const comes = (project: string): Effect.Effect<void> =>
  Effect.callback((resume) => {
    if (!isBusy) {
      isBusy = true
      return resume(Effect.void)
    }
    const queue = waiting.get(project) ?? []
    queue.push(() => resume(Effect.void))
    waiting.set(project, queue)
  })

const next = (): void => {
  for (const [project, queue] of waiting) {
    const begin = queue.shift()!
    waiting.delete(project)
    if (queue.length > 0) waiting.set(project, queue)
    return begin()
  }
  isBusy = false
}
