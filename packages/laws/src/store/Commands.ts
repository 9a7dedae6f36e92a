/** Arbitrary commands to a store. They use few names, so that they often concern the same records. */
import type { Selection } from "@overdue/core/UnitOfWork"
import { hour, minute, type Instant } from "@overdue/core/Time"
import type * as Machine from "@overdue/core/Machine"
import * as Effect from "effect/Effect"
import fc from "fast-check"
import { Changes } from "@overdue/engine/Changes"
import { kind, limits, n, Thrown } from "./Command.ts"
import { deliveries } from "./DeliveryCommands.ts"
import * as Checks from "./Checks.ts"
import { groups } from "./GroupCommands.ts"
import { events, policy } from "./Happenings.ts"
import { rename } from "./Rename.ts"
import { samples } from "./SampleCommands.ts"
import * as StoreFixture from "./StoreFixture.ts"

const slugs = fc.constantFrom("", "a", "b")
const tags = fc.constantFrom("", "x", "x y")

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
  kind("delete a key", fc.record({ n, project: n }), ({ n, project }, store) =>
    store.deleteApiKey(StoreFixture.projectId(project), StoreFixture.apiKey(n).digest),
  ),
  kind("silence a project", fc.record({ n, until: fc.constantFrom(undefined, 7) }), ({ n, until }, store) =>
    store.silenceProject(StoreFixture.projectId(n), until),
  ),
  kind("rename a project", fc.record({ n, pingKey: fc.constantFrom(undefined, "p", "q") }), rename),
  kind("delete a project", n, (n, store) => store.deleteProject(StoreFixture.projectId(n))),
  kind("find a key", n, (n, store) => store.apiKey(StoreFixture.apiKey(n).digest)),
  kind("create a channel", fc.record({ n, project: n }), ({ n, project }, store) =>
    store.createChannel(StoreFixture.channel(n, { project: StoreFixture.projectId(project) })),
  ),
  kind("delete a channel", fc.record({ n, project: n }), ({ n, project }, store) =>
    store.deleteChannel(StoreFixture.projectId(project), StoreFixture.channelId(n)),
  ),
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
  name: fc.constantFrom("Night", "a night", "ß", "\u{1f600}", "\uff5e"),
  group: fc.constantFrom(undefined, StoreFixture.groupId(1), StoreFixture.groupId(2)),
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

const ages = fc.constantFrom(0, minute, hour, 4 * hour)

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
  kind(
    "prune",
    fc.record({ deliveries: ages, flips: ages, blind: ages, raw: ages, minute: ages, hour: ages }),
    (ages, store, now) =>
      store.prune({
        deliveries: now - ages.deliveries,
        flips: now - ages.flips,
        blind: now - ages.blind,
        samples: { raw: now - ages.raw, minute: now - ages.minute, hour: now - ages.hour },
      }),
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
  kind("step", fc.constantFrom(-hour, -minute, minute, hour), (by, store, now) => store.stepped(now, by)),
]

/** Every kind of command. Signals and deliveries are listed twice, because it takes many of them to get anywhere. */
export const all = [
  ...projects,
  ...groups,
  ...samples,
  ...checks,
  ...clocks,
  ...signals,
  ...signals,
  ...deliveries,
  ...deliveries,
]
