/** Arbitrary commands to a store that concern samples. */
import { hour, minute } from "@overdue/core/Time"
import fc from "fast-check"
import { kind, limits, n } from "./Command.ts"
import * as StoreFixture from "./StoreFixture.ts"

const { checkId } = StoreFixture

const series = fc.constantFrom("cpu", "disk /", "response-time")

/** Their sums are exact, in whichever order they are added. */
const values = fc.integer({ min: -100, max: 40_000 }).map((value) => value / 8)

const ages = fc.oneof(
  fc.integer({ min: -2, max: 5 }).map((minutes) => minutes * minute),
  fc.integer({ min: 0, max: 5 * hour }),
)

const widths = fc.constantFrom("minute" as const, "hour" as const)

/** The commands. */
export const samples = [
  kind(
    "measure",
    fc.record({
      n,
      some: fc.array(
        fc.record({ series, age: ages, value: values, isFailure: fc.constantFrom(undefined, false, true) }),
        { maxLength: 20 },
      ),
    }),
    (given, store, now) =>
      store.transact({ checks: [checkId(given.n)] }, () => ({
        result: undefined,
        samples: [
          {
            check: checkId(given.n),
            samples: given.some.map(({ age, ...sample }) => ({ ...sample, at: now - age })),
          },
        ],
      })),
  ),
  kind("read samples", fc.record({ n, series, limit: limits, age: ages }), (given, store, now) =>
    store.samples(checkId(given.n), { ...given, from: now - given.age, to: now }),
  ),
  kind(
    "read buckets",
    fc.record({ n, series, limit: limits, age: ages, width: widths }),
    (given, store, now) => store.buckets(checkId(given.n), { ...given, from: now - given.age, to: now + 1 }),
  ),
]
