/** Laws of projects, their keys and their channels. */
import * as Effect from "effect/Effect"
import { describe, expect } from "vitest"
import * as StoreFixture from "./StoreFixture.ts"
import type { Law } from "./StoreFixture.ts"

const { apiKey, channel, channelId, project, projectId, reasonOf } = StoreFixture

/** Registers the laws. */
export const projects = (law: Law): void => {
  describe("a project", () => {
    projectRecords(law)
    projectChanges(law)
  })
  describe("an API key", () => apiKeys(law))
  describe("a channel", () => channels(law))
}

const projectRecords = (law: Law): void => {
  law("is found by its id, by its ping key, and in order of creation", (store) =>
    Effect.gen(function* () {
      expect(yield* store.projects).toEqual([])
      const made = [project(2), project(1, { pingKey: undefined, pingLogLimit: 7, checkLimit: 9 })]
      for (const one of made) yield* store.createProject({ project: one, keys: [] })
      expect(yield* store.projects).toEqual(made)
      expect(yield* store.project(projectId(1))).toEqual(made[1])
      expect(yield* store.project(projectId(3))).toBeUndefined()
      expect(yield* store.projectByPingKey("ping-key-2")).toEqual(made[0])
      expect(yield* store.projectByPingKey("ping-key-1")).toBeUndefined()
    }),
  )

  law("may be silent until an instant, and is so until somebody ends it", (store) =>
    Effect.gen(function* () {
      yield* store.createProject({ project: project(1), keys: [] })
      yield* store.createProject({ project: project(2, { silencedUntil: 7 }), keys: [] })
      expect(yield* store.silenceProject(projectId(1), 9)).toBe(true)
      expect(yield* store.silenceProject(projectId(2), undefined)).toBe(true)
      expect(yield* store.silenceProject(projectId(3), 9)).toBe(false)
      expect(yield* store.projects).toEqual([project(1, { silencedUntil: 9 }), project(2)])
      const loaded = yield* store.transact({ projects: [projectId(1)] }, (loaded) => ({
        result: loaded.project(projectId(1))?.project.silencedUntil,
      }))
      expect(loaded).toBe(9)
    }),
  )

  law("is found by the key of its badges", (store) =>
    Effect.gen(function* () {
      for (const n of [1, 2]) yield* store.createProject({ project: project(n), keys: [] })
      expect(yield* store.projectByBadgeKey(project(2).badgeKey)).toEqual(project(2))
      expect(yield* store.projectByBadgeKey(project(3).badgeKey)).toBeUndefined()
    }),
  )

  law("is created with its keys or not at all", (store) =>
    Effect.gen(function* () {
      yield* store.createProject({ project: project(1), keys: [apiKey(1), apiKey(2)] })
      const refused = [
        { project: project(1, { pingKey: undefined }), keys: [] },
        { project: project(2, { pingKey: "ping-key-1" }), keys: [] },
        {
          project: project(2),
          keys: [apiKey(3, { project: projectId(2) }), apiKey(1, { project: projectId(2) })],
        },
        { project: project(2), keys: [apiKey(3, { project: projectId(9) })] },
      ]
      for (const created of refused) {
        expect(yield* reasonOf(store.createProject(created))).toBe("constraint")
        expect(yield* store.projects).toEqual([project(1)])
        expect(yield* store.apiKey(apiKey(3).digest)).toBeUndefined()
      }
      expect(yield* store.apiKeys(projectId(1))).toEqual([apiKey(1), apiKey(2)])
    }),
  )

  law("shares the absence of a ping key with any other", (store) =>
    Effect.gen(function* () {
      for (const n of [1, 2]) {
        yield* store.createProject({ project: project(n, { pingKey: undefined }), keys: [] })
      }
      expect(yield* store.projects).toHaveLength(2)
    }),
  )
}

