/** An installation in its database. */
import type { ApiKey } from "@overdue/core/Project"
import * as Store from "@overdue/core/Store"
import * as KeyCommands from "@overdue/engine/commands/Keys"
import * as Commands from "@overdue/engine/commands/Projects"
import { counted } from "@overdue/engine/queries/Projects"
import * as Keys from "@overdue/server/access/Keys"
import * as Effect from "effect/Effect"
import type { Database } from "../local/Database.ts"
import { use } from "../local/Session.ts"
import * as Secret from "../serve/Secret.ts"
import type { Installation, KeyRow, ProjectSettings } from "./Installation.ts"

/** Returns the installation in a database. */
export const ofDatabase = (database: Database): Installation => ({
  projects: () =>
    use(
      database,
      Effect.gen(function* () {
        const store = yield* Store.Store
        return yield* Effect.forEach(yield* store.projects, counted)
      }),
    ),
  createProject: (settings) =>
    use(
      database,
      Effect.gen(function* () {
        const { stored, ...keys } = Keys.pair(Secret.of(database))
        const pingKey = settings.pingKey ?? Keys.generatePingKey()
        const project = yield* Commands.create({
          ...given(settings),
          name: settings.name,
          pingKey,
          keys: stored,
        })
        return { project: yield* counted(project), ...keys, pingKey }
      }),
    ),
  updateProject: (id, { rotatesPingKey, ...settings }) =>
    use(
      database,
      Effect.gen(function* () {
        const pingKey = rotatesPingKey ? { pingKey: Keys.generatePingKey() } : {}
        return yield* counted(yield* Commands.update(id, { ...given(settings), ...pingKey }))
      }),
    ),
  deleteProject: ({ id }) => use(database, Effect.asVoid(Commands.remove(id))),
  keys: (project) =>
    use(
      database,
      Effect.gen(function* () {
        const store = yield* Store.Store
        return (yield* store.apiKeys(project)).map(keyRowOf)
      }),
    ),
  createKey: (project, { access, label, key = Keys.generate(access) }) =>
    use(
      database,
      Effect.gen(function* () {
        const stored = Keys.stored(Secret.of(database), key, access, label)
        return { key, ...keyRowOf(yield* KeyCommands.create(project, stored)) }
      }),
    ),
  deleteKey: (project, id) => use(database, Effect.asVoid(KeyCommands.remove(project, id))),
  idOfKey: (key) => {
    const secret = Secret.known(database)
    return secret === undefined ? undefined : Keys.digest(secret, key).slice(0, KeyCommands.idLength)
  },
})

/** Returns the settings that are there. */
const given = ({ name, checkLimit, pingLogLimit, pingKey, badgeKey }: ProjectSettings) => ({
  ...(name !== undefined && { name }),
  ...(checkLimit !== undefined && { checkLimit }),
  ...(pingLogLimit !== undefined && { pingLogLimit }),
  ...(pingKey !== undefined && { pingKey }),
  ...(badgeKey !== undefined && { badgeKey }),
})

const keyRowOf = (key: ApiKey): KeyRow => ({
  id: KeyCommands.idOf(key),
  access: key.access,
  hint: key.hint,
  label: key.label,
  createdAt: key.createdAt,
})
