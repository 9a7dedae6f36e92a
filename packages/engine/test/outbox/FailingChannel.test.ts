import { describe, expect, it } from "@effect/vitest"
import type { Verdict } from "@overdue/core/Notifier"
import * as Store from "@overdue/core/Store"
import { hour, minute, second } from "@overdue/core/Time"
import * as Channels from "@overdue/engine/commands/Channels"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as TestClock from "effect/testing/TestClock"
import * as EngineFixture from "../../../../test/kit/EngineFixture.ts"

const failing: Verdict = { type: "retry", why: "status 503" }
const delivered: Verdict = { type: "delivered" }
const gone: Verdict = { type: "permanent", why: "status 410" }
const refused: Verdict = { type: "refused", why: "status 400" }

const deliveries = Effect.gen(function* () {
  const store = yield* Store.Store
  return (yield* store.deliveries({ limit: 100 })).toReversed()
})

/** A receiver whose verdict a test changes, and the lines that the engine logs meanwhile. */
const world = (first: Verdict) => {
  const told: EngineFixture.Told[] = []
  const lines: string[] = []
  const receiver = { verdict: first }
  const logger = Logger.make(
    ({ message, logLevel }) => void lines.push(`${logLevel}: ${[message].flat().join(" ")}`),
  )
  const layer = EngineFixture.layer({ told, verdicts: [() => receiver.verdict], loops: true }).pipe(
    Layer.provideMerge(Logger.layer([logger])),
  )
  return { told, lines, receiver, layer }
}

describe("a receiver that says that there is no such channel", () => {
  it.effect("is asked again for an hour, and then its channel is disabled with the reason", () => {
    const { told, lines, layer } = world(gone)
    return Effect.gen(function* () {
      const store = yield* Store.Store
      const { check, channel } = yield* EngineFixture.furnish()
      yield* EngineFixture.ping({ id: check.id }, "fail")
      yield* TestClock.adjust(hour - second)
      expect((yield* store.channel(channel.id))?.disabled).toBeUndefined()
      expect(yield* deliveries).toMatchObject([{ status: "pending", cause: "failed" }])
      yield* TestClock.adjust(11 * minute)
      expect((yield* store.channel(channel.id))?.disabled).toBe("status 410")
      expect(yield* deliveries).toMatchObject([{ status: "dead", cause: "disabled", error: "status 410" }])
      expect(lines.filter((line) => line.includes("disabled"))).toHaveLength(1)
      const attempts = told.length
      yield* EngineFixture.ping({ id: check.id })
      yield* TestClock.adjust(hour)
      expect(told).toHaveLength(attempts)
    }).pipe(Effect.provide(layer))
  })

  it.effect("and in between that it is only in trouble, keeps its channel", () => {
    const { receiver, layer } = world(gone)
    return Effect.gen(function* () {
      const store = yield* Store.Store
      const { check, channel } = yield* EngineFixture.furnish()
      yield* EngineFixture.ping({ id: check.id }, "fail")
      for (let n = 0; n < 4; n++) {
        receiver.verdict = gone
        yield* TestClock.adjust(40 * minute)
        receiver.verdict = failing
        yield* TestClock.adjust(20 * minute)
      }
      expect((yield* store.channel(channel.id))?.disabled).toBeUndefined()
    }).pipe(Effect.provide(layer))
  })

  it.effect("is told what is still down once it works in a test", () => {
    const { told, receiver, layer } = world(gone)
    return Effect.gen(function* () {
      const store = yield* Store.Store
      const { project, check, channel } = yield* EngineFixture.furnish()
      yield* EngineFixture.ping({ id: check.id }, "fail")
      yield* TestClock.adjust(2 * hour)
      expect((yield* store.channel(channel.id))?.disabled).toBe("status 410")
      expect(yield* Channels.test(project.id, channel.id)).toEqual(gone)
      expect((yield* store.channel(channel.id))?.disabled).toBe("status 410")
      receiver.verdict = delivered
      expect(yield* Channels.test(project.id, channel.id)).toEqual(delivered)
      yield* TestClock.adjust(0)
      expect(told.at(-1)?.alert).toMatchObject({
        status: "down",
        check: { id: check.id },
        outage: { since: 0 },
      })
      expect(yield* deliveries).toMatchObject([{ status: "delivered" }])
    }).pipe(Effect.provide(layer))
  })

  it.effect("is told what is still down once its address is changed, and not when only its name is", () => {
    const { told, receiver, layer } = world(gone)
    return Effect.gen(function* () {
      const store = yield* Store.Store
      const { project, check, channel } = yield* EngineFixture.furnish()
      yield* EngineFixture.ping({ id: check.id }, "fail")
      yield* TestClock.adjust(2 * hour)
      receiver.verdict = delivered
      const attempts = told.length
      yield* Channels.update(project.id, channel.id, { name: "renamed" })
      yield* TestClock.adjust(minute)
      expect([told.length, (yield* store.channel(channel.id))?.disabled]).toEqual([attempts, "status 410"])
      const changed = yield* Channels.update(project.id, channel.id, { value: { url: "elsewhere" } })
      expect([changed.name, changed.disabled]).toEqual(["renamed", undefined])
      yield* TestClock.adjust(0)
      expect(told).toHaveLength(attempts + 1)
    }).pipe(Effect.provide(layer))
  })
})