const projectChanges = (law: Law): void => {
  law("changes in what may change, and keeps the rest", (store) =>
    Effect.gen(function* () {
      for (const n of [1, 2])
        yield* store.createProject({ project: project(n), keys: [apiKey(n, { project: projectId(n) })] })
      const change = { name: "new", pingKey: "new", badgeKey: "b", checkLimit: 7, pingLogLimit: 8 }
      expect(yield* store.updateProject(projectId(1), change)).toBe(true)
      expect(yield* store.updateProject(projectId(3), { ...change, pingKey: "none" })).toBe(false)
      expect(yield* store.projects).toEqual([project(1, change), project(2)])
      expect(yield* store.projectByPingKey("new")).toEqual(project(1, change))
      const taken = { ...change, pingKey: "ping-key-2" }
      expect(yield* reasonOf(Effect.asVoid(store.updateProject(projectId(1), taken)))).toBe("constraint")
      expect(yield* store.updateProject(projectId(2), { ...change, pingKey: undefined })).toBe(true)
      expect((yield* store.project(projectId(2)))?.pingKey).toBeUndefined()
    }),
  )

  law("goes with its checks, channels and keys, and leaves those of others alone", (store) =>
    Effect.gen(function* () {
      yield* StoreFixture.furnish(store, 2)
      const other = project(2)
      yield* store.createProject({ project: other, keys: [apiKey(2, { project: other.id })] })
      yield* store.createApiKey(apiKey(1))
      yield* StoreFixture.create(store, StoreFixture.check(7, { project: other.id }))
      const [of1, of7] = [StoreFixture.checkId(1), StoreFixture.checkId(7)]
      yield* StoreFixture.happen(store, [of1, of7], { type: "fail" }, StoreFixture.start + 1)
      expect(yield* store.deleteProject(projectId(1))).toBe(true)
      expect(yield* store.deleteProject(projectId(1))).toBe(false)
      expect(yield* store.projects).toEqual([other])
      expect(yield* store.check(of1)).toBeUndefined()
      expect([yield* store.pings(of1, { limit: 9 }), yield* store.flips(of1, {})]).toEqual([[], []])
      expect([yield* store.channels(projectId(1)), yield* store.apiKeys(projectId(1))]).toEqual([[], []])
      expect(yield* store.deliveries({ limit: 9 })).toEqual([])
      expect(yield* store.apiKey(apiKey(2).digest)).toBeDefined()
      expect((yield* store.check(of7))?.state.status).toBe("down")
      expect(yield* store.pings(of7, { limit: 9 })).toHaveLength(1)
      yield* store.createProject({ project: project(1), keys: [apiKey(1)] })
    }),
  )
}

const apiKeys = (law: Law): void => {
  law("is found by its digest, listed by its project in order of creation, and deleted once", (store) =>
    Effect.gen(function* () {
      yield* store.createProject({ project: project(1), keys: [apiKey(2)] })
      yield* store.createProject({ project: project(2), keys: [] })
      const reading = apiKey(1, { access: "read-only" })
      yield* store.createApiKey(reading)
      yield* store.createApiKey(apiKey(3, { project: projectId(2) }))
      expect(yield* store.apiKey(reading.digest)).toEqual(reading)
      expect(yield* store.apiKey(apiKey(4).digest)).toBeUndefined()
      expect(yield* store.apiKeys(projectId(1))).toEqual([apiKey(2), reading])
      expect(yield* store.deleteApiKey(projectId(2), reading.digest)).toBe(false)
      expect(yield* store.deleteApiKey(projectId(1), reading.digest)).toBe(true)
      expect(yield* store.deleteApiKey(projectId(1), reading.digest)).toBe(false)
      expect(yield* store.apiKeys(projectId(1))).toEqual([apiKey(2)])
    }),
  )

  law("exists once, and only for a project that exists", (store) =>
    Effect.gen(function* () {
      yield* store.createProject({ project: project(1), keys: [apiKey(1)] })
      expect(yield* reasonOf(store.createApiKey(apiKey(1)))).toBe("constraint")
      expect(yield* reasonOf(store.createApiKey(apiKey(2, { project: projectId(2) })))).toBe("constraint")
    }),
  )
}

const channels = (law: Law): void => {
  law("is read as it was created, whatever JSON its value is", (store) =>
    Effect.gen(function* () {
      yield* store.createProject({ project: project(1), keys: [] })
      const values = [{ a: [1, null, { b: "ä\n\"'🌙" }] }, "text", 0, [], null, false]
      const made = values.map((value, index) => channel(9 - index, { value }))
      for (const one of made) yield* store.createChannel(one)
      expect(yield* store.channels(projectId(1))).toEqual(made)
      for (const one of made) expect(yield* store.channel(one.id)).toEqual(one)
      expect(yield* store.channels(projectId(2))).toEqual([])
      expect(yield* store.channel(channelId(1))).toBeUndefined()
    }),
  )

  law("exists once, and only in a project that exists", (store) =>
    Effect.gen(function* () {
      yield* store.createProject({ project: project(1), keys: [] })
      yield* store.createChannel(channel(1))
      expect(yield* reasonOf(store.createChannel(channel(1)))).toBe("constraint")
      expect(yield* reasonOf(store.createChannel(channel(2, { project: projectId(2) })))).toBe("constraint")
    }),
  )
}
