import { describe, expect, it } from "@effect/vitest"
import type { Told } from "@overdue/core/Alert"
import type { Verdict } from "@overdue/core/Notifier"
import * as Store from "@overdue/core/Store"
import * as Every from "@overdue/core/schedule/Every"
import { day, hour, minute, second, type Span } from "@overdue/core/Time"
import * as Receive from "@overdue/engine/commands/Receive"
import * as Outcome from "@overdue/engine/outbox/Outcome"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as TestClock from "effect/testing/TestClock"
import * as Arrival from "../../../test/kit/Arrival.ts"
import * as EngineFixture from "../../../test/kit/EngineFixture.ts"

const deliveries = Effect.gen(function* () {
  const store = yield* Store.Store
  return (yield* store.deliveries({ limit: 100 })).toReversed()
})

const failing = { type: "retry", why: "503" } as const
const delivered = { type: "delivered" } as const
const after = (span: Span) => Effect.delay(Effect.succeed(delivered), span)
const unlessUp = ({ alerts: [{ status }] }: Told): Verdict => (status === "up" ? delivered : failing)

/** Remembers an issue of whatever outage it is told of. */
const remembering =
  (issue: number) =>
  ({ alerts }: Told): Verdict => ({
    type: "delivered",
    remember: Object.fromEntries(alerts.map(({ outage }) => [outage!.id, { issue }])),
  })

