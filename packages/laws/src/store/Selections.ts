/** Laws of selections: what a unit of work reads of the store. */
import type * as Check from "@overdue/core/Check"
import * as Probe from "@overdue/core/Probe"
import * as Cron from "@overdue/core/schedule/Cron"
import * as Never from "@overdue/core/schedule/Never"
import { hour, minute } from "@overdue/core/Time"
import * as Zone from "@overdue/core/Zone"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { describe, expect } from "vitest"
import * as StoreFixture from "./StoreFixture.ts"
import type { Law } from "./StoreFixture.ts"

const { checkId, projectId } = StoreFixture

/** Registers the laws. */
export const selections = (law: Law): void => {
  describe("a unit of work reads", () => {
    named(law)
    matched(law)
    watching(law)
    projects(law)
  })
}

/** Checks by their ids, and by their slugs. */
const named = (law: Law): void => {
  law("the checks that it names, and no other", (store) =>
    Effect.gen(function* () {
      yield* StoreFixture.furnish(store, 2)
      const named = [checkId(2), checkId(3)]
      const found = yield* StoreFixture.read(store, { checks: named }, (loaded) =>
        [1, 2, 3].map((n) => loaded.check(checkId(n))?.id),
      )
      expect(found).toEqual([undefined, checkId(2), undefined])
    }),
  )

  law("the checks of a project with a slug, in order of creation, and knows them by id as well", (store) =>
    Effect.gen(function* () {
      yield* StoreFixture.furnish(store, 0)
      yield* store.createProject({ project: StoreFixture.project(2), keys: [] })
      const details = { slug: "backup" }
      yield* StoreFixture.create(
        store,
        StoreFixture.check(9, { details }),
        StoreFixture.check(3, { details }),
        StoreFixture.check(5),
      )
      yield* StoreFixture.create(
        store,
        StoreFixture.check(4, { details, project: projectId(2) }),
        StoreFixture.check(1, { details }),
      )
      const key = { project: projectId(1), slug: "backup" }
      const found = yield* StoreFixture.read(store, { slugs: [key] }, (loaded) => ({
        slug: loaded.slug(key).map(({ id }) => id),
        other: loaded.slug({ project: projectId(2), slug: "backup" }),
        id: loaded.check(checkId(3))?.id,
      }))
      expect(found).toEqual({ slug: [checkId(9), checkId(3), checkId(1)], other: [], id: checkId(3) })
    }),
  )
}

const matched = (law: Law): void => {
  law("the first check that equals everything that a match asks for", (store) =>
    Effect.gen(function* () {
      yield* StoreFixture.furnish(store, 0)
      yield* store.createProject({ project: StoreFixture.project(2), keys: [] })
      const riga = Result.getOrThrow(Cron.parse("0 * * * *", Result.getOrThrow(Zone.make("Europe/Riga"))))
      yield* StoreFixture.create(
        store,
        StoreFixture.check(1, { project: projectId(2), details: { name: "a", slug: "s", tags: "x y" } }),
        StoreFixture.check(2, { details: { name: "a", slug: "s", tags: "x" } }, { schedule: riga }),
        StoreFixture.check(3, { details: { name: "a", slug: "s", tags: "x y" } }),
        StoreFixture.check(4, { details: { name: "a", slug: "t", tags: "x y" } }, { grace: hour }),
      )
      const project = projectId(1)
      const where = ({ policy }: Check.Check) => policy.schedule.kind === "every"
      const asked = [
        { project },
        { project, name: "a", slug: "s" },
        { project, tags: "x y" },
        { project, slug: "t" },
        { project, where },
        { project, grace: hour },
        { project, name: "a", slug: "s", tags: "x y", where, grace: minute },
        { project, name: "A" },
        { project: projectId(3) },
      ]
      const found = yield* Effect.forEach(asked, (match) =>
        StoreFixture.read(store, { match }, (loaded) => loaded.match?.id),
      )
      expect(found).toEqual([2, 2, 3, 4, 3, 4, 3].map(checkId).concat([undefined!, undefined!]))
    }),
  )
}

/** Thresholds, by the servers whose reports they are about. */
const watching = (law: Law): void => {
  law("the thresholds on a server, in order of creation, as they are now", (store) =>
    Effect.gen(function* () {
      yield* StoreFixture.furnish(store, 1)
      const on = (n: number) => ({
        schedule: Never.never,
        probe: Probe.make({ url: `metric://${checkId(n)}/cpu` }),
      })
      yield* StoreFixture.create(
        store,
        StoreFixture.check(9, {}, on(1)),
        StoreFixture.check(3, {}, on(1)),
        StoreFixture.check(4, {}, on(2)),
        StoreFixture.check(
          5,
          {},
          { schedule: Never.never, probe: Probe.make({ url: "https://example.org" }) },
        ),
      )
      yield* StoreFixture.create(store, StoreFixture.check(2, {}, on(1)))
      const read = (servers: readonly number[], checks: readonly number[] = servers) =>
        StoreFixture.read(
          store,
          { checks: checks.map(checkId), watching: servers.map(checkId) },
          ({ watching, check }) => ({
            watching: [1, 2, 7].map((n) => watching(checkId(n)).map(({ id }) => id)),
            isKnown: check(checkId(9)) !== undefined,
          }),
        )
      const [nine, three, two] = [9, 3, 2].map(checkId)
      expect(yield* read([1])).toEqual({ watching: [[nine, three, two], [], []], isKnown: true })
      expect(yield* read([1, 2, 7])).toEqual({
        watching: [[nine, three, two], [checkId(4)], []],
        isKnown: true,
      })
      expect(yield* read([], [1])).toEqual({ watching: [[], [], []], isKnown: false })
      const change = (n: number, policy: Partial<Check.Policy>) =>
        store.transact({ checks: [checkId(n)] }, (loaded) => {
          const check = loaded.check(checkId(n))!
          return { result: undefined, checks: [{ ...check, policy: { ...check.policy, ...policy } }] }
        })
      yield* change(3, on(2))
      yield* change(9, { probe: undefined })
      expect((yield* read([1, 2])).watching).toEqual([[two], [three, checkId(4)], []])
    }),
  )
}

const projects = (law: Law): void => {
  law("a project with its channels and how many checks it has", (store) =>
    Effect.gen(function* () {
      yield* StoreFixture.furnish(store, 3)
      const found = yield* StoreFixture.read(store, { projects: [projectId(1), projectId(2)] }, (loaded) =>
        [1, 2].map((n) => loaded.project(projectId(n))),
      )
      const channels = [StoreFixture.channel(1), StoreFixture.channel(2)]
      expect(found).toEqual([{ project: StoreFixture.project(1), checkCount: 3, channels }, undefined])
    }),
  )
}
