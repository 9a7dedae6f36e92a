/** The store in PostgreSQL, which any number of programs may share. */
import { Bell } from "@overdue/core/Bell"
import { Connections } from "@overdue/core/Connections"
import { Store, StoreError } from "@overdue/core/Store"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Admit } from "./Admission.ts"
import type { Transaction } from "./Connection.ts"
import * as Migrator from "./Migrator.ts"
import * as SqlStore from "./SqlStore.ts"
import type { Address } from "./postgres/Address.ts"
import * as Commits from "./postgres/Commits.ts"
import * as Driver from "./postgres/Driver.ts"
import { flavour } from "./postgres/Flavour.ts"
import * as NotifyingBell from "./postgres/NotifyingBell.ts"
import * as Schema from "./postgres/Schema.ts"

/** Which database to open. */
export interface Options extends Driver.Options {
  /** Decides whether the database may be opened; by default it may. */
  readonly admit?: Admit
  /** Whether it must be there: else one that is empty gets its tables. By default not. */
  readonly isExpected?: boolean | undefined
}

/**
 * Returns the layer of the store in a PostgreSQL database, whose schema is made when there is none and brought to the
 * newest; of a bell that wakes all programs on it, and of what its connections do.
 */
export const layer = ({
  admit,
  isExpected = false,
  ...options
}: Options): Layer.Layer<Store | Bell, StoreError> =>
  Layer.unwrap(
    Effect.gen(function* () {
      const { address } = options
      const driver = yield* Driver.open(options)
      if (isExpected) yield* expect(driver)
      yield* prepare(driver, address, admit)
      return Layer.mergeAll(
        Layer.succeed(Connections, driver.figures),
        Layer.succeed(Store, SqlStore.make(driver, flavour)),
        Layer.effect(Bell, NotifyingBell.make(driver, `overdue_${address.schema ?? "public"}`)),
      )
    }),
  )

const expect = Effect.fnUntraced(function* ({ query, place }: Driver.Driver) {
  const found = yield* query(flavour.hasTable, [["migrations"]])
  if (found.length > 0) return
  return yield* new StoreError({
    reason: "failed",
    detail: `${place} has no installation of Overdue; name another database or schema, or create it with \`overdue serve\``,
  })
})

/** Tables that every ping, deadline or alert needs. */
const everyTable = [
  "projects",
  "api_keys",
  "channels",
  "checks",
  "pings",
  "ping_bodies",
  "flips",
  "deliveries",
  "memories",
  "turns",
  "awake",
]

/** Asked for first, as the right to create it is not needed to use it. */
const makeCommits = Effect.fnUntraced(function* (unit: Transaction) {
  yield* flavour.exclusively(unit)
  if ((yield* unit.query(flavour.hasTable, [[Commits.name]])).length === 0) yield* unit.execute(Commits.table)
})

/** Makes what is missing: the schema with the given name, its tables, and the table of commits. */
const prepare = Effect.fnUntraced(function* (
  driver: Driver.Driver,
  address: Address,
  admit: Admit | undefined,
) {
  yield* Schema.make(driver, address)
  yield* Migrator.migrate({ database: driver, flavour, place: driver.place, admit })
  yield* driver.transaction(makeCommits)
  // Fails when one of them is missing, as nothing that a start does would touch it.
  yield* driver.query(`SELECT 1 FROM ${everyTable.join(", ")} LIMIT 0`)
  driver.noteCommits()
})