describe("a delivery", () => {
  it.effect("is tried until it works, always with the same id", () => {
    const told: EngineFixture.Told[] = []
    return Effect.gen(function* () {
      const { check } = yield* EngineFixture.furnish()
      yield* EngineFixture.ping({ id: check.id }, "fail")
      yield* TestClock.adjust(minute)
      expect(told).toHaveLength(3)
      expect(new Set(told.map(({ alert }) => alert.id)).size).toBe(1)
      expect(yield* deliveries).toMatchObject([{ status: "delivered", attempts: 3 }])
    }).pipe(
      Effect.provide(EngineFixture.layer({ told, verdicts: [failing, failing, delivered], loops: true })),
    )
  })

  it.effect("that its notifier never ends is taken from it, and tried again", () => {
    const told: EngineFixture.Told[] = []
    const settings = { sweepEvery: minute, deliveriesAtOnce: 1 }
    return Effect.gen(function* () {
      const { check } = yield* EngineFixture.furnish()
      yield* EngineFixture.ping({ id: check.id }, "fail")
      yield* TestClock.adjust(90 * second)
      expect(yield* deliveries).toMatchObject([{ status: "pending", error: "no answer within 90 s" }])
      yield* TestClock.adjust(minute)
      expect(told).toHaveLength(2)
      expect(yield* deliveries).toMatchObject([{ status: "delivered", attempts: 2 }])
    }).pipe(
      Effect.provide(EngineFixture.layer({ told, settings, verdicts: ["silence", delivered], loops: true })),
    )
  })

  it.effect(
    "that its notifier neither ends nor lets go of is taken from it, and does not keep the engine from stopping",
    () => {
      const told: EngineFixture.Told[] = []
      const verdicts = [Effect.uninterruptible(Effect.never), delivered]
      return Effect.gen(function* () {
        const shared = Layer.succeed(Store.Store, yield* Store.Store)
        const layer = EngineFixture.layer({ told, verdicts, loops: true, store: shared })
        yield* Effect.gen(function* () {
          const { check } = yield* EngineFixture.furnish()
          yield* EngineFixture.ping({ id: check.id }, "fail")
          yield* TestClock.adjust(95 * second)
        }).pipe(Effect.provide(layer))
        expect(told).toHaveLength(2)
        expect(yield* deliveries).toMatchObject([{ status: "delivered", attempts: 2 }])
      }).pipe(Effect.provide(EngineFixture.layer()))
    },
  )

  it.effect(
    "that a bug in its notifier cuts short is sent again when its lease ends, and keeps no place till then",
    () => {
      const told: EngineFixture.Told[] = []
      const settings = { deliveriesAtOnce: 1 }
      const verdicts = [Effect.die(new Error("a bug")), delivered]
      return Effect.gen(function* () {
        const { check } = yield* EngineFixture.furnish()
        yield* EngineFixture.ping({ id: check.id }, "fail")
        yield* TestClock.adjust(second)
        const other = yield* EngineFixture.furnish()
        yield* EngineFixture.ping({ id: other.check.id }, "fail")
        yield* TestClock.adjust(0)
        expect((yield* deliveries).map(({ status }) => status)).toEqual(["pending", "delivered"])
        yield* TestClock.adjust(2 * minute)
        expect((yield* deliveries).map(({ status }) => status)).toEqual(["delivered", "delivered"])
      }).pipe(Effect.provide(EngineFixture.layer({ told, settings, verdicts, loops: true })))
    },
  )

  it.effect("is sent by nobody else for as long as its notifier may take", () => {
    const told: EngineFixture.Told[] = []
    const settings = { sweepEvery: minute, pollEvery: second }
    return Effect.gen(function* () {
      const { check } = yield* EngineFixture.furnish()
      yield* EngineFixture.ping({ id: check.id }, "fail")
      yield* TestClock.adjust(3 * minute)
      expect(told).toHaveLength(1)
      expect(yield* deliveries).toMatchObject([{ status: "delivered", attempts: 1 }])
    }).pipe(
      Effect.provide(
        EngineFixture.layer({ told, settings, verdicts: [after(89 * second), delivered], loops: true }),
      ),
    )
  })

  it.effect(
    "is not sent by a process that stood still after it had claimed it: another node may be sending it",
    () => {
      const told: EngineFixture.Told[] = []
      const settings = { sweepEvery: hour, pollEvery: second }
      return Effect.gen(function* () {
        const store = yield* Store.Store
        let stillFor = 30 * second
        const shared = Layer.succeed(Store.Store, {
          ...store,
          claimDeliveries: (now, limit, lease) =>
            Effect.tap(store.claimDeliveries(now, limit, lease), (claims) => {
              const span = claims.length > 0 ? stillFor : 0
              if (claims.length > 0) stillFor = 0
              return Effect.sleep(span)
            }),
        })
        yield* Effect.gen(function* () {
          const { check } = yield* EngineFixture.furnish()
          yield* EngineFixture.ping({ id: check.id }, "fail")
          yield* TestClock.adjust(29 * second)
          expect(told).toEqual([])
          yield* TestClock.adjust(2 * second)
          expect(told).toHaveLength(1)
          // The first attempt was given back, and was none of the receiver's.
          expect(yield* deliveries).toMatchObject([{ status: "delivered", attempts: 2, failures: 0 }])
        }).pipe(Effect.provide(EngineFixture.layer({ told, settings, loops: true, store: shared })))
      }).pipe(Effect.provide(EngineFixture.layer()))
    },
  )

  it.effect("is followed at once by the next one to its channel", () => {
    const told: EngineFixture.Told[] = []
    const settings = { sweepEvery: hour, pollEvery: hour }
    return Effect.gen(function* () {
      const { check } = yield* EngineFixture.furnish()
      yield* Effect.all(
        [EngineFixture.ping({ id: check.id }, "fail"), EngineFixture.ping({ id: check.id })],
        {
          concurrency: "unbounded",
        },
      )
      yield* TestClock.adjust(1.5 * second)
      expect(told.map(({ alert }) => alert.status)).toEqual(["down", "up"])
      yield* TestClock.adjust(1.5 * second)
    }).pipe(
      Effect.provide(EngineFixture.layer({ told, settings, verdicts: [after(1.5 * second)], loops: true })),
    )
  })

  /** Lets so many checks fail at once. */
  const failTogether = Effect.fnUntraced(function* (count: number) {
    const { check } = yield* EngineFixture.furnish()
    const store = yield* Store.Store
    const ids = Array.from({ length: count }, (_, n) => `c0000000-0000-4000-8000-0000000000${10 + n}`)
    const checks = ids.map((id) => ({ ...check, id, badgeKey: id }))
    yield* store.transact({}, () => ({ result: undefined, checks }))
    yield* Effect.all(
      ids.map((id) => EngineFixture.ping({ id }, "fail")),
      { concurrency: "unbounded" },
    )
  })

  it.effect(
    "whose receiver hangs gives its place to another, until such are three times as many at a time",
    () => {
      const told: EngineFixture.Told[] = []
      const settings = { deliveriesAtOnce: 2 }
      return Effect.gen(function* () {
        yield* failTogether(20)
        const counts: number[] = []
        for (const seconds of [1, 0.5, 1, 2, 2, 13, 300]) {
          yield* TestClock.adjust(seconds * second)
          counts.push(told.length)
        }
        expect(counts).toEqual([2, 2, 4, 6, 8, 8, 20])
      }).pipe(
        Effect.provide(EngineFixture.layer({ told, settings, verdicts: [after(30 * second)], loops: true })),
      )
    },
  )

  it.effect("is one of no more at a time than the settings say", () => {
    const told: EngineFixture.Told[] = []
    const settings = { deliveriesAtOnce: 2 }
    return Effect.gen(function* () {
      yield* failTogether(5)
      const counts: number[] = []
      for (const span of [100, second, second, second]) {
        yield* TestClock.adjust(span)
        counts.push(told.length)
      }
      expect(counts).toEqual([2, 4, 5, 5])
    }).pipe(Effect.provide(EngineFixture.layer({ told, settings, verdicts: [after(second)], loops: true })))
  })

  it.effect("that a channel does not want is skipped, and never asked about again", () => {
    const told: EngineFixture.Told[] = []
    return Effect.gen(function* () {
      const { check } = yield* EngineFixture.furnish()
      yield* EngineFixture.ping({ id: check.id }, "fail")
      yield* TestClock.adjust(hour)
      expect(told).toHaveLength(1)
      expect(yield* deliveries).toMatchObject([{ status: "skipped", error: "unwanted" }])
    }).pipe(
      Effect.provide(
        EngineFixture.layer({ told, verdicts: [{ type: "skipped", why: "unwanted" }], loops: true }),
      ),
    )
  })

  it.effect("waits for the one before it, so that up never overtakes down", () => {
    const told: EngineFixture.Told[] = []
    return Effect.gen(function* () {
      const { check } = yield* EngineFixture.furnish()
      yield* EngineFixture.ping({ id: check.id }, "fail")
      yield* EngineFixture.ping({ id: check.id })
      yield* TestClock.adjust(hour)
      expect(told.map(({ alert }) => alert.status)).toEqual(["down", "up"])
    }).pipe(Effect.provide(EngineFixture.layer({ told, loops: true })))
  })

  it.effect("that has failed does not hold up a newer one, which tells of it", () => {
    const told: EngineFixture.Told[] = []
    return Effect.gen(function* () {
      const { check } = yield* EngineFixture.furnish()
      yield* EngineFixture.ping({ id: check.id }, "fail")
      yield* TestClock.adjust(hour)
      const attempts = told.length
      yield* EngineFixture.ping({ id: check.id })
      yield* TestClock.adjust(0)
      expect(told.slice(attempts).map(({ alert }) => alert.status)).toEqual(["up"])
      expect(told.at(-1)!.alert.untold).toMatchObject([{ status: "down", reason: "fail", at: 0 }])
      expect((yield* deliveries).map(({ status }) => status)).toEqual(["superseded", "delivered"])
    }).pipe(Effect.provide(EngineFixture.layer({ told, verdicts: [unlessUp], loops: true })))
  })
})

