/** Laws of listings: what they find, in which order, and how they are cut into pages. */
import type * as Check from "@overdue/core/Check"
import type * as Listing from "@overdue/core/Listing"
import * as Probe from "@overdue/core/Probe"
import * as Never from "@overdue/core/schedule/Never"
import { hour, minute } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import fc from "fast-check"
import { describe, expect } from "vitest"
import * as StoreFixture from "./StoreFixture.ts"
import type { Law, Stored } from "./StoreFixture.ts"

const { check, checkId, groupId, happen, project, projectId, start } = StoreFixture

const { all } = StoreFixture

const found = (store: Stored, query: Partial<Listing.Query>) =>
  Effect.map(store.listing(projectId(1), { ...all, ...query }), ({ checks }) =>
    checks.map(({ check }) => Number(check.id.slice(-2))),
  )

/** Registers the laws. */
export const listings = (law: Law): void => {
  describe("a listing", () => {
    conditions(law)
    orders(law)
    pages(law)
  })
}

const conditions = (law: Law): void => {
  law("finds by number, id, a part of the name, group, and whether somebody has paused it", (store) =>
    Effect.gen(function* () {
      yield* store.createProject({ project: project(1), keys: [] })
      yield* store.createProject({ project: project(2), keys: [] })
      yield* StoreFixture.create(
        store,
        check(1, { details: { name: "Nightly Backup" } }),
        check(2, { details: { name: "ÉTUDE backup", group: groupId(1) } }),
        check(3, { details: { name: "100%_sure" } }),
        check(4, { project: projectId(2), details: { name: "backup" } }),
      )
      yield* happen(store, [checkId(2)], { type: "pause" }, start)
      const by = (where: Listing.Conditions) => found(store, { where })
      expect(yield* by({})).toEqual([1, 2, 3])
      expect(yield* by({ serial: 2 })).toEqual([2])
      expect(yield* by({ id: checkId(3) })).toEqual([3])
      expect(yield* by({ id: checkId(4) })).toEqual([])
      expect(yield* by({ nameContains: "BACKUP" })).toEqual([1, 2])
      // Only letters of ASCII are the same, large and small, wherever the database runs.
      expect(yield* by({ nameContains: "étude" })).toEqual([])
      expect(yield* by({ nameContains: "%_S" })).toEqual([3])
      expect(yield* by({ nameContains: "_%" })).toEqual([])
      expect(yield* by({ group: groupId(1) })).toEqual([2])
      expect(yield* by({ group: null })).toEqual([1, 3])
      expect(yield* by({ isPaused: true })).toEqual([2])
      expect(yield* by({ isPaused: false })).toEqual([1, 3])
    }),
  )

  law("finds by where signals come from, also of a check that is asked otherwise now", (store) =>
    Effect.gen(function* () {
      yield* store.createProject({ project: project(1), keys: [] })
      const probe = Probe.make({ url: "https://example.org" })
      yield* StoreFixture.create(
        store,
        check(1),
        check(2, {}, { schedule: Never.never, probe }),
        check(3, { details: { isServer: true } }),
      )
      const by = (family: Check.Family) => found(store, { where: { family } })
      expect([yield* by("job"), yield* by("probe"), yield* by("server")]).toEqual([[1], [2], [3]])
      const policy = { ...check(2).policy, schedule: Never.never, probe: undefined }
      yield* happen(store, [checkId(2)], { type: "configure", policy }, start)
      expect([yield* by("job"), yield* by("probe"), yield* by("server")]).toEqual([[1, 2], [], [3]])
    }),
  )

  law("finds by instants, both ends included, and what has none at all by none", (store) =>
    Effect.gen(function* () {
      yield* store.createProject({ project: project(1), keys: [] })
      yield* StoreFixture.create(store, check(1), check(2))
      yield* happen(store, [checkId(2)], { type: "success" }, start + hour)
      const by = (stamp: Listing.Stamp, from?: number, to?: number) =>
        found(store, { where: { during: { stamp, from, to } } })
      expect(yield* by("createdAt", start, start)).toEqual([1, 2])
      expect(yield* by("createdAt", start + 1)).toEqual([])
      expect(yield* by("updatedAt", undefined, start - 1)).toEqual([])
      expect(yield* by("lastSuccess")).toEqual([2])
      expect(yield* by("lastSuccess", start + hour, start + hour)).toEqual([2])
      expect(yield* by("lastSuccess", start + hour + 1)).toEqual([])
    }),
  )
}

