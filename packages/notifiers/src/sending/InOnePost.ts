/** Messages to a thread: each costs both sides some tens of microseconds, however little it says. */
import { setImmediate } from "node:timers"

/** Returns what posts together all that is said in one turn of the event loop. */
export const inOnePost = <A>(post: (said: readonly A[]) => void): ((one: A) => void) => {
  let waiting: A[] = []
  return (one) => {
    if (waiting.push(one) > 1) return
    setImmediate(() => {
      const said = waiting
      waiting = []
      post(said)
    })
  }
}
