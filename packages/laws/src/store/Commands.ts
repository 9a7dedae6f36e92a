/** Arbitrary commands to a store. They use few names, so that they often concern the same records. */
import type { DeliveryOutcome, Ended } from "@overdue/core/Delivery"
import type { StoreError } from "@overdue/core/Store"
import type { Selection } from "@overdue/core/UnitOfWork"
import { hour, minute, type Instant } from "@overdue/core/Time"
import type * as Machine from "@overdue/core/Machine"
import * as Effect from "effect/Effect"
import fc from "fast-check"
import { Changes } from "@overdue/engine/Changes"
import * as Checks from "./Checks.ts"
import { events, policy } from "./Happenings.ts"
import { rename } from "./Rename.ts"
import * as StoreFixture from "./StoreFixture.ts"

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

const n = fc.constantFrom(...numbers)
const slugs = fc.constantFrom("", "a", "b")
const tags = fc.constantFrom("", "x", "x y")
const limits = fc.integer({ min: 1, max: 6 })

/** Returns the commands of one kind: their name, their argument, and what they do. */
const kind = <A>(
  name: string,
  given: fc.Arbitrary<A>,
  act: (given: A, store: StoreFixture.Stored, now: Instant) => Effect.Effect<unknown, StoreError>,
): fc.Arbitrary<Command> =>
  given.map((value) => ({
    name: `${name} ${fc.stringify(value)}`,
    act: (store, now) => act(value, store, now),
  }))

const projects = [
  kind(
    "create a project",
    fc.record({
      n,
      pingKey: fc.constantFrom(undefined, "p", "q"),
      pingLogLimit: limits,
      keys: fc.uniqueArray(n),
    }),
    ({ keys, ...given }, store) =>
      store.createProject({
        project: StoreFixture.project(given.n, { pingKey: given.pingKey, pingLogLimit: given.pingLogLimit }),
        keys: keys.map((key) => StoreFixture.apiKey(key, { project: StoreFixture.projectId(given.n) })),
      }),
  ),
  kind("find a project", fc.constantFrom("p", "q", "ping-key-1"), (key, store) =>
    store.projectByPingKey(key),
  ),
  kind("create a key", fc.record({ n, project: n }), ({ n, project }, store) =>
    store.createApiKey(StoreFixture.apiKey(n, { project: StoreFixture.projectId(project) })),
  ),
  kind("delete a key", n, (n, store) => store.deleteApiKey(StoreFixture.apiKey(n).digest)),
  kind("silence a project", fc.record({ n, until: fc.constantFrom(undefined, 7) }), ({ n, until }, store) =>
    store.silenceProject(StoreFixture.projectId(n), until),
  ),
  kind("rename a project", fc.record({ n, pingKey: fc.constantFrom(undefined, "p", "q") }), rename),
  kind("delete a project", n, (n, store) => store.deleteProject(StoreFixture.projectId(n))),
  kind("find a key", n, (n, store) => store.apiKey(StoreFixture.apiKey(n).digest)),
  kind("create a channel", fc.record({ n, project: n }), ({ n, project }, store) =>
    store.createChannel(StoreFixture.channel(n, { project: StoreFixture.projectId(project) })),
  ),
  kind("delete a channel", n, (n, store) => store.deleteChannel(StoreFixture.channelId(n))),
  kind("disable a channel", n, (n, store) => store.disableChannel(StoreFixture.channelId(n), "status 410")),
  kind("repair a channel", n, (n, store, now) => store.repairChannel(StoreFixture.channelId(n), now)),
  kind("count what waits", n, (n, store) =>
    Effect.map(store.waiting(StoreFixture.projectId(n)), (counts) =>
      [...counts].map(([channel, count]) => `${channel} ${count}`).sort(),
    ),
  ),
  kind(
    "change a channel",
    fc.record({ n, up: fc.boolean(), quiet: fc.constantFrom([], [{ from: 0, to: 1 }]) }),
    ({ n, up, quiet }, store) =>
      store.updateChannel(StoreFixture.channelId(n), {
        name: "changed",
        value: [n],
        switches: { down: true, up, reminders: !up, quiet },
      }),
  ),
  kind("find a channel", n, (n, store) => store.channel(StoreFixture.channelId(n))),
]

