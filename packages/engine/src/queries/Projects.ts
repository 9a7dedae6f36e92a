/** Finds projects by what opens them. */
import type { Access, Project } from "@overdue/core/Project"
import * as Store from "@overdue/core/Store"
import * as Effect from "effect/Effect"

/** What a key opens. */
export interface Opened {
  readonly project: Project
  readonly access: Access
}

/** What the API key with this digest opens; `undefined` when there is no such key. */
export const byApiKey = Effect.fnUntraced(function* (digest: string) {
  const store = yield* Store.Store
  const key = yield* store.apiKey(digest)
  if (key === undefined) return undefined
  const project = yield* store.project(key.project)
  return project === undefined ? undefined : ({ project, access: key.access } satisfies Opened)
})

/** The project whose ping URLs this key opens. */
export const byPingKey = (
  pingKey: string,
): Effect.Effect<Project | undefined, Store.StoreError, Store.Store> =>
  Effect.flatMap(Store.Store, (store) => store.projectByPingKey(pingKey))
