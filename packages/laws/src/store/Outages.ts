/** Laws of what a claim says about an outage, and of what settling a delivery records about it. */
import type { Claim } from "@overdue/core/Alert"
import { everything } from "@overdue/core/Channel"
import type { DeliveryOutcome } from "@overdue/core/Store"
import { day, hour, minute } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import { describe, expect } from "vitest"
import * as Checks from "./Checks.ts"
import type { Law } from "./StoreFixture.ts"
import * as StoreFixture from "./StoreFixture.ts"

const { channelId, checkId, start } = StoreFixture

const delivered: DeliveryOutcome = { status: "delivered" }

/** Claims and settles everything that is due, in turn, so that deliveries that wait for others are claimed too. */
const tellAll = Effect.fnUntraced(function* (
  store: StoreFixture.Stored,
  now: number,
  outcome: (claim: Claim) => DeliveryOutcome = () => delivered,
) {
  const told: Claim[] = []
  while (true) {
    const claims = yield* store.claimDeliveries(now, 100, minute)
    if (claims.length === 0) return told
    for (const claim of claims) {
      told.push(claim)
      yield* store.settleDelivery(claim.delivery.id, claim.delivery.attempts, outcome(claim), now)
    }
  }
})

/** Project 1 with checks that tell only channel 1, with hourly reminders. */
const furnish = Effect.fnUntraced(function* (store: StoreFixture.Stored, checks = 1) {
  yield* StoreFixture.furnish(store, 0)
  const details = { channels: [channelId(1)] }
  const numbers = Array.from({ length: checks }, (_, index) => index + 1)
  const made = numbers.map((n) => StoreFixture.check(n, { details }, { remindEvery: hour }))
  yield* StoreFixture.create(store, ...made)
  yield* StoreFixture.happen(store, numbers.map(checkId), { type: "success" }, start)
})

