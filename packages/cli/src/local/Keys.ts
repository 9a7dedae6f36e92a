/** API keys in a database: listed, created, rotated and revoked without a server. */
import type { Access, ApiKey } from "@overdue/core/Project"
import * as Store from "@overdue/core/Store"
import * as Keys from "@overdue/server/access/Keys"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { Failure } from "../Failure.ts"
import { pick, type Naming } from "./Pick.ts"
import type { Place } from "./Place.ts"
import * as Secret from "../serve/Secret.ts"
import * as Projects from "./Projects.ts"
import { use } from "./Session.ts"

/** What a database knows of a key: its first characters, and a digest of all of it. */
export interface KeyRow {
  /** The first 12 digits of the digest. */
  readonly id: string
  readonly access: Access
  /** The first characters of the key. */
  readonly hint: string
  readonly createdAt: number
}

/** A key that was created just now, the only time that all of it is known. */
export interface MadeKey extends KeyRow {
  readonly key: string
}

const naming: Naming<ApiKey> = { noun: "key", id: ({ digest }) => digest, names: ({ hint }) => [hint] }

/** Returns what may be printed of a stored key. */
export const rowOf = ({ digest, access, hint, createdAt }: ApiKey): KeyRow => ({
  id: digest.slice(0, 12),
  access,
  hint,
  createdAt,
})

/** Returns the keys of the project, oldest first. */
export const list = ({ database, project }: Place): Promise<readonly KeyRow[]> =>
  use(
    database,
    Effect.gen(function* () {
      const store = yield* Store.Store
      const { id } = yield* Projects.find(project)
      return (yield* store.apiKeys(id)).map(rowOf)
    }),
  )

/** Creates a key, the given one or else a random one, and returns it. Fails when the given one exists already. */
export const create = (place: Place, access: Access, given?: string): Promise<MadeKey> =>
  use(
    place.database,
    Effect.gen(function* () {
      const { id } = yield* Projects.find(place.project)
      return yield* make(place, id, access, given)
    }),
  )

/** Returns the keys that are named by their first characters, by id, or in full. Fails unless all of them exist. */
export const find = (place: Place, words: readonly string[]): Promise<readonly ApiKey[]> =>
  use(
    place.database,
    Effect.gen(function* () {
      const store = yield* Store.Store
      const { id } = yield* Projects.find(place.project)
      const keys = yield* store.apiKeys(id)
      const secret = Secret.of(place.database)
      return words.map((word) => {
        const digest = Keys.digest(secret, word)
        return keys.find((key) => key.digest === digest) ?? pick(keys, word, naming)
      })
    }),
  )

/** Deletes keys; a server on the same database refuses them at once. */
export const revoke = (place: Place, keys: readonly ApiKey[]): Promise<void> =>
  use(
    place.database,
    Effect.gen(function* () {
      const store = yield* Store.Store
      for (const { digest } of keys) yield* store.deleteApiKey(digest)
    }),
  )

/** Creates a key with the same access, deletes the old one, and returns the new one. */
export const rotate = (place: Place, old: ApiKey): Promise<MadeKey> =>
  use(
    place.database,
    Effect.gen(function* () {
      const store = yield* Store.Store
      const made = yield* make(place, old.project, old.access)
      yield* store.deleteApiKey(old.digest)
      return made
    }),
  )

const make = Effect.fnUntraced(function* (
  place: Place,
  project: string,
  access: Access,
  key = Keys.generate(access),
) {
  const store = yield* Store.Store
  const secret = Secret.of(place.database)
  const stored: ApiKey = {
    ...Keys.stored(secret, key, access),
    project,
    createdAt: yield* Clock.currentTimeMillis,
  }
  if ((yield* store.apiKey(stored.digest)) !== undefined) {
    throw new Failure("the key exists already; `overdue keys list` shows the keys of a project")
  }
  yield* store.createApiKey(stored)
  return { key, ...rowOf(stored) } satisfies MadeKey
})
