/** Laws of a store that several programs open at once, such as the nodes of one installation. */
import { Store } from "@overdue/core/Store"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { describe, expect, it } from "vitest"
import type { Place } from "./Place.ts"
import * as StoreFixture from "./StoreFixture.ts"

/** The programs that open the store. */
const programs = [1, 2, 3, 4, 5, 6]

/** Registers the laws; without a place they are skipped. */
export const sharing = (place: Place | undefined): void => {
  describe("a store that several programs open", () => {
    it("is made by one of them when all open it at once, and each finds what the others write", ({
      skip,
    }) => {
      if (place === undefined) {
        return skip("Nobody else can open this store. Pass storeLaws a place if somebody can.")
      }
      return Effect.runPromise(Effect.scoped(openAtOnce(place)))
    })
  })
}

const openAtOnce = Effect.fnUntraced(function* (place: Place) {
  const open = place()
  const stores = yield* Effect.forEach(
    programs,
    () => Effect.map(Layer.build(Layer.fresh(open())), (context) => Context.get(context, Store)),
    { concurrency: "unbounded" },
  )
  const projects = programs.map((n) => StoreFixture.project(n))
  yield* Effect.forEach(
    stores,
    (store, index) => store.createProject({ project: projects[index]!, keys: [] }),
    { concurrency: "unbounded" },
  )
  for (const store of stores) {
    const found = yield* store.projects
    expect(found.toSorted((one, other) => one.id.localeCompare(other.id))).toEqual(projects)
  }
})
