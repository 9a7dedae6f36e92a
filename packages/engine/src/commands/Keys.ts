/** Commands that create and delete the API keys of a project. They see digests only: a key is known to its owner alone. */
import type { ApiKey } from "@overdue/core/Project"
import * as Store from "@overdue/core/Store"
import * as Effect from "effect/Effect"
import { KeyExists, KeyNotFound, ProjectNotFound } from "../CommandError.ts"
import * as SteadyClock from "../SteadyClock.ts"

/** Characters of a digest that name a key: as many as nobody else's key begins with by chance. */
export const idLength = 12

/** Returns the id of a key: the beginning of its digest, which opens nothing. */
export const idOf = ({ digest }: ApiKey): string => digest.slice(0, idLength)

/** Stores a key of a project and returns it. Fails with `ProjectNotFound`, and with `KeyExists`. */
export const create = Effect.fn("Keys.create")(function* (
  project: string,
  key: Omit<ApiKey, "project" | "createdAt">,
) {
  const store = yield* Store.Store
  if ((yield* store.project(project)) === undefined) return yield* new ProjectNotFound({ project })
  if ((yield* store.apiKey(key.digest)) !== undefined) return yield* new KeyExists()
  const stored: ApiKey = { ...key, project, createdAt: yield* SteadyClock.now }
  yield* store.createApiKey(stored)
  return stored
})

/**
 * Deletes the key of a project with an id, and returns it as it was; `undefined` when its record is damaged, so that
 * nobody can tell. Fails with `KeyNotFound`.
 */
export const remove = Effect.fn("Keys.remove")(function* (project: string, id: string) {
  const store = yield* Store.Store
  const key = (yield* store.apiKeys(project)).find((key) => idOf(key) === id)
  // Less than an id begins the digests of several keys.
  const isNamed = key !== undefined || id.length === idLength
  if (!isNamed || !(yield* store.deleteApiKey(project, key?.digest ?? id)))
    return yield* new KeyNotFound({ key: id })
  return key
})
