/** Laws of the shares that channels and projects have of what is sent at once. */
import type { Claim, DeliveryOutcome } from "@overdue/core/Delivery"
import * as Limits from "@overdue/core/Limits"
import { hour, minute } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import { expect } from "vitest"
import * as StoreFixture from "./StoreFixture.ts"
import type { Law } from "./StoreFixture.ts"
import * as Settling from "./Settling.ts"

const { channelId, checkId, start } = StoreFixture

const failed = (dueAt: number): DeliveryOutcome => ({
  status: "pending",
  cause: "failed",
  dueAt,
  error: "status 503",
})

/** Registers the laws; each ends a sentence about a channel that fails. */
export const shares = (law: Law): void => {
  law("is sent one delivery at a time, and one that works many, so that it holds up nobody else", (store) =>
    Effect.gen(function* () {
      const count = 2 * Limits.deliveriesPerChannel
      yield* StoreFixture.furnish(store, count)
      const now = start + minute
      const ids = Array.from({ length: count }, (_, index) => checkId(index + 1))
      yield* StoreFixture.happen(store, ids, { type: "fail" }, now)
      const perChannel = (claims: readonly { readonly channel: { readonly id: string } }[]) =>
        [1, 2].map((n) => claims.filter(({ channel }) => channel.id === channelId(n)).length)
      const first = yield* store.claimDeliveries(now, 4 * count, minute)
      expect(perChannel(first)).toEqual([Limits.deliveriesPerChannel, Limits.deliveriesPerChannel])
      expect(yield* store.claimDeliveries(now, 4 * count, minute)).toEqual([])
      for (const { channel, delivery } of first) {
        const isFirst = channel.id === channelId(1)
        const outcome: DeliveryOutcome = isFirst ? failed(now) : { status: "delivered" }
        yield* Settling.one(store, delivery.id, 1, outcome, now)
      }
      const next = yield* store.claimDeliveries(now, 4 * count, minute)
      expect(perChannel(next)).toEqual([Limits.deliveriesToFailing, Limits.deliveriesPerChannel])
      expect(yield* store.claimDeliveries(now, 4 * count, minute)).toEqual([])
      // What nobody has settled in time is another's to send.
      const late = yield* store.claimDeliveries(now + minute, 4 * count, minute)
      expect(perChannel(late)).toEqual([Limits.deliveriesToFailing, Limits.deliveriesPerChannel])
    }),
  )

  law("is sent what it may be in its turn, when there is not room for all that is due", (store) =>
    Effect.gen(function* () {
      yield* crowd(store, 1, 1, 9)
      yield* fail(store, start + minute)
      yield* crowd(store, 2, 2, 1)
      yield* fail(store, start + 2 * minute)
      const claims = yield* store.claimDeliveries(start + 3 * minute, 5, minute)
      expect(perProject(claims)).toEqual([3, 2])
    }),
  )

  law("and one that works have no more than their shares, also when nobody else waits", (store) =>
    Effect.gen(function* () {
      const now = start + minute
      yield* crowd(store, 1, 1, 2 * Limits.deliveriesPerChannel)
      yield* fail(store, now)
      const claims = yield* store.claimDeliveries(now, 4 * Limits.deliveriesPerChannel, minute)
      expect(claims).toHaveLength(Limits.deliveriesPerChannel)
    }),
  )

  together(law)
  tried(law)
}

const together = (law: Law): void => {
  law(
    "is sent no more, together with the others of its project, than leaves room for other projects",
    (store) =>
      Effect.gen(function* () {
        const now = start + minute
        yield* crowd(store, 1, 8, Limits.deliveriesPerProject / 4)
        yield* crowd(store, 2, 1, 1)
        yield* fail(store, now)
        const claims = yield* store.claimDeliveries(now, 10 * Limits.deliveriesPerProject, minute)
        expect(perProject(claims)).toEqual([Limits.deliveriesPerProject, 1])
        // None is left out: those of one channel are not all that is sent of a project.
        expect(new Set(claims.map(({ channel }) => channel.id)).size).toBe(9)
        expect(yield* store.claimDeliveries(now, 10, minute)).toEqual([])
        yield* Settling.one(store, claims[0]!.delivery.id, 1, { status: "skipped", error: "unwanted" }, now)
        expect(perProject(yield* store.claimDeliveries(now, 10, minute))).toEqual([1, 0])
      }),
  )

  law("is sent no more, together with all others that fail, than leaves room for those that work", (store) =>
    Effect.gen(function* () {
      const now = start + minute
      const share = Limits.deliveriesToAllFailing
      const each = Math.ceil((share + 10) / 5)
      for (const project of [1, 2, 3, 4, 5]) yield* crowd(store, project, each, 1)
      yield* crowd(store, 6, 1, 1)
      yield* failTo(store, now, (project) => project !== 6)
      yield* StoreFixture.happen(store, [checkId(6)], { type: "success" }, now)
      const next = yield* store.claimDeliveries(now + 1, 10 * share, minute)
      expect(perProject(next, 6).reduce((sum, count) => sum + count)).toBe(share + 1)
      expect(perProject(next, 6)[5]).toBe(1)
      expect(yield* store.claimDeliveries(now + 1, 10 * share, minute)).toEqual([])
    }),
  )

  law("leaves room to those of its project that work, however many of them fail", (store) =>
    Effect.gen(function* () {
      const now = start + minute
      const share = Limits.deliveriesToFailingOfProject
      yield* crowd(store, 1, share + 10, 1)
      yield* failTo(store, now, () => true)
      yield* store.createChannel(StoreFixture.channel(1))
      const details = { channels: [channelId(1)] }
      yield* StoreFixture.create(store, StoreFixture.check(2, { details }))
      yield* StoreFixture.happen(store, [checkId(2)], { type: "fail" }, now + 1)
      const claims = yield* store.claimDeliveries(now + 1, 10 * share, minute)
      expect(claims).toHaveLength(share + 1)
      expect(claims.map(({ channel }) => channel.id)).toContain(channelId(1))
      expect(yield* store.claimDeliveries(now + 1, 10 * share, minute)).toEqual([])
    }),
  )
}