const details = fc.record({
  slug: slugs,
  tags,
  channels: fc.uniqueArray(n, { maxLength: 2 }).map((channels) => channels.map(StoreFixture.channelId)),
  after: fc.constantFrom("", "", "a", "x b"),
})
/** Applies an event to every check that a selection finds. */
const stepAll = (store: StoreFixture.Stored, selection: Selection, event: Machine.Event, now: Instant) =>
  store.transact(selection, (loaded) => {
    const changes = new Changes(loaded)
    const found = [
      ...(selection.checks ?? []).map((id) => loaded.check(id)),
      ...(selection.slugs ?? []).flatMap((key) => loaded.slug(key)),
      loaded.match,
    ].filter((check) => check !== undefined)
    for (const check of found)
      StoreFixture.step(changes, changes.current(check), event, now, new Uint8Array([1, 2]))
    return changes.decide(found.map(({ id }) => id))
  })

const checks = [
  kind(
    "create a check",
    fc.record({ n, project: n, details, policy }),
    ({ project, policy, ...given }, store) =>
      StoreFixture.create(
        store,
        StoreFixture.check(
          given.n,
          { project: StoreFixture.projectId(project), details: given.details },
          policy,
        ),
      ),
  ),
  kind("change a check", fc.record({ n, details, policy }), ({ n, details, policy }, store, now) =>
    store.transact({ checks: [StoreFixture.checkId(n)] }, (loaded) => {
      const changes = new Changes(loaded)
      const check = loaded.check(StoreFixture.checkId(n))
      if (check === undefined) return changes.decide(false)
      const changed = { ...check, details: { ...check.details, ...details } }
      changes.step(changed, { type: "configure", policy: { ...check.policy, ...policy } }, now)
      return changes.decide(true)
    }),
  ),
  kind("delete checks", fc.uniqueArray(n, { minLength: 1, maxLength: 2 }), (given, store) =>
    store.transact({}, () => ({ result: undefined, deleted: given.map(StoreFixture.checkId) })),
  ),
  kind("throw in a decision", n, (n, store) =>
    store.transact({ checks: [StoreFixture.checkId(n)] }, () => {
      throw new Thrown()
    }),
  ),
  kind("write a flip again", n, (n, store) =>
    Effect.flatMap(store.flips(StoreFixture.checkId(n), {}), (flips) =>
      store.transact({}, () => ({
        result: undefined,
        checks: [StoreFixture.check(n + 10)],
        flips: flips.slice(0, 1),
      })),
    ),
  ),
  kind("list checks", fc.record({ n, slug: slugs, tags }), ({ n, slug, tags }, store) =>
    Effect.map(
      Effect.all([
        store.checks(StoreFixture.projectId(n), { slug, tags: tags.split(" ").filter((tag) => tag !== "") }),
        store.checks(StoreFixture.projectId(n), { tags: ["x"] }),
      ]),
      (lists) => lists.map((list) => list.map(Checks.plain)),
    ),
  ),
]

const ages = fc.constantFrom(0, minute, hour)

const signals = [
  kind(
    "signal",
    fc.record({ ids: fc.uniqueArray(n, { minLength: 1 }), event: events }),
    (given, store, now) => stepAll(store, { checks: given.ids.map(StoreFixture.checkId) }, given.event, now),
  ),
  kind("signal by slug", fc.record({ n, slug: slugs, event: events }), ({ n, slug, event }, store, now) =>
    stepAll(store, { slugs: [{ project: StoreFixture.projectId(n), slug }] }, event, now),
  ),
  kind(
    "signal a match",
    fc.record({
      n,
      match: fc.record({ tags, slug: slugs, grace: fc.constant(hour) }, { requiredKeys: [] }),
      event: events,
    }),
    ({ n, match, event }, store, now) =>
      stepAll(store, { match: { project: StoreFixture.projectId(n), ...match } }, event, now),
  ),
  kind("signal often", fc.record({ n, times: fc.integer({ min: 20, max: 120 }) }), (given, store, now) =>
    store.transact({ checks: [StoreFixture.checkId(given.n)] }, (loaded) => {
      const changes = new Changes(loaded)
      for (let time = 0; time < given.times; time++) {
        const check = changes.check(StoreFixture.checkId(given.n))
        if (check !== undefined)
          StoreFixture.step(changes, check, { type: time % 9 === 0 ? "success" : "log" }, now)
      }
      return changes.decide(changes.isTold)
    }),
  ),
  kind("ask what is due", fc.constantFrom(0, minute, 2 * minute, hour), (ahead, store, now) =>
    store.due(now + ahead, 3),
  ),
  kind("sweep", limits, (limit, store, now) =>
    Effect.flatMap(store.due(now, limit), (ids) =>
      Effect.as(stepAll(store, { checks: ids }, { type: "tick" }, now), ids),
    ),
  ),
  kind("read pings", fc.record({ n, limit: limits, before: fc.nat({ max: 200 }) }), ({ n, ...page }, store) =>
    store.pings(StoreFixture.checkId(n), page),
  ),
  kind("prune", fc.record({ deliveries: ages, flips: ages, blind: ages }), (ages, store, now) =>
    store.prune({ deliveries: now - ages.deliveries, flips: now - ages.flips, blind: now - ages.blind }),
  ),
  kind("be awake", fc.constantFrom(undefined, minute, hour), (threshold, store, now) =>
    store.awake(now, threshold),
  ),
]

