/** Scenarios of what users ask for that take more than the pure core: an engine, its loops, or a server. */
import { hour, minute, second, type Instant, type Span } from "@overdue/core/Time"
import * as Every from "@overdue/core/schedule/Every"
import * as Store from "@overdue/core/Store"
import * as MemoryStore from "@overdue/engine/MemoryStore"
import * as Monitor from "@overdue/engine/Monitor"
import * as Sweeper from "@overdue/engine/Sweeper"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as TestClock from "effect/testing/TestClock"
import { expect } from "vitest"
import * as EngineFixture from "../kit/EngineFixture.ts"
import { HttpHost } from "../kit/HttpHost.ts"
import { keys } from "../kit/Keys.ts"

/** Runs a scenario under a clock of its own, silently. */
const run = <A, E>(scenario: Effect.Effect<A, E>): Promise<A> =>
  Effect.runPromise(Effect.provide(scenario, [TestClock.layer(), Logger.layer([])]))

/** A failed delivery is sent again: by the process that failed, and by the next one over the same store. */
export const failedDelivery = (): Promise<void> =>
  run(
    Effect.scoped(
      Effect.gen(function* () {
        const store = Context.get(yield* Layer.build(MemoryStore.layer), Store.Store)
        const told: Record<"first" | "next", EngineFixture.Told[]> = { first: [], next: [] }
        const settings = { sweepEvery: minute, pollEvery: minute, blindAfter: undefined }
        const process = (name: keyof typeof told, verdict: EngineFixture.Answer) =>
          EngineFixture.layer({
            store: Layer.succeed(Store.Store, store),
            told: told[name],
            verdicts: [verdict],
            settings,
            loops: true,
          })
        yield* Effect.gen(function* () {
          const { check } = yield* EngineFixture.furnish()
          yield* EngineFixture.ping({ id: check.id }, "fail")
          yield* TestClock.adjust(10 * minute)
        }).pipe(Effect.provide(process("first", { type: "retry", why: "the target is away" })))
        expect(told.first.length).toBeGreaterThan(1)
        yield* Effect.provide(TestClock.adjust(hour), process("next", { type: "delivered" }))
        expect(told.next.map(({ alert }) => alert.id)).toEqual([told.first[0]!.alert.id])
      }),
    ),
  )

/** Three hours in which no process runs: its deadlines move on, and under the rule of Healthchecks they do not. */
export const blindSpan = async (): Promise<void> => {
  const policy = { schedule: Every.make(hour), grace: minute }
  const woken: Instant = 3 * hour
  /** Looks at the check after three hours without anybody, and so much later; returns when it went down. */
  const downAt = (later: Span, blindAfter: Span | undefined): Promise<Instant | undefined> =>
    run(
      Effect.gen(function* () {
        const { check } = yield* EngineFixture.furnish(policy)
        yield* EngineFixture.ping({ id: check.id })
        yield* Sweeper.sweep(woken)
        yield* Sweeper.sweep(woken + later)
        const store = yield* Store.Store
        return (yield* store.flips(check.id, {})).find(({ to }) => to === "down")?.at
      }).pipe(Effect.provide(EngineFixture.layer({ settings: { blindAfter } }))),
    )
  expect(await downAt(minute - second, 2 * minute)).toBeUndefined()
  expect(await downAt(minute, 2 * minute)).toBe(woken + minute)
  expect(await downAt(0, undefined)).toBe(hour + minute)
}

/** The first ping creates the check that its URL describes, and a request makes a channel for it. */
export const provisioning = async (): Promise<void> => {
  await using server = await HttpHost.open()
  const channel = { name: "ops", kind: "callback", value: {} }
  const { id } = (await server.ask("POST", "/api/v3/channels/", { body: channel })).json()
  const described = "create=1&schedule=15+5+*+*+*&tz=Europe/Riga&grace=600&channels=ops"
  const first = await server.ask("GET", `/ping/${keys.ping}/nightly?${described}`, { key: "" })
  expect([first.status, first.text]).toEqual([201, "Created"])
  await server.ask("GET", `/ping/${keys.ping}/plain?create=1`, { key: "" })
  const { checks } = (await server.ask("GET", "/api/v3/checks/")).json()
  expect(checks).toMatchObject([
    { slug: "nightly", schedule: "15 5 * * *", tz: "Europe/Riga", grace: 600, channels: id, status: "up" },
    { slug: "plain", timeout: 86_400, grace: 3_600, status: "up" },
  ])
}

/** A backend monitors its job: when it works, and when it does not. */
export const library = async (): Promise<void> => {
  const alerted = Promise.withResolvers<string>()
  await using monitor = await Monitor.make({ onAlert: ({ status }) => alerted.resolve(status) })
  const report = await monitor.ensure({ slug: "report", every: "1 day" })
  expect(await monitor.wrap(report.id, () => "written")).toBe("written")
  expect(await monitor.status(report.id)).toBe("up")
  const broken = monitor.wrap(report.id, () => Promise.reject(new Error("no paper")))
  await expect(broken).rejects.toThrow("no paper")
  expect(await monitor.status(report.id)).toBe("down")
  expect(await alerted.promise).toBe("down")
}