const tried = (law: Law): void => {
  law(
    "is sent what waits for it as soon as it was tried well, though others have all of its project's share",
    (store) =>
      Effect.gen(function* () {
        const now = start + minute
        yield* crowd(store, 1, 1, 40)
        yield* StoreFixture.happen(store, [checkId(1)], { type: "fail" }, now)
        const [first] = yield* store.claimDeliveries(now, 1, minute)
        yield* Settling.one(store, first!.delivery.id, 1, failed(now + hour), now)
        const others = Array.from({ length: Limits.deliveriesPerProject + 10 }, (_, index) => 5000 + index)
        for (const id of others) {
          yield* store.createChannel(StoreFixture.channel(id, { project: StoreFixture.projectId(1) }))
        }
        const details = { channels: others.map(channelId) }
        const hanging = { ...StoreFixture.check(5000, { details }), project: StoreFixture.projectId(1) }
        yield* StoreFixture.create(store, hanging)
        yield* StoreFixture.happen(store, [checkId(5000)], { type: "fail" }, now)
        const all = 10 * Limits.deliveriesPerProject
        expect(yield* store.claimDeliveries(now, all, minute)).toHaveLength(Limits.deliveriesPerProject)
        yield* fail(store, now)
        expect(yield* store.claimDeliveries(now, all, minute)).toEqual([])
        yield* store.repairChannel(channelId(1000), now)
        expect(yield* store.claimDeliveries(now, all, minute)).toEqual([])
        yield* store.repairChannel(channelId(1000), now, true)
        expect((yield* store.channel(channelId(1000)))?.lastSuccess).toBe(now)
        const claims = yield* store.claimDeliveries(now, all, minute)
        expect(claims).toHaveLength(Limits.deliveriesToProvenOfProject)
        expect(new Set(claims.map(({ channel }) => channel.id))).toEqual(new Set([channelId(1000)]))
        expect(yield* store.claimDeliveries(now, all, minute)).toEqual([])
        // What is slow to answer leaves its place to the others.
        const slowAt = now + Limits.slowAfter
        expect(yield* store.claimDeliveries(slowAt - 1, all, minute)).toEqual([])
        const rest = yield* store.claimDeliveries(slowAt, all, minute)
        expect(rest.filter(({ alert }) => alert.check.id === checkId(5000))).toHaveLength(10)
      }),
  )
}

/** Lets all checks fail that are crowded, and the channels of some projects with them; those of others are told. */
const failTo = Effect.fnUntraced(function* (
  store: StoreFixture.Stored,
  now: number,
  isBad: (project: number) => boolean,
) {
  const bad = [1, 2, 3, 4, 5, 6].filter(isBad).map(StoreFixture.projectId)
  yield* fail(store, now)
  while (true) {
    const claims = yield* store.claimDeliveries(now, 1000, minute)
    if (claims.length === 0) return
    const settle = ({ delivery, alert }: Claim) => {
      const outcome: DeliveryOutcome = bad.includes(alert.check.project)
        ? failed(now + 1)
        : { status: "delivered" }
      return { id: delivery.id, attempt: delivery.attempts, outcome, now }
    }
    yield* store.settleDeliveries(claims.map(settle))
  }
})

/** Makes a project with so many channels, to which as many alerts each are told when the check of its number fails. */
const crowd = Effect.fnUntraced(function* (
  store: StoreFixture.Stored,
  project: number,
  channels: number,
  checks: number,
) {
  yield* store.createProject({ project: StoreFixture.project(project), keys: [] })
  const ids = Array.from({ length: channels }, (_, index) => 1000 * project + index)
  const own = { project: StoreFixture.projectId(project) }
  for (const id of ids) yield* store.createChannel(StoreFixture.channel(id, own))
  const details = { channels: ids.map(channelId) }
  for (let index = 0; index < checks; index++) {
    const number = index === 0 ? project : 1000 * project + index
    yield* StoreFixture.create(store, { ...StoreFixture.check(number, { details }), ...own })
  }
})

/** Lets all checks fail that are crowded. */
const fail = Effect.fnUntraced(function* (store: StoreFixture.Stored, now: number) {
  for (const { id } of yield* store.projects) {
    const checks = yield* store.checks(id, {})
    yield* StoreFixture.happen(
      store,
      checks.map((check) => check.id),
      { type: "fail" },
      now,
    )
  }
})

const perProject = (claims: readonly Claim[], projects: number = 2): readonly number[] =>
  Array.from(
    { length: projects },
    (_, index) =>
      claims.filter(({ alert }) => alert.check.project === StoreFixture.projectId(index + 1)).length,
  )
