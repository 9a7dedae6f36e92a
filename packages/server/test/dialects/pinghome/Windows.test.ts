/** The arithmetic of windows, against a count of every millisecond. */
import type { Status } from "@overdue/core/State"
import * as InSlices from "@overdue/core/InSlices"
import * as Windows from "@overdue/server/dialects/pinghome/Windows"
import fc from "fast-check"
import { describe, expect, it } from "vitest"

type Kept = Windows.Kept

const createdAt = 1_000

/** A check that was `new`, and then had other statuses from other instants on. */
const checkOf = (
  now: number,
  turns: readonly (readonly [at: number, to: Status])[],
  pings: readonly (readonly [at: number, kind: Kept["pings"][number]["kind"]])[],
  pruned = 0,
): Kept => ({
  // Safe because nothing else of the state is looked at.
  check: { createdAt, state: { status: "new", pings: pruned + pings.length } as Kept["check"]["state"] },
  flips: turns.map(([at, to], index) => ({ at, from: turns[index - 1]?.[1] ?? "new", to })),
  pings: pings.map(([at, kind], index) => ({ n: pruned + index + 1, at, kind })),
  now,
})

const counted = (kept: Kept, interval: number, buckets: Windows.Buckets) =>
  InSlices.finish(Windows.count(kept, interval, buckets)).map(({ ended, kept, events }) => [
    ended,
    kept,
    events,
  ])

/** The same by looking at each millisecond, of a check whose log is whole. */
const slowly = ({ flips, pings, now }: Kept, interval: number, { from, width, count }: Windows.Buckets) => {
  const counts = Array.from({ length: count }, () => [0, 0, 0] as [number, number, number])
  const bucketAt = (at: number) => counts[Math.floor((at - from) / width)]
  const statusAt = (at: number) => flips.findLast((flip) => flip.at <= at)?.to ?? "new"
  const windowAt = new Map<number, number>()
  const ends: number[] = []
  for (let [at, passed] = [createdAt, 0]; at <= now; at++) {
    windowAt.set(at, Math.floor(passed / interval))
    if (at === now || statusAt(at) === "paused") continue
    passed += 1
    if (passed % interval === 0) ends.push(at + 1)
  }
  for (const [window, end] of ends.entries()) {
    const kinds = pings.filter(({ at }) => windowAt.get(at) === window).map(({ kind }) => kind)
    const bucket = bucketAt(end)
    if (bucket === undefined) continue
    bucket[0] += 1
    if (kinds.includes("success") && !kinds.includes("fail")) bucket[1] += 1
  }
  for (const { at, kind } of pings) {
    const bucket = bucketAt(at)
    if (bucket !== undefined && ["success", "fail", "start"].includes(kind)) bucket[2] += 1
  }
  return counts
}

describe("windows", () => {
  it("are counted as if each millisecond were looked at, whatever was paused", () => {
    const statuses = fc.constantFrom<Status>("new", "up", "down", "paused")
    const kinds = fc.constantFrom("success", "fail", "start", "ignored", "log" as const)
    const instants = fc.integer({ min: createdAt, max: createdAt + 120 })
    const inOrder = <A>(items: fc.Arbitrary<A>) =>
      fc.array(fc.tuple(instants, items), { maxLength: 8 }).map((all) => all.toSorted(([a], [b]) => a - b))
    const widths = fc.integer({ min: 1, max: 40 })
    fc.assert(
      fc.property(
        inOrder(statuses),
        inOrder(kinds),
        fc.integer({ min: 1, max: 30 }),
        widths,
        (turns, pings, interval, width) => {
          const kept = checkOf(createdAt + 120, turns, pings)
          const from = createdAt - (createdAt % width)
          const buckets = { from, width, count: Math.ceil(160 / width) }
          expect(counted(kept, interval, buckets)).toEqual(slowly(kept, interval, buckets))
        },
      ),
      { numRuns: 500 },
    )
  })

  it("that end where a bucket begins are of that bucket", () => {
    const kept = checkOf(1_020, [[1_000, "up"]], [[1_000, "success"]])
    expect(counted(kept, 10, { from: 1_000, width: 10, count: 3 })).toEqual([
      [0, 0, 1],
      [1, 1, 0],
      [1, 0, 0],
    ])
  })

  it("of which the log is pruned are kept where they ended while the check was up", () => {
    const turns = [
      [1_000, "up"],
      [1_025, "down"],
      [1_051, "up"],
    ] as const
    const kept = checkOf(1_100, turns, [[1_082, "success"]], 5)
    // Those that end at 1010, 1020, 1060, 1070 and 1080 were; 1090 by the log; 1030, 1040 and 1050 were missed.
    expect(counted(kept, 10, { from: 1_000, width: 200, count: 1 })).toEqual([[10, 6, 1]])
    expect(counted(kept, 10, { from: 1_000, width: 50, count: 2 })).toEqual([
      [4, 2, 0],
      [5, 4, 1],
    ])
  })

  it("of which the log is pruned are kept up to now, and all of them when nothing of it is left", () => {
    const now = { from: 1_000, width: 200, count: 1 }
    expect(counted(checkOf(1_100, [[1_051, "up"]], [[1_100, "success"]], 5), 10, now)).toEqual([[10, 5, 1]])
    expect(counted(checkOf(1_100, [[1_051, "up"]], [], 5), 10, now)).toEqual([[10, 5, 0]])
  })

  it("are counted without being listed: a year of seconds takes as many steps as there are buckets", () => {
    const year = 365 * 86_400_000
    const kept = checkOf(createdAt + year, [[createdAt, "up"]], [[createdAt, "success"]])
    const counting = Windows.count(kept, 1_000, { from: createdAt, width: year, count: 1 })
    let steps = 0
    for (let next = counting.next(); ; next = counting.next(), steps++) {
      if (next.done !== true) continue
      expect(next.value[0]).toMatchObject({ ended: 365 * 86_400 - 1, kept: 1 })
      break
    }
    expect(steps).toBeLessThan(10)
  })
})
