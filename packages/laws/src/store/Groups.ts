/** Laws of groups, and of the numbers that checks, channels and groups have in their project. */
import * as Effect from "effect/Effect"
import { describe, expect } from "vitest"
import * as StoreFixture from "./StoreFixture.ts"
import type { Law } from "./StoreFixture.ts"

const { channel, channelId, check, checkId, group, groupId, project, projectId } = StoreFixture

/** Registers the laws. */
export const groups = (law: Law): void => {
  describe("a group", () => {
    records(law)
    members(law)
  })
  describe("a number", () => numbers(law))
}

const records = (law: Law): void => {
  law("is found in its project, in order of creation, with its number", (store) =>
    Effect.gen(function* () {
      yield* store.createProject({ project: project(1), keys: [] })
      yield* store.createProject({ project: project(2), keys: [] })
      expect(yield* store.createGroup(group(7, { color: "#123456" }))).toEqual({
        ...group(7, { color: "#123456" }),
        serial: 1,
      })
      yield* store.createGroup(group(3, { extension: { pinghome: { team: "x" } } }))
      yield* store.createGroup(group(4, { project: projectId(2) }))
      expect(yield* store.groups(projectId(1))).toEqual([
        { ...group(7, { color: "#123456" }), serial: 1 },
        { ...group(3, { extension: { pinghome: { team: "x" } } }), serial: 2 },
      ])
      expect(yield* store.groups(projectId(3))).toEqual([])
    }),
  )

  law("is created once, in a project that there is", (store) =>
    Effect.gen(function* () {
      yield* store.createProject({ project: project(1), keys: [] })
      yield* store.createGroup(group(1))
      expect(yield* StoreFixture.reasonOf(store.createGroup(group(1)))).toBe("constraint")
      const lost = store.createGroup(group(2, { project: projectId(9) }))
      expect(yield* StoreFixture.reasonOf(lost)).toBe("constraint")
      // What failed has taken no number.
      expect(yield* store.createGroup(group(3))).toMatchObject({ serial: 2 })
    }),
  )

  law("is changed and deleted by its own project only", (store) =>
    Effect.gen(function* () {
      for (const n of [1, 2]) yield* store.createProject({ project: project(n), keys: [] })
      yield* store.createGroup(group(1))
      const change = { name: "other", color: "#ffffff", updatedAt: 9 }
      expect(yield* store.updateGroup(projectId(2), groupId(1), change)).toBe(false)
      expect(yield* store.updateGroup(projectId(1), groupId(2), change)).toBe(false)
      expect(yield* store.updateGroup(projectId(1), groupId(1), change)).toBe(true)
      expect(yield* store.groups(projectId(1))).toEqual([{ ...group(1), ...change, serial: 1 }])
      expect(yield* store.deleteGroup(projectId(2), groupId(1))).toBe(false)
      expect(yield* store.deleteGroup(projectId(1), groupId(1))).toBe(true)
      expect(yield* store.deleteGroup(projectId(1), groupId(1))).toBe(false)
      expect(yield* store.groups(projectId(1))).toEqual([])
    }),
  )

  law("goes with its project", (store) =>
    Effect.gen(function* () {
      yield* store.createProject({ project: project(1), keys: [] })
      yield* store.createGroup(group(1))
      yield* store.deleteProject(projectId(1))
      yield* store.createProject({ project: project(1), keys: [] })
      expect(yield* store.groups(projectId(1))).toEqual([])
    }),
  )
}

const members = (law: Law): void => {
  law("leaves its checks behind when it is deleted, and they belong to none", (store) =>
    Effect.gen(function* () {
      yield* store.createProject({ project: project(1), keys: [] })
      for (const n of [1, 2]) yield* store.createGroup(group(n))
      const made = [1, 2, 1].map((of, index) => check(index + 1, { details: { group: groupId(of) } }))
      yield* StoreFixture.create(store, ...made)
      yield* store.deleteGroup(projectId(1), groupId(1))
      const found = yield* store.checks(projectId(1), {})
      expect(found.map(({ details }) => details.group)).toEqual([undefined, groupId(2), undefined])
    }),
  )
}

const numbers = (law: Law): void => {
  law("counts from 1 in each project, and is given to no other, also when its check is gone", (store) =>
    Effect.gen(function* () {
      for (const n of [1, 2]) yield* store.createProject({ project: project(n), keys: [] })
      const serials = (of: number) =>
        Effect.map(store.listing(projectId(of), StoreFixture.all), ({ checks }) =>
          checks.map(({ serial, check }) => [serial, check.id]),
        )
      yield* StoreFixture.create(store, check(1), check(2, { project: projectId(2) }), check(3))
      expect(yield* serials(1)).toEqual([
        [1, checkId(1)],
        [2, checkId(3)],
      ])
      expect(yield* serials(2)).toEqual([[1, checkId(2)]])
      yield* store.deleteCheck(projectId(1), checkId(3))
      yield* StoreFixture.create(store, check(4))
      expect(yield* serials(1)).toEqual([
        [1, checkId(1)],
        [3, checkId(4)],
      ])
      // Neither is one of a unit of work that failed.
      const twice = StoreFixture.create(store, check(5), check(4))
      expect(yield* StoreFixture.reasonOf(twice)).toBe("constraint")
      yield* StoreFixture.create(store, check(6))
      expect(yield* serials(1)).toEqual([
        [1, checkId(1)],
        [3, checkId(4)],
        [4, checkId(6)],
      ])
    }),
  )

  law("is given to channels as well", (store) =>
    Effect.gen(function* () {
      yield* store.createProject({ project: project(1), keys: [] })
      for (const n of [1, 2]) yield* store.createChannel(channel(n))
      yield* store.deleteChannel(projectId(1), channelId(2))
      yield* store.createChannel(channel(3))
      expect([...(yield* store.channelSerials(projectId(1)))]).toEqual([
        [channelId(1), 1],
        [channelId(3), 3],
      ])
    }),
  )
}