const clocks = [
  kind(
    "turn back",
    fc.record({
      by: fc.constantFrom(0, minute, hour, 5 * hour),
      ifAheadBy: fc.constantFrom(undefined, minute),
    }),
    ({ by, ifAheadBy }, store, now) => store.turnBack(now - by, minute, ifAheadBy),
  ),
]

/** Mostly that it was delivered: those are written together. */
const outcomes: fc.Arbitrary<(now: Instant) => DeliveryOutcome> = fc.constantFrom(
  ...Array.from({ length: 8 }, () => () => ({ status: "delivered" as const })),
  (now: Instant) => ({ status: "delivered" as const, remember: { at: now } }),
  () => ({ status: "skipped" as const }),
  () => ({ status: "dead" as const, cause: "refused" as const, error: "status 400" }),
  () => ({ status: "dead" as const, cause: "disabled" as const, error: "status 410" }),
  () => ({ status: "dead" as const, cause: "exhausted" as const, error: "status 500" }),
  ...(["failed", "quiet", "held", "stopped"] as const).map((cause) => (now: Instant) => ({
    status: "pending" as const,
    cause,
    dueAt: now + 30_000,
    error: cause,
    ...(cause === "failed" && now % 2 === 0 && { isGone: true }),
  })),
)

/** Returns one of the existing deliveries, by its place in their list. */
const nth = (store: StoreFixture.Stored, place: number) =>
  Effect.map(store.deliveries({ limit: 100 }), (found) => found[place % Math.max(found.length, 1)])

const deliveries = [
  kind(
    "claim deliveries",
    fc.record({ limit: limits, lease: fc.constantFrom(minute, 5 * minute) }),
    ({ limit, lease }, store, now) =>
      Effect.map(store.claimDeliveries(now, limit, lease), (claims) =>
        claims.map(({ alert, ...claim }) => ({
          ...claim,
          alert: { ...alert, check: Checks.plain(alert.check) },
        })),
      ),
  ),
  kind(
    "settle deliveries",
    fc.array(fc.record({ place: fc.nat({ max: 20 }), isLate: fc.boolean(), outcome: outcomes }), {
      minLength: 1,
      maxLength: 6,
    }),
    Effect.fnUntraced(function* (attempts, store, now) {
      const ended: Ended[] = []
      for (const { place, isLate, outcome } of attempts) {
        const found = yield* nth(store, place)
        if (found === undefined) continue
        const attempt = found.attempts - (isLate ? 1 : 0)
        ended.push({ id: found.id, attempt, outcome: outcome(now), now })
      }
      return yield* store.settleDeliveries(ended)
    }),
  ),
  kind("retry a delivery", fc.nat({ max: 20 }), (place, store, now) =>
    Effect.flatMap(nth(store, place), (found) => store.retryDelivery(found?.id ?? "none", now)),
  ),
  kind("drop a delivery", fc.nat({ max: 20 }), (place, store, now) =>
    Effect.flatMap(nth(store, place), (found) => store.dropDelivery(found?.id ?? "none", now)),
  ),
  kind("read a delivery", fc.nat({ max: 20 }), (place, store) =>
    Effect.flatMap(nth(store, place), (found) => store.delivery(found?.id ?? "none")),
  ),
  kind(
    "list deliveries",
    fc.record(
      {
        check: n.map(StoreFixture.checkId),
        channel: n.map(StoreFixture.channelId),
        status: fc.constantFrom("pending", "delivered", "skipped", "superseded", "dead", "dropped"),
        cause: fc.constantFrom("failed", "quiet", "held", "refused", "disabled", "exhausted"),
        limit: limits,
      },
      { requiredKeys: ["limit"] },
    ),
    (filter, store) => store.deliveries(filter),
  ),
]

/** Every kind of command. Signals and deliveries are listed twice, because it takes many of them to get anywhere. */
export const all = [...projects, ...checks, ...clocks, ...signals, ...signals, ...deliveries, ...deliveries]