const orders = (law: Law): void => {
  law("orders by number, name, instants and uptime, in either direction, equal ones by number", (store) =>
    Effect.gen(function* () {
      yield* store.createProject({ project: project(1), keys: [] })
      const names = ["b", "Z", "a", "\u{1f600}", "\uff5e", "a"]
      yield* StoreFixture.create(
        store,
        ...names.map((name, index) => check(index + 1, { details: { name } })),
      )
      // Down from the beginning; up for an hour and a minute, then down; up; the others have been neither.
      yield* happen(store, [checkId(1)], { type: "fail" }, start)
      yield* happen(store, [checkId(2)], { type: "success" }, start)
      yield* happen(store, [checkId(3)], { type: "success" }, start + 2 * hour)
      const now = start + 2 * hour + 30 * minute
      yield* happen(store, [checkId(2)], { type: "tick" }, now)
      const by = (key: Listing.Key, isDescending = false) => found(store, { by: key, isDescending, now })
      expect(yield* by("serial")).toEqual([1, 2, 3, 4, 5, 6])
      expect(yield* by("serial", true)).toEqual([6, 5, 4, 3, 2, 1])
      // By code points: what JavaScript writes in two halves comes last.
      expect(yield* by("name")).toEqual([2, 3, 6, 1, 5, 4])
      expect(yield* by("name", true)).toEqual([4, 5, 1, 6, 3, 2])
      expect(yield* by("lastSuccess")).toEqual([1, 4, 5, 6, 2, 3])
      expect(yield* by("createdAt", true)).toEqual([6, 5, 4, 3, 2, 1])
      expect(yield* by("uptime")).toEqual([1, 4, 5, 6, 2, 3])
      expect(yield* by("uptime", true)).toEqual([3, 2, 6, 5, 4, 1])
    }),
  )
}

const pages = (law: Law): void => {
  law("is cut into pages that say how many there are, and are empty beyond the last", (store) =>
    Effect.gen(function* () {
      yield* store.createProject({ project: project(1), keys: [] })
      yield* StoreFixture.create(store, ...[1, 2, 3, 4, 5].map((n) => check(n)))
      const page = (offset: number) =>
        Effect.map(
          store.listing(projectId(1), { ...all, offset, limit: 2, isDescending: true }),
          ({ checks, total }) => [total, ...checks.map(({ serial }) => serial)],
        )
      expect(yield* page(0)).toEqual([5, 5, 4])
      expect(yield* page(4)).toEqual([5, 1])
      expect(yield* page(6)).toEqual([5])
      expect(yield* store.listing(projectId(2), all)).toEqual({ checks: [], total: 0 })
    }),
  )

  law("skips and repeats no check from page to page, whichever are created meanwhile", (store) =>
    Effect.gen(function* () {
      let made = 0
      let of = 0
      const create = (count: number) =>
        StoreFixture.create(
          store,
          ...Array.from({ length: count }, () => check(++made, { project: projectId(of) })),
        )
      const counts = fc.sample(fc.array(fc.nat({ max: 4 }), { minLength: 1, maxLength: 12 }), 8)
      for (const births of counts) {
        of += 1
        yield* store.createProject({ project: project(of), keys: [] })
        yield* create(births[0]!)
        const before = births[0]!
        const seen: number[] = []
        for (let turn = 0; ; turn++) {
          const query = { ...all, offset: seen.length, limit: 3 }
          const { checks } = yield* store.listing(projectId(of), query)
          if (checks.length === 0) break
          seen.push(...checks.map(({ serial }) => serial))
          yield* create(births[turn + 1] ?? 0)
        }
        expect(seen).toEqual(Array.from({ length: seen.length }, (_, index) => index + 1))
        expect(seen.length).toBeGreaterThanOrEqual(before)
      }
    }),
  )
}
