/** Queries for groups of checks, pages of checks, and the numbers that things have in their project. */
import type { Group } from "@overdue/core/Group"
import type * as Listing from "@overdue/core/Listing"
import * as Store from "@overdue/core/Store"
import * as Effect from "effect/Effect"
import { CheckNotFound } from "../CommandError.ts"

/** Returns the groups of a project, in order of creation. */
export const groups = (project: string): Effect.Effect<readonly Group[], Store.StoreError, Store.Store> =>
  Effect.flatMap(Store.Store, (store) => store.groups(project))

/** Returns a page of the checks of a project that are asked for. */
export const page = (
  project: string,
  query: Listing.Query,
): Effect.Effect<Listing.Page, Store.StoreError, Store.Store> =>
  Effect.flatMap(Store.Store, (store) => store.listing(project, query))

/** Returns the numbers of a project's channels, by their ids. */
export const channelSerials = (
  project: string,
): Effect.Effect<ReadonlyMap<string, number>, Store.StoreError, Store.Store> =>
  Effect.flatMap(Store.Store, (store) => store.channelSerials(project))

/** Returns the check of a project with a number, or with an id. Fails with `CheckNotFound` when it has none. */
export const check = Effect.fnUntraced(function* (
  project: string,
  where: Pick<Listing.Conditions, "serial" | "id" | "family">,
) {
  const query = { where, by: "serial", isDescending: false, offset: 0, limit: 1, now: 0 } as const
  const [found] = (yield* page(project, query)).checks
  return found ?? (yield* new CheckNotFound({ check: where.id ?? String(where.serial) }))
})