describe("what a channel is told", () => {
  it.effect("says since when, why, and how many others are down, alike in every alert of the outage", () => {
    const told: EngineFixture.Told[] = []
    return Effect.gen(function* () {
      const { check, channel } = yield* EngineFixture.furnish({
        schedule: Every.make(day),
        grace: hour,
        remindEvery: hour,
      })
      const other = { ...check, id: "c0000000-0000-4000-8000-000000000002", badgeKey: channel.id }
      const store = yield* Store.Store
      yield* store.transact({}, () => ({ result: undefined, checks: [other] }))
      yield* EngineFixture.ping({ id: other.id }, "fail")
      yield* TestClock.adjust(minute)
      told.length = 0
      const receive = yield* Receive.Receive
      const { signal, ...arrival } = Arrival.overHttp({ id: check.id })
      yield* receive.receive({ ...arrival, signal: { ...signal, exitStatus: 3 } as typeof signal })
      yield* TestClock.adjust(hour + second)
      const mine = told.filter(({ alert }) => alert.check.id === check.id)
      yield* EngineFixture.ping({ id: check.id })
      yield* TestClock.adjust(second)
      mine.push(told.at(-1)!)
      const outage = { id: `${check.id}.1`, since: minute, reason: "fail" }
      expect(mine.map(({ alert }) => [alert.occasion, alert.status, alert.outage])).toMatchObject([
        ["flip", "down", outage],
        ["reminder", "down", outage],
        ["flip", "up", { ...outage, until: hour + minute + second }],
      ])
      expect(mine.map(({ alert }) => alert.remarks.map(({ text }) => text))).toEqual([
        ["The job ended with exit status 3."],
        ["The job ended with exit status 3."],
        [],
      ])
      expect(mine.map(({ othersDown }) => othersDown)).toEqual([1, 1, 1])
    }).pipe(Effect.provide(EngineFixture.layer({ told, loops: true, settings: { blindAfter: undefined } })))
  })

  it.effect("is what its kind remembered of the outage, until the outage is over", () => {
    const told: EngineFixture.Told[] = []
    return Effect.gen(function* () {
      const { check } = yield* EngineFixture.furnish()
      for (const action of ["fail", "success", "fail"] as const) {
        yield* EngineFixture.ping({ id: check.id }, action)
        yield* TestClock.adjust(second)
      }
      expect(told.map(({ alert }) => alert.memory)).toEqual([undefined, { issue: 7 }, undefined])
    }).pipe(Effect.provide(EngineFixture.layer({ told, loops: true, verdicts: [remembering(7)] })))
  })

  it.effect("is one message for several checks, when its kind takes several", () => {
    const told: EngineFixture.Told[] = []
    const messages: number[] = []
    return Effect.gen(function* () {
      const { check } = yield* EngineFixture.furnish()
      const store = yield* Store.Store
      const ids = Array.from({ length: 9 }, (_, n) => `c0000000-0000-4000-8000-00000000000${n}`)
      const checks = ids.map((id) => ({ ...check, id, badgeKey: id }))
      yield* store.transact({}, () => ({ result: undefined, checks }))
      yield* Effect.all(
        ids.map((id) => EngineFixture.ping({ id }, "fail")),
        { concurrency: "unbounded" },
      )
      yield* TestClock.adjust(second)
      expect(messages).toEqual([9])
      expect(told.map(({ othersDown }) => othersDown)).toEqual(ids.map(() => 0))
      expect((yield* deliveries).map(({ status }) => status)).toEqual(ids.map(() => "delivered"))
    }).pipe(Effect.provide(EngineFixture.layer({ told, messages, takesSeveral: true, loops: true })))
  })

  it.effect("is not a message to another channel, when its kind takes several", () => {
    const told: EngineFixture.Told[] = []
    const messages: number[] = []
    return Effect.gen(function* () {
      const { check, channel } = yield* EngineFixture.furnish()
      const store = yield* Store.Store
      const other = { ...channel, id: "d0000000-0000-4000-8000-000000000002", name: "other" }
      yield* store.createChannel(other)
      const channels = [channel.id, other.id]
      const id = "c0000000-0000-4000-8000-000000000002"
      const both = { ...check, id, badgeKey: id, details: { ...check.details, channels } }
      yield* store.transact({}, () => ({ result: undefined, checks: [both] }))
      yield* EngineFixture.ping({ id }, "fail")
      yield* TestClock.adjust(second)
      expect(messages).toEqual([1, 1])
      expect(told.map(({ channel }) => channel.id).toSorted()).toEqual(channels.toSorted())
    }).pipe(Effect.provide(EngineFixture.layer({ told, messages, takesSeveral: true, loops: true })))
  })

  it.effect("is not told again to those of a message that were settled, when the message failed", () => {
    const told: EngineFixture.Told[] = []
    const messages: number[] = []
    const verdicts = [failing, delivered]
    return Effect.gen(function* () {
      const { check } = yield* EngineFixture.furnish()
      const store = yield* Store.Store
      const id = "c0000000-0000-4000-8000-000000000002"
      yield* store.transact({}, () => ({ result: undefined, checks: [{ ...check, id, badgeKey: id }] }))
      yield* Effect.all(
        [check.id, id].map((one) => EngineFixture.ping({ id: one }, "fail")),
        { concurrency: "unbounded" },
      )
      yield* TestClock.adjust(minute)
      expect(messages[0]).toBe(2)
      expect((yield* deliveries).map(({ status, attempts }) => [status, attempts])).toEqual([
        ["delivered", 2],
        ["delivered", 2],
      ])
    }).pipe(
      Effect.provide(EngineFixture.layer({ told, messages, verdicts, takesSeveral: true, loops: true })),
    )
  })
})

