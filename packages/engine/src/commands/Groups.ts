/** Commands that create, change and delete groups of checks. */
import type { Group } from "@overdue/core/Group"
import * as Store from "@overdue/core/Store"
import * as Effect from "effect/Effect"
import { GroupNotFound } from "../CommandError.ts"
import { Ids } from "../Ids.ts"
import * as SteadyClock from "../SteadyClock.ts"

/** What a new group is to be. */
export interface NewGroup extends Pick<Group, "project" | "name"> {
  readonly color?: string | undefined
  readonly extension?: Group["extension"] | undefined
}

/** Creates a group and returns it. */
export const create = Effect.fn("Groups.create")(function* ({ project, name, color, extension }: NewGroup) {
  const store = yield* Store.Store
  const ids = yield* Ids
  const now = yield* SteadyClock.now
  return yield* store.createGroup({
    id: ids.next(),
    project,
    name,
    color: color ?? "",
    extension: extension ?? {},
    createdAt: now,
    updatedAt: now,
  })
})

/** Which group is to become what; fields that are left out stay. */
export interface Change {
  readonly project: string
  readonly id: string
  readonly name?: string | undefined
  readonly color?: string | undefined
}

/** Changes a group and returns it. Fails with `GroupNotFound` when the project has none with the id. */
export const update = Effect.fn("Groups.update")(function* ({ project, id, ...change }: Change) {
  const store = yield* Store.Store
  const group = (yield* store.groups(project)).find((one) => one.id === id)
  if (group === undefined) return yield* new GroupNotFound({ group: id })
  const { name = group.name, color = group.color } = change
  const changed = { name, color, updatedAt: yield* SteadyClock.now }
  if (!(yield* store.updateGroup(project, id, changed))) return yield* new GroupNotFound({ group: id })
  return { ...group, ...changed }
})

/** Deletes a group, whose checks belong to none then. Fails with `GroupNotFound` when the project has none with the id. */
export const remove = Effect.fn("Groups.remove")(function* (project: string, id: string) {
  const store = yield* Store.Store
  if (!(yield* store.deleteGroup(project, id))) return yield* new GroupNotFound({ group: id })
  return undefined
})
