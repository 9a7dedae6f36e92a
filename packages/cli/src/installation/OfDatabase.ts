/** An installation in its database. */
import type { ApiKey, Project } from "@overdue/core/Project"
import * as Store from "@overdue/core/Store"
import * as KeyCommands from "@overdue/engine/commands/Keys"
import * as Commands from "@overdue/engine/commands/Projects"
import * as Keys from "@overdue/server/access/Keys"
import * as Effect from "effect/Effect"
import { Failure } from "../Failure.ts"
import type { Database } from "../local/Database.ts"
import { use } from "../local/Session.ts"
import * as Secret from "../serve/Secret.ts"
import type { Installation, KeyRow, ProjectRow, ProjectSettings } from "./Installation.ts"

/** Returns the installation in a database. */
export const ofDatabase = (database: Database): Installation => ({
  projects: () =>
    use(
      database,
      Effect.gen(function* () {
        const store = yield* Store.Store
        return yield* Effect.forEach(yield* store.projects, rowOf)
      }),
    ),
  createProject: (settings) =>
    use(
      database,
      Effect.gen(function* () {
        yield* expectFree(settings.name, undefined)
        const secret = Secret.of(database)
        const apiKey = Keys.generate("read-write")
        const apiKeyReadOnly = Keys.generate("read-only")
        const pingKey = settings.pingKey ?? Keys.generatePingKey()
        const project = yield* Commands.create({
          ...given(settings),
          name: settings.name,
          pingKey,
          keys: [Keys.stored(secret, apiKey, "read-write"), Keys.stored(secret, apiKeyReadOnly, "read-only")],
        })
        return { project: yield* rowOf(project), apiKey, apiKeyReadOnly, pingKey }
      }),
    ),
  updateProject: (id, { rotatesPingKey, ...settings }) =>
    use(
      database,
      Effect.gen(function* () {
        if (settings.name !== undefined) yield* expectFree(settings.name, id)
        const pingKey = rotatesPingKey ? { pingKey: Keys.generatePingKey() } : {}
        return yield* rowOf(yield* Commands.update(id, { ...given(settings), ...pingKey }))
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
        const store = yield* Store.Store
        const stored = Keys.stored(Secret.of(database), key, access, label)
        if ((yield* store.apiKey(stored.digest)) !== undefined) {
          throw new Failure("the key exists already; `overdue keys list` shows the keys of a project")
        }
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

const expectFree = Effect.fnUntraced(function* (name: string, id: string | undefined) {
  const store = yield* Store.Store
  if ((yield* store.projects).some((project) => project.name === name && project.id !== id)) {
    throw new Failure(`there is a project ${JSON.stringify(name)} already; choose another name`)
  }
})

const rowOf = Effect.fnUntraced(function* (project: Project) {
  const store = yield* Store.Store
  return {
    ...project,
    checks: (yield* store.checks(project.id, {})).length,
    channels: (yield* store.channels(project.id)).length,
    keys: (yield* store.apiKeys(project.id)).length,
  } satisfies ProjectRow
})

const keyRowOf = (key: ApiKey): KeyRow => ({
  id: KeyCommands.idOf(key),
  access: key.access,
  hint: key.hint,
  label: key.label,
  createdAt: key.createdAt,
})
