/** The process of all strangers: everything hostile that a server hears in a storm. */
import { setTimeout } from "node:timers/promises"
import { SeededRandom } from "../../kit/SeededRandom.ts"
import { attacks } from "./attacks/index.ts"
import { serve } from "./Child.ts"
import type { StrangersOrder, StrangersReport } from "./Messages.ts"
import { Stranger, type Attack, type Heard } from "./Stranger.ts"

const wrongKept = 20

const answers: Record<string, Record<string, number>> = {}
const wrong: Heard[] = []

/** A server may say that it is busy when it says until when, and otherwise that it is at fault never. */
const isWrong = ({ answer, retryAfter }: Heard): boolean =>
  answer.startsWith("HTTP 5") && !(answer === "HTTP 503" && retryAfter !== undefined)

const note = (heard: Heard): void => {
  const counts = (answers[heard.attack] ??= {})
  counts[heard.answer] = (counts[heard.answer] ?? 0) + 1
  if (isWrong(heard) && wrong.length < wrongKept) wrong.push(heard)
}

const lane = async (attack: Attack, stranger: Stranger, random: SeededRandom): Promise<never> => {
  for (;;) {
    await setTimeout(attack.pause * (0.5 + random.number()))
    await attack.run(stranger, random)
  }
}

const begin = ({ seed, target, only }: StrangersOrder): void => {
  for (const [number, attack] of attacks.entries()) {
    if (!attack.name.includes(only)) continue
    const stranger = new Stranger(target, attack, number, note)
    for (let index = 0; index < attack.lanes; index++)
      void lane(attack, stranger, SeededRandom.ofCase(seed, 1_000 * number + index))
  }
}

serve({ begin, end: () => Promise.resolve(), report: (): StrangersReport => ({ answers, wrong }) })
