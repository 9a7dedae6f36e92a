import { describe, expect, it } from "vitest"
import { shown } from "../../domain/spec/Law.ts"
import type { Size } from "./Workload.ts"
import * as Simulation from "./Simulation.ts"

/** Seeds that are tried each time: one of a single node, which is blind more often, and one of many checks. */
const seeds: readonly (readonly [seed: number, size: Size])[] = [
  [11, { checks: 40, nodes: 1, days: 30 }],
  [3, { checks: 30, nodes: 4, days: 20 }],
  [2, { checks: 100, nodes: 2, days: 45 }],
]

const some: Size = { checks: 40, nodes: 3, days: 30 }

/** What the laws held of. Throws with what led to the first violation. */
const hold = async (seed: number, size: Size): Promise<Simulation.Outcome["counts"]> => {
  const { violations, story, counts } = await Simulation.run(seed, size)
  const { checks, nodes, days } = size
  const again = `pnpm simulate ${seed} ${checks} ${nodes} ${days}`
  if (violations.length > 0) {
    const found = violations.slice(0, 5).map(({ law, check, what }) => `law ${law} (${check}): ${what}`)
    throw new Error([`again: ${again}`, ...story, ...found].join("\n"))
  }
  // So that the laws cannot come to hold of nothing.
  expect(counts.acknowledged).toBeGreaterThan(counts.pings / 2)
  expect(counts.arrivals).toBeGreaterThan(counts.deliveries)
  return counts
}

describe("months of an installation whose processes die, freeze and have wrong clocks, whose store and notifier fail", () => {
  shown(
    13,
    "A delivery exists for every told flip and every channel of its check, exactly one, whatever crashes.",
    async () => {
      let [deliveries, cuts, underWrongClock] = [0, 0, 0]
      // Of any month, all may be well: in that of seed 3733141625, somebody was awake at all times.
      for (const [seed, size] of seeds) {
        const counts = await hold(seed, size)
        expect(counts.blindSpans).toBeGreaterThan(0)
        deliveries += counts.deliveries
        cuts += counts.cuts
        underWrongClock += counts.underWrongClock
      }
      expect(cuts).toBeGreaterThan(20)
      expect(underWrongClock).toBeGreaterThan(50)
      return deliveries
    },
  )

  shown(undefined, "Every law holds in the end, whatever the seed.", async () => {
    const seed = Math.floor(Math.random() * 2 ** 32)
    console.log(`simulation with seed ${seed}`)
    return (await hold(seed, some)).deliveries
  })

  it("are the same months again with the same seed, and other ones with another", async () => {
    const size = { checks: 8, nodes: 2, days: 12 }
    const first = await Simulation.run(5, size)
    expect((await Simulation.run(5, size)).digest).toBe(first.digest)
    expect((await Simulation.run(6, size)).digest).not.toBe(first.digest)
  })
})
