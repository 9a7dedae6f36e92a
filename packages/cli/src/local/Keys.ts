/** API keys, straight on a database. */
import type { Access, ApiKey } from "@overdue/core/Project"
import * as Store from "@overdue/core/Store"
import * as Keys from "@overdue/server/access/Keys"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { Database } from "./Address.ts"
import { pick, type Kind } from "./Pick.ts"
import * as Projects from "./Projects.ts"
import { use } from "./Session.ts"

export interface Place {
  readonly database: Database
  /** Name or id; `undefined`: the only one. */
  readonly project: string | undefined
  /** From the environment. */
  readonly secret: string | undefined
}

/** What is known of a stored key; the beginning of its digest names it. */
export interface Shown {
  readonly id: string
  readonly access: Access
  readonly hint: string
  readonly createdAt: number
}

/** A key that was made: shown only now. */
export interface Made extends Shown {
  readonly key: string
}

const kind: Kind<ApiKey> = { noun: "key", id: ({ digest }) => digest, names: ({ hint }) => [hint] }

export const shown = ({ digest, access, hint, createdAt }: ApiKey): Shown => ({
  id: digest.slice(0, 12),
  access,
  hint,
  createdAt,
})

export const list = ({ database, project }: Place): Promise<readonly Shown[]> =>
  use(
    database,
    Effect.gen(function* () {
      const store = yield* Store.Store
      const { id } = yield* Projects.find(project)
      return (yield* store.apiKeys(id)).map(shown)
    }),
  )

export const create = (place: Place, access: Access): Promise<Made> =>
  use(
    place.database,
    Effect.gen(function* () {
      const { id } = yield* Projects.find(place.project)
      return yield* make(place, id, access)
    }),
  )

/** Those that are meant by hint, id, or the key itself. All are found before anything is done. */
export const find = (place: Place, words: readonly string[]): Promise<readonly ApiKey[]> =>
  use(
    place.database,
    Effect.gen(function* () {
      const store = yield* Store.Store
      const { id } = yield* Projects.find(place.project)
      const keys = yield* store.apiKeys(id)
      const secret = yield* Projects.secretOf(place.database, place.secret)
      return words.map((word) => {
        const digest = Keys.digest(secret, word)
        return keys.find((key) => key.digest === digest) ?? pick(keys, word, kind)
      })
    }),
  )

export const revoke = (place: Place, keys: readonly ApiKey[]): Promise<void> =>
  use(
    place.database,
    Effect.gen(function* () {
      const store = yield* Store.Store
      for (const { digest } of keys) yield* store.deleteApiKey(digest)
    }),
  )

/** A new key that may do the same; afterwards the old one opens nothing. */
export const rotate = (place: Place, old: ApiKey): Promise<Made> =>
  use(
    place.database,
    Effect.gen(function* () {
      const store = yield* Store.Store
      const made = yield* make(place, old.project, old.access)
      yield* store.deleteApiKey(old.digest)
      return made
    }),
  )

const make = Effect.fnUntraced(function* (place: Place, project: string, access: Access) {
  const store = yield* Store.Store
  const secret = yield* Projects.secretOf(place.database, place.secret)
  const key = Keys.generate(access)
  const stored: ApiKey = {
    ...Keys.stored(secret, key, access),
    project,
    createdAt: yield* Clock.currentTimeMillis,
  }
  yield* store.createApiKey(stored)
  return { key, ...shown(stored) } satisfies Made
})
