/** Queries for checks. */
import type { Check } from "@overdue/core/Check"
import * as Storable from "@overdue/core/Storable"
import * as Store from "@overdue/core/Store"
import * as Effect from "effect/Effect"
import { CheckForbidden, CheckNotFound } from "../CommandError.ts"

/**
 * Returns a check of the project. Fails with `CheckNotFound`, or with `CheckForbidden` when it belongs to another
 * project.
 */
export const get = Effect.fnUntraced(function* (project: string, id: string) {
  const store = yield* Store.Store
  const check = yield* store.check(id)
  if (check === undefined) return yield* new CheckNotFound({ check: id })
  if (check.project !== project) return yield* new CheckForbidden({ check: id })
  return check
})

/** Returns the project's checks, in order of creation. No check has a slug that not every database stores. */
export const list = (
  project: string,
  filter: Store.ChecksFilter = {},
): Effect.Effect<readonly Check[], Store.StoreError, Store.Store> =>
  filter.slug !== undefined && !Storable.is(filter.slug)
    ? Effect.succeed([])
    : Effect.flatMap(Store.Store, (store) => store.checks(project, filter))

/** Returns the blind spans, which `Shown` needs to compute a status. */
export const blind = Effect.flatMap(Store.Store, (store) => store.blind)
