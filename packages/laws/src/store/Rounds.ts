/** Laws of turns: when probes are due, and that nobody asks twice. */
import type * as Check from "@overdue/core/Check"
import * as Probe from "@overdue/core/Probe"
import * as Turn from "@overdue/core/probe/Turn"
import * as Never from "@overdue/core/schedule/Never"
import { minute, second, type Instant } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import { describe, expect } from "vitest"
import * as StoreFixture from "./StoreFixture.ts"
import type { Law, Stored } from "./StoreFixture.ts"

const { check, checkId, happen, project, projectId, start } = StoreFixture

/** Returns check `n` with a probe. */
const probed = (n: number, given: Partial<Probe.Probe> = {}, of = 1): Check.Check =>
  check(n, { project: projectId(of) }, policyOf(given))

const policyOf = (given: Partial<Probe.Probe>): Check.Policy => ({
  ...check(1).policy,
  schedule: Never.never,
  probe: Probe.make({ url: "https://example.org", ...given }),
})

const numberOf = (id: string): number => Number(id.slice(-2))

/** Returns what is claimed, as numbers of checks and the regions that each is to be asked from. */
const claim = (store: Stored, now: Instant, given: Partial<Turn.Claim> = {}) =>
  Effect.map(store.claimTurns({ now, limit: 100, ...given }), (turns) =>
    turns.map(({ check, regions }) => [numberOf(check.id), ...regions.toSorted()]),
  )

type Claimed = readonly (string | number)[]

/** Returns turns in the order of their checks. */
const sorted = (claimed: readonly Claimed[]): readonly Claimed[] =>
  claimed.toSorted(([a], [b]) => Number(a) - Number(b))

/** The next instant at which a check is due. */
const next = (n: number, now: Instant, every = minute): Instant => Turn.next(checkId(n), every, now)

/** Registers the laws. */
export const rounds = (law: Law): void => {
  describe("the turn of a probe", () => {
    grid(law)
    changes(law)
    regions(law)
    scopes(law)
  })
}

const grid = (law: Law): void => {
  law("comes at once, then on the grid of its check, and is claimed once", (store) =>
    Effect.gen(function* () {
      yield* store.createProject({ project: project(1), keys: [] })
      yield* StoreFixture.create(store, check(1), probed(2), probed(3, { every: 10 * second }))
      expect(yield* claim(store, start - 1)).toEqual([])
      const [first] = yield* store.claimTurns({ now: start, limit: 1 })
      expect(first).toMatchObject({ check: { id: checkId(2) }, regions: [""] })
      expect(first?.at).toBe(Turn.slotAt(checkId(2), minute, start))
      expect(yield* claim(store, start)).toEqual([[3, ""]])
      expect(yield* claim(store, start)).toEqual([])
      const soon = next(3, start, 10 * second)
      expect(soon - start).toBeGreaterThanOrEqual(5 * second)
      expect(yield* claim(store, soon - 1)).toEqual([])
      expect(yield* claim(store, soon)).toEqual([[3, ""]])
      // However late it is claimed, the next is in its place.
      expect(yield* claim(store, soon + 14 * second)).toEqual([[3, ""]])
      expect(yield* claim(store, soon + 20 * second - 1)).toEqual([])
      expect(yield* claim(store, soon + 20 * second)).toEqual([[3, ""]])
      expect(yield* claim(store, next(2, start))).toContainEqual([2, ""])
    }),
  )

  law("never comes of a threshold, which nobody asks, also when it was something else before", (store) =>
    Effect.gen(function* () {
      yield* store.createProject({ project: project(1), keys: [] })
      const metric = { url: `metric://${checkId(9)}/cpu` }
      yield* StoreFixture.create(store, probed(1, metric), probed(2))
      expect(yield* claim(store, start)).toEqual([[2, ""]])
      yield* store.transact({ checks: [checkId(2)] }, (loaded) => {
        const check = loaded.check(checkId(2))!
        return { result: undefined, checks: [{ ...check, policy: policyOf(metric) }] }
      })
      expect(yield* claim(store, start + 90 * minute)).toEqual([])
    }),
  )

  law("that was missed is not made up for, and moves no later one", (store) =>
    Effect.gen(function* () {
      yield* store.createProject({ project: project(1), keys: [] })
      yield* StoreFixture.create(store, probed(1))
      const late = start + 90 * minute + 7
      const [turn] = yield* store.claimTurns({ now: late, limit: 9 })
      expect(turn?.at).toBe(Turn.slotAt(checkId(1), minute, late))
      expect((turn!.at - Turn.slotAt(checkId(1), minute, start)) % minute).toBe(0)
      expect(yield* claim(store, late)).toEqual([])
      expect(yield* claim(store, next(1, late) - 1)).toEqual([])
      expect(yield* claim(store, next(1, late))).toEqual([[1, ""]])
    }),
  )

  law("that a clock has put off which was ahead comes once that is set back", (store) =>
    Effect.gen(function* () {
      yield* store.createProject({ project: project(1), keys: [] })
      yield* StoreFixture.create(store, probed(1))
      const wrong = start + 9_000 * minute
      yield* store.awake(wrong, undefined)
      yield* claim(store, wrong)
      expect(yield* claim(store, start + minute)).toEqual([])
      yield* store.turnBack(start + minute, minute)
      expect(yield* claim(store, start + minute)).toEqual([[1, ""]])
    }),
  )

  law("comes in the order in which turns are due, as many as are asked for", (store) =>
    Effect.gen(function* () {
      yield* store.createProject({ project: project(1), keys: [] })
      yield* StoreFixture.create(store, ...[1, 2, 3, 4].map((n) => probed(n)))
      yield* claim(store, start)
      const order = [1, 2, 3, 4].toSorted((a, b) => next(a, start) - next(b, start))
      const now = start + minute + second
      expect(yield* claim(store, now, { limit: 3 })).toEqual(order.slice(0, 3).map((n) => [n, ""]))
      expect(yield* claim(store, now, { limit: 3 })).toEqual([[order[3], ""]])
    }),
  )
}

