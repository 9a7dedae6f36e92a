/** Arbitrary commands about groups, and pages of checks. */
import type * as Listing from "@overdue/core/Listing"
import { hour } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import fc from "fast-check"
import * as Checks from "./Checks.ts"
import { kind, limits, n } from "./Command.ts"
import * as StoreFixture from "./StoreFixture.ts"

const numbered = fc.record({ n, project: n })

const stamps = fc.constantFrom<Listing.Stamp>("createdAt", "updatedAt", "lastSuccess")

const conditions: fc.Arbitrary<Listing.Conditions> = fc.record(
  {
    serial: n,
    id: n.map(StoreFixture.checkId),
    nameContains: fc.constantFrom("NIGHT", "t", "\u{1f600}"),
    isPaused: fc.boolean(),
    group: n.map(StoreFixture.groupId),
    during: fc.record(
      { stamp: stamps, from: fc.constant(StoreFixture.start), to: fc.constant(StoreFixture.start + hour) },
      { requiredKeys: ["stamp"] },
    ),
  },
  { requiredKeys: [] },
)

/** The commands. */
export const groups = [
  kind("create a group", numbered, ({ n, project }, store) =>
    store.createGroup(StoreFixture.group(n, { project: StoreFixture.projectId(project) })),
  ),
  kind("change a group", numbered, ({ n, project }, store, now) =>
    store.updateGroup(StoreFixture.projectId(project), StoreFixture.groupId(n), {
      name: "changed",
      color: "#abcdef",
      updatedAt: now,
    }),
  ),
  kind("delete a group", numbered, ({ n, project }, store) =>
    store.deleteGroup(StoreFixture.projectId(project), StoreFixture.groupId(n)),
  ),
  kind("list groups and numbers", n, (n, store) =>
    Effect.all([
      store.groups(StoreFixture.projectId(n)),
      Effect.map(store.channelSerials(StoreFixture.projectId(n)), (serials) =>
        [...serials].map(([channel, serial]) => `${channel} ${serial}`).sort(),
      ),
    ]),
  ),
  kind(
    "read a page",
    fc.record({
      n,
      where: fc.oneof(fc.constant({}), conditions),
      by: fc.oneof(stamps, fc.constantFrom<Listing.Key>("serial", "name", "uptime")),
      isDescending: fc.boolean(),
      offset: fc.nat({ max: 2 }),
      limit: limits,
    }),
    ({ n, ...query }, store, now) =>
      Effect.map(store.listing(StoreFixture.projectId(n), { ...query, now }), ({ checks, total }) => ({
        total,
        checks: checks.map(({ serial, check }) => ({ serial, check: Checks.plain(check) })),
      })),
  ),
]