/** Registers the laws. */
export const outages = (law: Law): void => {
  describe("the alerts of one outage", () => {
    law("name it alike, from its begin over its reminders to its end, and say since when and why", (store) =>
      Effect.gen(function* () {
        yield* furnish(store)
        const rid = checkId(8)
        yield* StoreFixture.happen(store, [checkId(1)], { type: "fail", rid }, start + minute)
        const [down] = yield* tellAll(store, start + minute)
        yield* StoreFixture.happen(store, [checkId(1)], { type: "tick" }, start + hour + minute)
        const [reminder] = yield* tellAll(store, start + hour + minute)
        yield* StoreFixture.happen(store, [checkId(1)], { type: "success" }, start + 2 * hour)
        const [up] = yield* tellAll(store, start + 2 * hour)
        const outage = { id: `${checkId(1)}.2`, since: start + minute, reason: "fail", rid }
        expect([down, reminder].map((claim) => [claim!.alert.status, claim!.alert.outage])).toEqual([
          ["down", { ...outage, until: undefined }],
          ["down", { ...outage, until: undefined }],
        ])
        expect(reminder!.delivery.occasion).toBe("reminder")
        expect([up!.alert.status, up!.alert.outage]).toEqual(["up", { ...outage, until: start + 2 * hour }])
      }),
    )

    law(
      "name another outage otherwise, and say when it is over by the time that its begin is told",
      (store) =>
        Effect.gen(function* () {
          yield* furnish(store)
          for (const n of [1, 3]) {
            yield* StoreFixture.happen(store, [checkId(1)], { type: "fail" }, start + n * minute)
            yield* StoreFixture.happen(store, [checkId(1)], { type: "success" }, start + (n + 1) * minute)
          }
          const told = yield* tellAll(store, start + hour)
          expect(told.map(({ alert }) => [alert.status, alert.outage?.id, alert.outage?.until])).toEqual([
            ["down", `${checkId(1)}.2`, start + 2 * minute],
            ["up", `${checkId(1)}.2`, start + 2 * minute],
            ["down", `${checkId(1)}.4`, start + 4 * minute],
            ["up", `${checkId(1)}.4`, start + 4 * minute],
          ])
        }),
    )

    law("are of none when a new check is first heard of", (store) =>
      Effect.gen(function* () {
        yield* StoreFixture.furnish(store, 0)
        const details = { channels: [channelId(1)] }
        yield* StoreFixture.create(store, StoreFixture.check(1, { details }, { notifyOnFirstPing: true }))
        yield* StoreFixture.happen(store, [checkId(1)], { type: "success" }, start)
        const [claim] = yield* tellAll(store, start)
        expect(claim).toMatchObject({ alert: { status: "up", reason: "success" }, beganUntold: false })
        expect(claim!.alert.outage).toBeUndefined()
      }),
    )

    law("know its end when the flip that began it is forgotten", (store) =>
      Effect.gen(function* () {
        yield* furnish(store)
        yield* StoreFixture.happen(store, [checkId(1)], { type: "fail" }, start + minute)
        yield* tellAll(store, start + minute)
        yield* StoreFixture.happen(store, [checkId(1)], { type: "success" }, start + 500 * day)
        const never = Number.MIN_SAFE_INTEGER
        yield* store.prune({ deliveries: start + 400 * day, flips: never, blind: never })
        yield* store.prune({ deliveries: never, flips: start + 400 * day, blind: never })
        const told = (yield* tellAll(store, start + 500 * day)).filter(({ alert }) => alert.status === "up")
        expect(told[0]?.alert.outage).toEqual({
          id: `${checkId(1)}.2`,
          since: undefined,
          until: start + 500 * day,
          reason: undefined,
          rid: undefined,
        })
      }),
    )

    law("count the checks of the project that are down", (store) =>
      Effect.gen(function* () {
        yield* furnish(store, 3)
        yield* store.createProject({ project: StoreFixture.project(2), keys: [] })
        yield* StoreFixture.create(store, StoreFixture.check(9, { project: StoreFixture.projectId(2) }))
        yield* StoreFixture.happen(store, [1, 2, 9].map(checkId), { type: "fail" }, start + minute)
        const claims = yield* store.claimDeliveries(start + minute, 100, minute)
        expect(claims.map(({ down }) => down)).toEqual([2, 2])
      }),
    )

    law("carry what was remembered of the outage, by the channel that remembered it", (store) =>
      Effect.gen(function* () {
        yield* StoreFixture.furnish(store, 2)
        yield* StoreFixture.happen(store, [1, 2].map(checkId), { type: "fail" }, start + minute)
        const remembers = ({ delivery }: Claim): DeliveryOutcome =>
          delivery.channel === channelId(1)
            ? { status: "delivered", remember: { issue: 7, of: delivery.check, 'odd "key"': [null, "ä🌙"] } }
            : delivered
        const first = yield* tellAll(store, start + minute, remembers)
        expect(first.map(({ memory }) => memory)).toEqual([undefined, undefined, undefined, undefined])
        yield* StoreFixture.happen(store, [1, 2].map(checkId), { type: "success" }, start + hour)
        const told = yield* tellAll(store, start + hour)
        expect(told.map(({ delivery, memory }) => [delivery.check, delivery.channel, memory])).toEqual([
          [checkId(1), channelId(1), { issue: 7, of: checkId(1), 'odd "key"': [null, "ä🌙"] }],
          [checkId(1), channelId(2), undefined],
          [checkId(2), channelId(1), { issue: 7, of: checkId(2), 'odd "key"': [null, "ä🌙"] }],
          [checkId(2), channelId(2), undefined],
        ])
        yield* StoreFixture.happen(store, [checkId(1)], { type: "fail" }, start + 2 * hour)
        const next = yield* tellAll(store, start + 2 * hour)
        expect(next.map(({ memory }) => memory)).toEqual([undefined, undefined])
      }),
    )

    law("carry the newest of what was remembered, and keep it when nothing new is", (store) =>
      Effect.gen(function* () {
        yield* furnish(store)
        yield* StoreFixture.happen(store, [checkId(1)], { type: "fail" }, start + minute)
        yield* tellAll(store, start + minute, () => ({ status: "delivered", remember: 1 }))
        const memories: unknown[] = []
        for (const [after, remember] of [
          [1, 2],
          [2, undefined],
          [3, null],
          [4, undefined],
        ] as const) {
          const now = start + after * hour + minute
          yield* StoreFixture.happen(store, [checkId(1)], { type: "tick" }, now)
          const [claim] = yield* tellAll(store, now, () => ({
            status: "delivered",
            ...(remember === undefined ? {} : { remember }),
          }))
          memories.push(claim!.memory)
        }
        expect(memories).toEqual([1, 2, 2, null])
      }),
    )

    law("end untold when the channel was not told of the begin, and are news when it was", (store) =>
      Effect.gen(function* () {
        yield* furnish(store)
        for (const [n, status] of [
          [1, "skipped"],
          [3, "delivered"],
          [5, "dead"],
        ] as const) {
          yield* StoreFixture.happen(store, [checkId(1)], { type: "fail" }, start + n * minute)
          yield* tellAll(store, start + n * minute, () =>
            status === "dead" ? { status, error: "gone" } : { status },
          )
          yield* StoreFixture.happen(store, [checkId(1)], { type: "success" }, start + (n + 1) * minute)
          const [up] = yield* tellAll(store, start + (n + 1) * minute)
          expect([status, up!.beganUntold]).toEqual([status, status === "skipped"])
        }
      }),
    )
  })

  describe("a channel", () => {
    law("notes when it was last told, and why it last could not be", (store) =>
      Effect.gen(function* () {
        yield* furnish(store)
        const noted = Effect.map(store.channel(channelId(1)), (channel) => [
          channel!.lastSuccess,
          channel!.lastError,
        ])
        const ends: readonly (readonly [DeliveryOutcome, readonly unknown[]])[] = [
          [
            { status: "pending", dueAt: start + 2 * minute, error: "status 503" },
            [undefined, { at: start + minute, why: "status 503" }],
          ],
          [delivered, [start + 2 * minute, { at: start + minute, why: "status 503" }]],
        ]
        yield* StoreFixture.happen(store, [checkId(1)], { type: "fail" }, start + minute)
        for (const [n, [outcome, after]] of ends.entries()) {
          const now = start + (n + 1) * minute
          const [claim] = yield* store.claimDeliveries(now, 1, minute)
          yield* store.settleDelivery(claim!.delivery.id, claim!.delivery.attempts, outcome, now)
          expect(yield* noted).toEqual(after)
        }
        yield* StoreFixture.happen(store, [checkId(1)], { type: "success" }, start + hour)
        const gone = { status: "dead", error: "status 410" } as const
        yield* tellAll(store, start + hour, () => gone)
        expect(yield* noted).toEqual([start + 2 * minute, { at: start + hour, why: "status 410" }])
      }),
    )

    law("notes nothing of what was not tried, nor of an attempt that is over", (store) =>
      Effect.gen(function* () {
        yield* furnish(store)
        yield* StoreFixture.happen(store, [checkId(1)], { type: "fail" }, start + minute)
        const [claim] = yield* store.claimDeliveries(start + minute, 1, minute)
        const { id } = claim!.delivery
        const error = "quiet hours"
        const dueAt = start + hour
        yield* store.settleDelivery(id, 2, delivered, start + minute)
        yield* store.settleDelivery(
          id,
          1,
          { status: "pending", dueAt, error, postponed: true },
          start + minute,
        )
        yield* store.settleDelivery(id, 1, delivered, start + 2 * minute)
        expect(yield* store.channel(channelId(1))).toEqual(StoreFixture.channel(1))
        expect(yield* store.deliveries({ limit: 1 })).toMatchObject([{ status: "pending", dueAt, error }])
        const [skipped] = yield* store.claimDeliveries(dueAt, 1, minute)
        yield* store.settleDelivery(id, skipped!.delivery.attempts, { status: "skipped" }, dueAt)
        expect(yield* store.channel(channelId(1))).toEqual(StoreFixture.channel(1))
      }),
    )

    law("changes its name, its value and its switches, and nothing else", (store) =>
      Effect.gen(function* () {
        yield* StoreFixture.furnish(store, 1)
        yield* store.disableChannel(channelId(1), "status 410")
        const quiet = [
          { schedule: StoreFixture.nightly, duration: 8 * hour },
          { from: start, to: start + hour },
        ]
        const change = {
          name: "renamed",
          value: { url_up: "http://127.0.0.1/up" },
          switches: { ...everything, up: false, reminders: false, quiet },
        }
        expect(yield* store.updateChannel(channelId(1), change)).toBe(true)
        const changed = (yield* store.channel(channelId(1)))!
        expect(Checks.plainQuiet(changed.switches.quiet)).toEqual(Checks.plainQuiet(quiet))
        expect({ ...changed, switches: { ...changed.switches, quiet } }).toEqual({
          ...StoreFixture.channel(1),
          ...change,
          disabled: "status 410",
        })
        expect(yield* store.channel(channelId(2))).toEqual(StoreFixture.channel(2))
        expect(yield* store.updateChannel(channelId(9), change)).toBe(false)
      }),
    )

    law("finds its own deliveries", (store) =>
      Effect.gen(function* () {
        yield* StoreFixture.furnish(store, 2)
        yield* StoreFixture.happen(store, [1, 2].map(checkId), { type: "fail" }, start + minute)
        const found = yield* store.deliveries({ channel: channelId(2), limit: 9 })
        expect(found.map(({ check, channel }) => [check, channel])).toEqual([
          [checkId(2), channelId(2)],
          [checkId(1), channelId(2)],
        ])
        const none = yield* store.deliveries({ channel: channelId(2), check: checkId(9), limit: 9 })
        expect(none).toEqual([])
      }),
    )
  })
}