const changes = (law: Law): void => {
  law(
    "ends when the check is paused, has no probe any more, or is deleted, and begins again at once",
    (store) =>
      Effect.gen(function* () {
        yield* store.createProject({ project: project(1), keys: [] })
        yield* StoreFixture.create(store, probed(1), probed(2), probed(3))
        yield* claim(store, start)
        yield* happen(store, [checkId(1)], { type: "pause" }, start)
        const plain = { ...check(2).policy, probe: undefined }
        yield* happen(store, [checkId(2)], { type: "configure", policy: plain }, start)
        yield* store.deleteCheck(projectId(1), checkId(3))
        expect(yield* claim(store, start + 5 * minute)).toEqual([])
        yield* happen(store, [checkId(1)], { type: "resume" }, start + 6 * minute)
        yield* happen(store, [checkId(2)], { type: "configure", policy: policyOf({}) }, start + 6 * minute)
        expect(sorted(yield* claim(store, start + 6 * minute))).toEqual([
          [1, ""],
          [2, ""],
        ])
      }),
  )

  law("comes at once when something else is to be asked, and not for any other change", (store) =>
    Effect.gen(function* () {
      yield* store.createProject({ project: project(1), keys: [] })
      yield* StoreFixture.create(store, probed(1))
      yield* claim(store, start)
      yield* happen(store, [checkId(1)], { type: "success" }, start)
      const renamed = { ...policyOf({}), manualResume: true }
      yield* happen(store, [checkId(1)], { type: "configure", policy: renamed }, start)
      expect(yield* claim(store, start)).toEqual([])
      const other = policyOf({ url: "https://example.com", every: 5 * minute })
      yield* happen(store, [checkId(1)], { type: "configure", policy: other }, start)
      expect(yield* claim(store, start)).toEqual([[1, ""]])
      expect(yield* claim(store, next(1, start, 5 * minute) - 1)).toEqual([])
      expect(yield* claim(store, next(1, start, 5 * minute))).toEqual([[1, ""]])
    }),
  )
}

