/** Queries for badges. */
import * as Check from "@overdue/core/Check"
import * as InSlices from "@overdue/core/InSlices"
import * as Shown from "@overdue/core/Shown"
import * as Store from "@overdue/core/Store"
import * as Effect from "effect/Effect"
import * as SteadyClock from "../SteadyClock.ts"

/** Checks that are looked at before others have their turn: about a millisecond of work. */
const atOnce = 64

/**
 * Returns the statuses of the checks of a project that have a tag, or of all for `*`; `undefined` when no project has
 * this badge key.
 */
export const ofTag = Effect.fnUntraced(function* (badgeKey: string, tag: string) {
  const store = yield* Store.Store
  const project = yield* store.projectByBadgeKey(badgeKey)
  if (project === undefined) return undefined
  const checks = yield* store.checks(project.id, tag === "*" ? {} : { tags: [tag] })
  return yield* statuses(checks)
})

/** Returns the check with this badge key and its status; `undefined` when there is none. */
export const ofCheck = Effect.fnUntraced(function* (badgeKey: string) {
  const store = yield* Store.Store
  const check = yield* store.checkByBadgeKey(badgeKey)
  if (check === undefined) return undefined
  const [status] = yield* statuses([check])
  return { check, status: status! }
})

/** Returns the tags of a project's checks, each once. */
export const tags = Effect.fnUntraced(function* (project: string) {
  const store = yield* Store.Store
  const checks = yield* store.checks(project, {})
  const tags = new Set<string>()
  yield* InSlices.map(checks, atOnce, (check) => {
    for (const tag of Check.tags(check)) tags.add(tag)
  })
  return [...tags]
})

const statuses = Effect.fnUntraced(function* (checks: readonly Check.Check[]) {
  const store = yield* Store.Store
  const now = yield* SteadyClock.now
  const blind = yield* store.blind
  return yield* InSlices.map(checks, atOnce, (check) => Shown.statusAt(check, now, blind))
})
