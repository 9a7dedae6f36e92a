/** How often the event loop turns while something is done. */
import { setImmediate } from "node:timers"

/** Resolves to what is asked for, and to how often the event loop turned meanwhile. */
export const turning = async <A>(asking: Promise<A>): Promise<readonly [A, number]> => {
  let turns = 0
  let isDone = false
  const turn = (): void => {
    turns += 1
    if (!isDone) setImmediate(turn)
  }
  setImmediate(turn)
  const answer = await asking
  isDone = true
  return [answer, turns]
}