const regions = (law: Law): void => {
  law("of a region belongs to its prober as long as that asks, and else to everybody", (store) =>
    Effect.gen(function* () {
      yield* store.createProject({ project: project(1), keys: [] })
      const there = { regions: ["eu", "us"] }
      yield* StoreFixture.create(store, probed(1, there), probed(2, { regions: ["eu"] }), probed(3))
      expect(yield* claim(store, start)).toEqual([
        [1, "eu", "us"],
        [2, "eu"],
        [3, ""],
      ])
      const prober = { region: "eu" }
      let now = start + minute + second
      expect(yield* claim(store, now, { prober })).toEqual(
        inOrder(now, [
          [1, "eu"],
          [2, "eu"],
        ]),
      )
      expect(sorted(yield* claim(store, now))).toEqual([
        [1, "us"],
        [3, ""],
      ])
      // What is made later belongs to it as well.
      yield* StoreFixture.create(store, probed(4, there))
      now += minute
      expect(sorted(yield* claim(store, now))).toEqual([
        [1, "us"],
        [3, ""],
        [4, "us"],
      ])
      expect(sorted(yield* claim(store, now, { prober }))).toEqual([
        [1, "eu"],
        [2, "eu"],
        [4, "eu"],
      ])
      // It has stopped: nobody else asks in its place for a day.
      now += Turn.patience
      expect(sorted(yield* claim(store, now))).toEqual([
        [1, "us"],
        [3, ""],
        [4, "us"],
      ])
      now += 2 * minute
      expect(sorted(yield* claim(store, now))).toEqual([
        [1, "eu", "us"],
        [2, "eu"],
        [3, ""],
        [4, "eu", "us"],
      ])
    }),
  )
}

const scopes = (law: Law): void => {
  law(
    "of a region that no check names makes no prober known, and belongs to one that asks once a check does",
    (store) =>
      Effect.gen(function* () {
        yield* store.createProject({ project: project(1), keys: [] })
        const prober = { region: "eu" }
        expect(yield* claim(store, start, { prober })).toEqual([])
        yield* StoreFixture.create(store, probed(1, { regions: ["eu"] }), probed(2, { regions: ["eu"] }))
        expect(yield* claim(store, start, { limit: 1 })).toEqual([[1, "eu"]])
        expect(yield* claim(store, start, { prober })).toEqual([[2, "eu"]])
        expect(yield* claim(store, start + minute + second)).toEqual([])
      }),
  )

  law("of a region belongs to the prober of its own project alone", (store) =>
    Effect.gen(function* () {
      for (const n of [1, 2]) yield* store.createProject({ project: project(n), keys: [] })
      const there = { regions: ["eu"] }
      yield* StoreFixture.create(store, probed(1, there), probed(2, there, 2))
      const prober = { region: "eu", project: projectId(1) }
      expect(yield* claim(store, start, { prober })).toEqual([[1, "eu"]])
      expect(yield* claim(store, start)).toEqual([[2, "eu"]])
      expect(yield* claim(store, start, { prober: { region: "eu", project: projectId(9) } })).toEqual([])
      const now = start + minute + second
      const both = [
        [1, "eu"],
        [2, "eu"],
      ]
      expect(sorted(yield* claim(store, now, { prober: { region: "eu" } }))).toEqual(both)
      // When it has stopped, another of the same region serves its project as well, and so it does what is made later.
      const later = start + Turn.patience + second
      expect(yield* claim(store, later)).toEqual([])
      yield* StoreFixture.create(store, probed(3, there, 2))
      expect(yield* claim(store, later)).toEqual([])
      expect(sorted(yield* claim(store, later, { prober: { region: "eu" } }))).toEqual([...both, [3, "eu"]])
    }),
  )
}

/** Returns turns in the order in which their checks are due by an instant. */
const inOrder = (now: Instant, turns: readonly (readonly [n: number, ...regions: readonly string[]])[]) =>
  turns.toSorted(([a], [b]) => Turn.slotAt(checkId(a), minute, now) - Turn.slotAt(checkId(b), minute, now))
