/** Commands that create, change and delete projects. */
import type { ApiKey, Project } from "@overdue/core/Project"
import * as Limits from "@overdue/core/Limits"
import * as Store from "@overdue/core/Store"
import * as Effect from "effect/Effect"
import { ProjectExists, ProjectNotFound, UrlKeyTaken } from "../CommandError.ts"
import { Ids } from "../Ids.ts"
import * as SteadyClock from "../SteadyClock.ts"

/** What a new project is to be. */
export interface NewProject {
  /** By default a new one; another project with the same is a `StoreError` of the reason `constraint`. */
  readonly id?: string | undefined
  readonly name: string
  /** Part of the ping URLs by slug; `undefined` when the project has no such URLs. */
  readonly pingKey?: string | undefined
  /** Part of the addresses of badges; by default a new one is made. */
  readonly badgeKey?: string | undefined
  readonly keys?: readonly Omit<ApiKey, "project" | "createdAt">[]
  /** IANA name of the time zone in which its people read instants; by default UTC. */
  readonly zone?: string
  /** How many checks it may have; by default `Limits.checksPerProject`. */
  readonly checkLimit?: number
  /** How many pings of each check are kept; by default `Limits.pingsPerCheck`. */
  readonly pingLogLimit?: number
}

/** Creates a project with its first API keys, and returns it. Fails with `ProjectExists` and `UrlKeyTaken`. */
export const create = Effect.fn("Projects.create")(function* (input: NewProject) {
  const store = yield* Store.Store
  const ids = yield* Ids
  const createdAt = yield* SteadyClock.now
  const project: Project = {
    id: input.id ?? ids.next(),
    name: input.name,
    pingKey: input.pingKey,
    badgeKey: input.badgeKey ?? ids.next(),
    zone: input.zone ?? "UTC",
    checkLimit: input.checkLimit ?? Limits.checksPerProject,
    pingLogLimit: input.pingLogLimit ?? Limits.pingsPerCheck,
    silencedUntil: undefined,
    createdAt,
  }
  const keys = (input.keys ?? []).map((key): ApiKey => ({ ...key, project: project.id, createdAt }))
  yield* expectFree(project.id, project)
  yield* store.createProject({ project, keys })
  return project
})

/**
 * Changes what is given of a project, and returns it. Fails with `ProjectNotFound`, and with `ProjectExists` or
 * `UrlKeyTaken` when another project has the name, the ping key or the badge key.
 */
export const update = Effect.fn("Projects.update")(function* (
  id: string,
  change: Partial<Store.ProjectChange>,
) {
  const store = yield* Store.Store
  const project = yield* store.project(id)
  if (project === undefined) return yield* new ProjectNotFound({ project: id })
  yield* expectFree(id, change)
  const changed = { ...project, ...change }
  if (!(yield* store.updateProject(id, changed))) return yield* new ProjectNotFound({ project: id })
  return changed
})

/** Deletes a project with its checks, channels and keys, also when its record is damaged. Fails with `ProjectNotFound`. */
export const remove = Effect.fn("Projects.remove")(function* (id: string) {
  const store = yield* Store.Store
  if (!(yield* store.deleteProject(id))) return yield* new ProjectNotFound({ project: id })
})

/** Badges are public, and so are the badge keys in their addresses: who had another's would see its checks, or show others. */
const expectFree = Effect.fnUntraced(function* (
  id: string,
  { name, pingKey, badgeKey }: Partial<Pick<Project, "name" | "pingKey" | "badgeKey">>,
) {
  const store = yield* Store.Store
  if (name !== undefined && (yield* store.projects).some((other) => other.name === name && other.id !== id)) {
    return yield* new ProjectExists({ name })
  }
  for (const [field, key, find] of [
    ["ping key", pingKey, store.projectByPingKey],
    ["badge key", badgeKey, store.projectByBadgeKey],
  ] as const) {
    const owner = key === undefined ? undefined : yield* find(key)
    if (owner !== undefined && owner.id !== id) return yield* new UrlKeyTaken({ field })
  }
  return undefined
})
