/** Reads what goes on: in a project, and in the whole installation. */
import * as Shown from "@overdue/core/Shown"
import * as Store from "@overdue/core/Store"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"

/** A project's checks with their statuses, and how often each flipped for which reason. */
export const ofProject = Effect.fnUntraced(function* (project: string) {
  const store = yield* Store.Store
  const now = yield* Clock.currentTimeMillis
  const blind = yield* store.blind
  const checks = yield* store.checks(project, {})
  return {
    now,
    checks: checks.map((check) => ({ check, status: Shown.statusAt(check, now, blind) })),
    flips: yield* store.flipCounts(project),
  }
})

export const ofInstallation = Effect.flatMap(Store.Store, (store) => store.activity)