describe("a channel with switches", () => {
  it.effect("is told of what it wants, and skips the rest", () => {
    const told: EngineFixture.Told[] = []
    return Effect.gen(function* () {
      const { check } = yield* EngineFixture.furnish(
        { remindEvery: hour },
        {},
        { up: false, reminders: false },
      )
      yield* EngineFixture.ping({ id: check.id }, "fail")
      yield* TestClock.adjust(90 * minute)
      yield* EngineFixture.ping({ id: check.id })
      yield* TestClock.adjust(second)
      expect(told.map(({ alert }) => [alert.occasion, alert.status])).toEqual([["flip", "down"]])
      expect((yield* deliveries).map(({ status }) => status)).toEqual(["delivered", "skipped", "skipped"])
      expect((yield* deliveries).map(({ error }) => error).toSorted()).toEqual([
        "the channel is not to be told of reminders",
        "the channel is not to be told when a check comes up",
        undefined,
      ])
    }).pipe(Effect.provide(EngineFixture.layer({ told, loops: true, settings: { blindAfter: undefined } })))
  })
})

describe("a channel with quiet hours", () => {
  const quiet = [{ from: 0, to: 8 * hour }]
  const settings = { blindAfter: undefined }

  it.effect("is told when they end of what is still down, once, since when it is", () => {
    const told: EngineFixture.Told[] = []
    return Effect.gen(function* () {
      const { check, channel } = yield* EngineFixture.furnish({ remindEvery: 3 * hour }, {}, { quiet })
      yield* TestClock.adjust(hour)
      yield* EngineFixture.ping({ id: check.id }, "fail")
      yield* TestClock.adjust(7 * hour - second)
      expect(told).toEqual([])
      expect((yield* deliveries)[0]).toMatchObject({
        status: "pending",
        error: "the channel has quiet hours until 1970-01-01T08:00:00.000Z",
      })
      const store = yield* Store.Store
      expect(yield* store.channel(channel.id)).toMatchObject({ disabled: undefined, lastError: undefined })
      yield* TestClock.adjust(2 * second)
      expect(told[0]?.alert).toMatchObject({ status: "down", outage: { since: hour, until: undefined } })
      expect(Math.floor((yield* store.channel(channel.id))!.lastSuccess! / second) * second).toBe(8 * hour)
      yield* EngineFixture.ping({ id: check.id })
      yield* TestClock.adjust(second)
      expect(told.at(-1)?.alert).toMatchObject({ occasion: "flip", status: "up" })
    }).pipe(Effect.provide(EngineFixture.layer({ told, loops: true, settings })))
  })

  it.effect("is not reminded in them", () => {
    const told: EngineFixture.Told[] = []
    const later = [{ from: hour, to: 8 * hour }]
    const slowly = { ...settings, sweepEvery: minute, pollEvery: minute }
    return Effect.gen(function* () {
      const { check } = yield* EngineFixture.furnish({ remindEvery: 3 * hour }, {}, { quiet: later })
      yield* EngineFixture.ping({ id: check.id }, "fail")
      yield* TestClock.adjust(8 * hour - minute)
      expect(told.map(({ alert }) => alert.occasion)).toEqual(["flip"])
      yield* TestClock.adjust(2 * minute)
      expect(told.slice(1).map(({ alert }) => alert.occasion)).toContain("reminder")
    }).pipe(Effect.provide(EngineFixture.layer({ told, loops: true, settings: slowly })))
  })

  it.effect("hears nothing of an outage that came and went in them", () => {
    const told: EngineFixture.Told[] = []
    return Effect.gen(function* () {
      const { check } = yield* EngineFixture.furnish({}, {}, { quiet })
      for (const n of [1, 2]) {
        yield* TestClock.adjust(n * minute)
        yield* EngineFixture.ping({ id: check.id }, "fail")
        yield* TestClock.adjust(minute)
        yield* EngineFixture.ping({ id: check.id })
      }
      yield* TestClock.adjust(day)
      expect(told).toEqual([])
      expect((yield* deliveries).map(({ status }) => status)).toEqual([
        "skipped",
        "skipped",
        "skipped",
        "skipped",
      ])
      expect(new Set((yield* deliveries).map(({ error }) => error))).toEqual(
        new Set(["it was no news any more"]),
      )
    }).pipe(Effect.provide(EngineFixture.layer({ told, loops: true, settings })))
  })

  it.effect("hears at once, also in them, that what it was told of is over", () => {
    const told: EngineFixture.Told[] = []
    const later = [{ from: hour, to: 8 * hour }]
    return Effect.gen(function* () {
      const { check } = yield* EngineFixture.furnish({}, {}, { quiet: later })
      yield* EngineFixture.ping({ id: check.id }, "fail")
      yield* TestClock.adjust(2 * hour)
      yield* EngineFixture.ping({ id: check.id })
      yield* TestClock.adjust(second)
      expect(told.map(({ alert }) => [alert.status, alert.at])).toEqual([
        ["down", 0],
        ["up", 2 * hour],
      ])
    }).pipe(Effect.provide(EngineFixture.layer({ told, loops: true, settings })))
  })
})

