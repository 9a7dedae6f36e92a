/** The command that creates a project. */
import type { ApiKey, Project } from "@overdue/core/Project"
import * as Limits from "@overdue/core/Limits"
import * as Store from "@overdue/core/Store"
import * as Effect from "effect/Effect"
import { Ids } from "../Ids.ts"
import * as SteadyClock from "../SteadyClock.ts"

/** What a new project is to be. */
export interface NewProject {
  readonly name: string
  /** Part of the ping URLs by slug; `undefined` when the project has no such URLs. */
  readonly pingKey?: string | undefined
  readonly keys?: readonly Omit<ApiKey, "project" | "createdAt">[]
  /** IANA name of the time zone in which its people read instants; by default UTC. */
  readonly zone?: string
  /** How many checks it may have; by default `Limits.checksPerProject`. */
  readonly checkLimit?: number
  /** How many pings of each check are kept; by default `Limits.pingsPerCheck`. */
  readonly pingLogLimit?: number
}

/** Creates a project with its first API keys, and returns it. */
export const create = Effect.fn("Projects.create")(function* (input: NewProject) {
  const store = yield* Store.Store
  const ids = yield* Ids
  const createdAt = yield* SteadyClock.now
  const project: Project = {
    id: ids.next(),
    name: input.name,
    pingKey: input.pingKey,
    badgeKey: ids.next(),
    zone: input.zone ?? "UTC",
    checkLimit: input.checkLimit ?? Limits.checksPerProject,
    pingLogLimit: input.pingLogLimit ?? Limits.pingsPerCheck,
    silencedUntil: undefined,
    createdAt,
  }
  const keys = (input.keys ?? []).map((key): ApiKey => ({ ...key, project: project.id, createdAt }))
  yield* store.createProject({ project, keys })
  return project
})
