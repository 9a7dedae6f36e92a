/** Waiting for what another process does, of which nobody tells. */
import { setTimeout } from "node:timers/promises"

/** Milliseconds between two looks. */
const pause = 25

/** Asks until the answer is as wanted, and resolves with it. Fails with the last answer after so many milliseconds. */
export const eventually = async <A>(
  ask: () => A | Promise<A>,
  is: (answer: A) => boolean,
  patience = 20_000,
): Promise<A> => {
  const until = performance.now() + patience
  for (;;) {
    const answer = await ask()
    if (is(answer)) return answer
    if (performance.now() > until) throw new Error(`still not, but ${JSON.stringify(answer)}`)
    await setTimeout(pause)
  }
}