describe("what follows from a failed attempt", () => {
  const outcome = (failures: number, wait?: number, chance = 1) =>
    Outcome.of({
      verdict: { type: "retry", why: "503", after: wait },
      failures,
      goneSince: undefined,
      now: 0,
      chance,
    })

  it("is a wait that doubles up to ten minutes", () => {
    expect([0, 1, 2, 8, 9, 10, 20].map((failures) => outcome(failures))).toMatchObject(
      [2, 4, 8, 512, 600, 600, 600].map((seconds) => ({ status: "pending", dueAt: seconds * second })),
    )
  })

  it("is spread by chance to half of it", () => {
    expect([outcome(2, 0, 0), outcome(2, 0, 1)]).toMatchObject([{ dueAt: 4 * second }, { dueAt: 8 * second }])
  })

  it("is at least the wait that the receiver asked for, within reason", () => {
    expect(outcome(0, minute)).toMatchObject({ dueAt: minute })
    expect(outcome(0, 100 * hour)).toMatchObject({ dueAt: hour })
  })

  it("is a dead letter after about a day, with the last reason", () => {
    expect(outcome(Outcome.mostFailures - 1)).toEqual({
      status: "dead",
      cause: "exhausted",
      error: `given up after ${Outcome.mostFailures} attempts: 503`,
    })
    let waited = 0
    for (let failures = 0; failures < Outcome.mostFailures - 1; failures++) {
      const ended = outcome(failures, 0, 0.5)
      if (ended.status === "pending") waited += ended.dueAt
    }
    expect(waited).toBeGreaterThan(20 * hour)
    expect(waited).toBeLessThan(30 * hour)
  })
})
