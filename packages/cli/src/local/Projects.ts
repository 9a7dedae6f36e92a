/** Projects, straight on a database. */
import * as Limits from "@overdue/core/Limits"
import type { Project } from "@overdue/core/Project"
import * as Store from "@overdue/core/Store"
import * as Commands from "@overdue/engine/commands/Projects"
import * as Keys from "@overdue/server/access/Keys"
import * as Effect from "effect/Effect"
import { Failure } from "../Failure.ts"
import type { MadeKeys } from "../serve/FirstStart.ts"
import * as Secret from "../serve/Secret.ts"
import type { Database } from "./Address.ts"
import { pick, type Kind } from "./Pick.ts"
import { use } from "./Session.ts"

const kind: Kind<Project> = { noun: "project", id: ({ id }) => id, names: ({ name }) => [name] }

/** The project that is named by name or id; without words, the only one. */
export const find = Effect.fnUntraced(function* (words: string | undefined) {
  const store = yield* Store.Store
  const projects = yield* store.projects
  if (words !== undefined) return pick(projects, words, kind)
  const [first, ...others] = projects
  if (first !== undefined && others.length === 0) return first
  throw new Failure(
    first === undefined
      ? "the database has no project; `overdue projects create NAME` makes one"
      : `name one of the projects with --project: ${projects.map(({ name }) => name).join(", ")}`,
  )
})

export interface Listed extends Project {
  readonly checks: number
  readonly channels: number
  readonly keys: number
}

/** In order of creation. */
export const list = (database: Database): Promise<readonly Listed[]> =>
  use(
    database,
    Effect.gen(function* () {
      const store = yield* Store.Store
      const listed: Listed[] = []
      for (const project of yield* store.projects) {
        listed.push({
          ...project,
          checks: (yield* store.checks(project.id, {})).length,
          channels: (yield* store.channels(project.id)).length,
          keys: (yield* store.apiKeys(project.id)).length,
        })
      }
      return listed
    }),
  )

export interface Created {
  readonly project: Project
  /** Shown only now: what is stored of API keys is a digest. */
  readonly keys: Required<MadeKeys>
}

/** A new project with keys of its own. */
export const create = (
  database: Database,
  given: {
    readonly name: string
    readonly checkLimit?: number | undefined
    readonly pingLogLimit?: number | undefined
  },
  environmentSecret: string | undefined,
): Promise<Created> =>
  use(
    database,
    Effect.gen(function* () {
      const store = yield* Store.Store
      if ((yield* store.projects).some(({ name }) => name === given.name)) {
        throw new Failure(`there is a project ${JSON.stringify(given.name)} already`)
      }
      const secret = yield* secretOf(database, environmentSecret)
      const keys = {
        apiKey: Keys.generate("read-write"),
        apiKeyReadOnly: Keys.generate("read-only"),
        pingKey: Keys.generatePingKey(),
      }
      const project = yield* Commands.create({
        name: given.name,
        pingKey: keys.pingKey,
        keys: [
          Keys.stored(secret, keys.apiKey, "read-write"),
          Keys.stored(secret, keys.apiKeyReadOnly, "read-only"),
        ],
        checkLimit: given.checkLimit ?? Limits.checksPerProject,
        pingLogLimit: given.pingLogLimit ?? Limits.pingsPerCheck,
      })
      return { project, keys }
    }),
  )

/**
 * The installation's secret. Where there are keys and none is found, the server has been given its own: keys that are
 * made with another one would open nothing.
 */
export const secretOf = Effect.fnUntraced(function* (
  database: Database,
  fromEnvironment: string | undefined,
) {
  const secret = fromEnvironment ?? Secret.kept(database)
  if (secret !== undefined) return secret
  const store = yield* Store.Store
  for (const { id } of yield* store.projects) {
    if ((yield* store.apiKeys(id)).length === 0) continue
    throw new Failure(
      `the secret that keys are stored under is not in ${database.filename}.secret; ` +
        "set OVERDUE_SECRET as the server has it",
    )
  }
  return Secret.of(database)
})
