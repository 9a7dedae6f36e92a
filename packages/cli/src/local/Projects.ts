/** Projects in a database: found, listed and created without a server. */
import * as Limits from "@overdue/core/Limits"
import type { Project } from "@overdue/core/Project"
import * as Store from "@overdue/core/Store"
import * as Commands from "@overdue/engine/commands/Projects"
import * as Keys from "@overdue/server/access/Keys"
import * as Effect from "effect/Effect"
import { Failure } from "../Failure.ts"
import type { MadeKeys } from "../serve/FirstStart.ts"
import * as Secret from "../serve/Secret.ts"
import type { Database } from "./Database.ts"
import { pick, type Naming } from "./Pick.ts"
import { use } from "./Session.ts"

const naming: Naming<Project> = { noun: "project", id: ({ id }) => id, names: ({ name }) => [name] }

/** Returns the project with a name or id; without one, the only project. Fails when it is not exactly one. */
export const find = Effect.fnUntraced(function* (words: string | undefined) {
  const store = yield* Store.Store
  const projects = yield* store.projects
  if (words !== undefined) return pick(projects, words, naming)
  const [first, ...others] = projects
  if (first !== undefined && others.length === 0) return first
  throw new Failure(
    first === undefined
      ? "the database has no project; create one with `overdue projects create NAME`"
      : `the database has several projects; choose one with --project: ${projects.map(({ name }) => name).join(", ")}`,
  )
})

/** A project, and how much it has of everything. */
export interface ProjectRow extends Project {
  readonly checks: number
  readonly channels: number
  readonly keys: number
}

/** Returns all projects, oldest first. */
export const list = (database: Database): Promise<readonly ProjectRow[]> =>
  use(
    database,
    Effect.gen(function* () {
      const store = yield* Store.Store
      const listed: ProjectRow[] = []
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

/** A project that was created just now. */
export interface Created {
  readonly project: Project
  /** The only time that they are known: of API keys, only a digest is stored. */
  readonly keys: Required<MadeKeys>
}

/** Creates a project with keys of its own. Fails when the name is taken. */
export const create = (
  database: Database,
  given: {
    readonly name: string
    readonly checkLimit?: number | undefined
    readonly pingLogLimit?: number | undefined
  },
): Promise<Created> =>
  use(
    database,
    Effect.gen(function* () {
      const store = yield* Store.Store
      if ((yield* store.projects).some(({ name }) => name === given.name)) {
        throw new Failure(`there is a project ${JSON.stringify(given.name)} already; choose another name`)
      }
      const secret = Secret.of(database)
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
