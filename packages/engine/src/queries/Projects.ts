/** Queries about projects, and for the one that a key gives access to. */
import type { Access, Project } from "@overdue/core/Project"
import * as Store from "@overdue/core/Store"
import * as Effect from "effect/Effect"

/** A project, and how much it has of everything. */
export interface Counted extends Project {
  readonly checks: number
  readonly channels: number
  readonly keys: number
}

/** Returns how much a project has of everything. */
export const counted = Effect.fnUntraced(function* (project: Project) {
  const store = yield* Store.Store
  return {
    ...project,
    checks: (yield* store.checks(project.id, {})).length,
    channels: (yield* store.channels(project.id)).length,
    keys: (yield* store.apiKeys(project.id)).length,
  } satisfies Counted
})

/** A project, and the access that a key gives to it. */
export interface Opened {
  readonly project: Project
  readonly access: Access
}

/** Returns the project and the access of the API key with this digest; `undefined` when there is no such key. */
export const byApiKey = Effect.fnUntraced(function* (digest: string) {
  const store = yield* Store.Store
  const key = yield* store.apiKey(digest)
  if (key === undefined) return undefined
  const project = yield* store.project(key.project)
  return project === undefined ? undefined : ({ project, access: key.access } satisfies Opened)
})

/** Returns the project with this ping key; `undefined` when there is none. */
export const byPingKey = (
  pingKey: string,
): Effect.Effect<Project | undefined, Store.StoreError, Store.Store> =>
  Effect.flatMap(Store.Store, (store) => store.projectByPingKey(pingKey))
