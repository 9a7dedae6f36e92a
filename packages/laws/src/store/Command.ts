/** Commands to a store, for tests of many of them in a row. */
import type { StoreError } from "@overdue/core/Store"
import type { Instant } from "@overdue/core/Time"
import type * as Effect from "effect/Effect"
import fc from "fast-check"
import type * as StoreFixture from "./StoreFixture.ts"

/** A command, and what it is called in a report. */
export interface Command {
  readonly name: string
  /** Runs the command on a store, and returns plain data to compare. */
  readonly act: (store: StoreFixture.Stored, now: Instant) => Effect.Effect<unknown, StoreError>
}

/** Thrown by decisions of which a command wants that they throw. */
export class Thrown extends Error {}

/** The numbers of projects, checks, channels and keys alike. */
export const numbers = [1, 2, 3, 4]

/** One of them. */
export const n = fc.constantFrom(...numbers)
/** How many of something at most. */
export const limits = fc.integer({ min: 1, max: 6 })

/** Returns the commands of one kind: their name, their argument, and what they do. */
export const kind = <A>(
  name: string,
  given: fc.Arbitrary<A>,
  act: (given: A, store: StoreFixture.Stored, now: Instant) => Effect.Effect<unknown, StoreError>,
): fc.Arbitrary<Command> =>
  given.map((value) => ({
    name: `${name} ${fc.stringify(value)}`,
    act: (store, now) => act(value, store, now),
  }))
