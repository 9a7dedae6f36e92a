/** The schema that an address names, in which all tables are. */
import * as Effect from "effect/Effect"
import type { Address } from "./Address.ts"
import type { Driver } from "./Driver.ts"
import { flavour } from "./Flavour.ts"

/** Makes it when there is none. */
export const make = (driver: Driver, { schema }: Address) =>
  driver.transaction((unit) =>
    Effect.gen(function* () {
      yield* flavour.exclusively(unit)
      // Asked first: to create what exists takes a right that to use it does not.
      if (
        schema !== undefined &&
        (yield* unit.query("SELECT 1 FROM pg_namespace WHERE nspname = ?", [[schema]])).length === 0
      )
        yield* unit.execute(`CREATE SCHEMA ${schema}`)
    }),
  )