describe("a receiver that refuses a message", () => {
  it.effect("is not sent it again, and is sent the next one", () => {
    const { told, receiver, layer } = world(refused)
    return Effect.gen(function* () {
      const store = yield* Store.Store
      const { check, channel } = yield* EngineFixture.furnish()
      yield* EngineFixture.ping({ id: check.id }, "fail")
      yield* TestClock.adjust(2 * hour)
      expect(told).toHaveLength(1)
      expect(yield* deliveries).toMatchObject([{ status: "dead", cause: "refused", error: "status 400" }])
      expect(yield* store.channel(channel.id)).toMatchObject({ disabled: undefined, failingSince: 0 })
      receiver.verdict = delivered
      yield* EngineFixture.ping({ id: check.id })
      yield* TestClock.adjust(0)
      expect(told.at(-1)!.alert).toMatchObject({ status: "up", untold: [{ status: "down" }] })
    }).pipe(Effect.provide(layer))
  })
})

describe("a channel that works again after a long time", () => {
  it.effect("is sent at once what waits for it, for all of its checks", () => {
    const { told, receiver, layer } = world(failing)
    return Effect.gen(function* () {
      const store = yield* Store.Store
      const { check } = yield* EngineFixture.furnish()
      const other = { ...check, id: "c0000000-0000-4000-8000-000000000002", badgeKey: check.id }
      yield* store.transact({}, () => ({ result: undefined, checks: [other] }))
      yield* EngineFixture.ping({ id: check.id }, "fail")
      yield* TestClock.adjust(3 * hour)
      receiver.verdict = delivered
      told.length = 0
      yield* EngineFixture.ping({ id: other.id }, "fail")
      // What waits is claimed once the first success is settled, which shares its transaction with others.
      yield* TestClock.adjust(0)
      yield* TestClock.adjust(0)
      expect(told.map(({ alert }) => alert.check.id)).toEqual([other.id, check.id])
    }).pipe(Effect.provide(layer))
  })

  it.effect("is logged when it begins to fail and when it works again, with names, and once each", () => {
    const { lines, receiver, layer } = world(failing)
    return Effect.gen(function* () {
      const { check } = yield* EngineFixture.furnish({}, { name: "Nightly\nbackup" })
      yield* EngineFixture.ping({ id: check.id }, "fail")
      yield* TestClock.adjust(hour)
      receiver.verdict = delivered
      yield* TestClock.adjust(11 * minute)
      yield* EngineFixture.ping({ id: check.id })
      yield* TestClock.adjust(0)
      const shown = lines.filter((line) => line.includes("channel"))
      expect(shown[0]).toBe(
        String.raw`Warn: channel "ops" (test) fails: status 503; it is to be told that "Nightly\nbackup" is down (fail)`,
      )
      expect(shown[1]).toMatch(/^Info: channel "ops" \(test\) works again after 1 hour( \d+ minutes?)?$/)
      expect(shown.slice(2)).toEqual([
        String.raw`Info: channel "ops" (test) was told that "Nightly\nbackup" is down (fail)`,
        String.raw`Info: channel "ops" (test) was told that "Nightly\nbackup" is up (success)`,
      ])
    }).pipe(Effect.provide(layer))
  })
})

describe("an engine that is stopped while an alert is being sent", () => {
  it.effect("waits for an answer that comes within seconds", () => {
    const told: EngineFixture.Told[] = []
    const slow = Effect.delay(Effect.succeed(delivered), 3 * second)
    return Effect.gen(function* () {
      const shared = Layer.succeed(Store.Store, yield* Store.Store)
      yield* Effect.gen(function* () {
        const { check } = yield* EngineFixture.furnish()
        yield* EngineFixture.ping({ id: check.id }, "fail")
        yield* TestClock.adjust(second)
        expect(told).toHaveLength(1)
        // The layer is closed while time passes: nobody moves the clock but the test.
        yield* Effect.forkDetach(TestClock.adjust(6 * second))
      }).pipe(Effect.provide(EngineFixture.layer({ told, verdicts: [slow], loops: true, store: shared })))
      expect(yield* deliveries).toMatchObject([{ status: "delivered", attempts: 1 }])
    }).pipe(Effect.provide(EngineFixture.layer()))
  })

  it.effect("stops within seconds, and the alert is sent again by the next one", () => {
    const first: EngineFixture.Told[] = []
    const second_: EngineFixture.Told[] = []
    const lines: string[] = []
    const logger = Logger.make(
      ({ message, logLevel }) => void lines.push(`${logLevel}: ${[message].flat().join(" ")}`),
    )
    return Effect.gen(function* () {
      const store = yield* Store.Store
      const shared = Layer.succeed(Store.Store, store)
      const hanging = EngineFixture.layer({ told: first, verdicts: ["silence"], loops: true, store: shared })
      const id = yield* Effect.gen(function* () {
        const { check } = yield* EngineFixture.furnish()
        yield* EngineFixture.ping({ id: check.id }, "fail")
        yield* TestClock.adjust(second)
        expect(first).toHaveLength(1)
        // The layer is closed while time passes: nobody moves the clock but the test.
        yield* Effect.forkDetach(TestClock.adjust(6 * second))
        return check.id
      }).pipe(Effect.provide(hanging))
      expect(yield* deliveries).toMatchObject([{ status: "pending", cause: "stopped", failures: 0 }])
      expect(lines.filter((line) => /^(Warn|Error)/.test(line))).toEqual([])
      const next = EngineFixture.layer({ told: second_, loops: true, store: shared })
      yield* Effect.provide(TestClock.adjust(0), next)
      expect(second_.map(({ alert }) => [alert.check.id, alert.id])).toEqual([[id, first[0]!.alert.id]])
      expect(yield* deliveries).toMatchObject([{ status: "delivered", attempts: 2 }])
    }).pipe(Effect.provide(EngineFixture.layer()), Effect.provide(Logger.layer([logger])))
  })
})
