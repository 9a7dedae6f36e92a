/** Creates projects. */
import type { ApiKey, Project } from "@overdue/core/Project"
import * as Limits from "@overdue/core/Limits"
import * as Store from "@overdue/core/Store"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { Ids } from "../Ids.ts"

export interface NewProject {
  readonly name: string
  readonly pingKey?: string | undefined
  readonly keys?: readonly Omit<ApiKey, "project" | "createdAt">[]
  /** IANA name of the zone on whose wall clock its people are told of instants, UTC unless given. */
  readonly zone?: string
  readonly checkLimit?: number
  readonly pingLogLimit?: number
}

/** Returns the new project. */
export const create = Effect.fn("Projects.create")(function* (input: NewProject) {
  const store = yield* Store.Store
  const ids = yield* Ids
  const createdAt = yield* Clock.currentTimeMillis
  const project: Project = {
    id: ids.next(),
    name: input.name,
    pingKey: input.pingKey,
    badgeKey: ids.next(),
    zone: input.zone ?? "UTC",
    checkLimit: input.checkLimit ?? Limits.checksPerProject,
    pingLogLimit: input.pingLogLimit ?? Limits.pingsPerCheck,
    createdAt,
  }
  const keys = (input.keys ?? []).map((key): ApiKey => ({ ...key, project: project.id, createdAt }))
  yield* store.createProject({ project, keys })
  return project
})
