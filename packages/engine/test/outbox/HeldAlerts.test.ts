import { describe, expect, it } from "@effect/vitest"
import type * as Check from "@overdue/core/Check"
import type { Verdict } from "@overdue/core/Notifier"
import * as Store from "@overdue/core/Store"
import { hour, minute, second } from "@overdue/core/Time"
import * as Pause from "@overdue/engine/commands/Pause"
import * as MemoryStore from "@overdue/engine/MemoryStore"
import * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"
import * as Layer from "effect/Layer"
import * as TestClock from "effect/testing/TestClock"
import * as EngineFixture from "../../../../test/kit/EngineFixture.ts"

const idOf = (n: number) => `c0000000-0000-4000-8000-00000000000${n}`

/** Checks by their slugs, which tell one channel, with what each comes after. */
const furnish = Effect.fnUntraced(function* (
  checks: Readonly<Record<string, string>>,
  policy: Partial<Check.Policy> = {},
) {
  const store = yield* Store.Store
  const { check } = yield* EngineFixture.furnish(policy)
  const made = Object.entries(checks).map(([slug, after], index) => ({
    ...check,
    id: idOf(index + 1),
    badgeKey: idOf(index + 1),
    details: { ...check.details, name: slug.toUpperCase(), slug, after },
  }))
  yield* store.transact({}, () => ({ result: undefined, checks: made }))
  return (slug: string) => ({ id: made.find(({ details }) => details.slug === slug)!.id })
})

const settings = { blindAfter: undefined }
const newsOf = (told: readonly EngineFixture.Told[]) =>
  told.map(
    ({ alert }) =>
      `${alert.check.details.slug} ${alert.occasion === "reminder" ? "still " : ""}${alert.status}`,
  )

describe("a check that cannot work while another is down", () => {
  it.effect("tells nothing of its own outage, which is listed as held by the other", () => {
    const told: EngineFixture.Told[] = []
    return Effect.gen(function* () {
      const store = yield* Store.Store
      const of = yield* furnish({ db: "", web: "db" })
      for (const slug of ["db", "web"]) yield* EngineFixture.ping(of(slug), "fail")
      yield* TestClock.adjust(hour)
      expect(newsOf(told)).toEqual(["db down"])
      expect(yield* store.deliveries({ check: of("web").id, limit: 9 })).toMatchObject([
        { status: "pending", cause: "held", error: "held: DB is down", failures: 0 },
      ])
    }).pipe(Effect.provide(EngineFixture.layer({ told, settings, loops: true })))
  })

  it.effect("tells of it at once when the other is up again and it is not", () => {
    const told: EngineFixture.Told[] = []
    return Effect.gen(function* () {
      const of = yield* furnish({ db: "", web: "db" })
      for (const slug of ["db", "web"]) yield* EngineFixture.ping(of(slug), "fail")
      yield* TestClock.adjust(hour)
      yield* EngineFixture.ping(of("db"))
      yield* TestClock.adjust(second)
      expect(newsOf(told).toSorted()).toEqual(["db down", "db up", "web down"])
      yield* EngineFixture.ping(of("web"))
      yield* TestClock.adjust(second)
      expect(newsOf(told).at(-1)).toBe("web up")
    }).pipe(Effect.provide(EngineFixture.layer({ told, settings, loops: true })))
  })

  it.effect("tells nothing when it came up again before the other, and tells of the next outage", () => {
    const told: EngineFixture.Told[] = []
    return Effect.gen(function* () {
      const of = yield* furnish({ db: "", web: "db" })
      for (const slug of ["db", "web"]) yield* EngineFixture.ping(of(slug), "fail")
      yield* TestClock.adjust(minute)
      yield* EngineFixture.ping(of("web"))
      yield* TestClock.adjust(hour)
      yield* EngineFixture.ping(of("db"))
      yield* TestClock.adjust(hour)
      expect(newsOf(told)).toEqual(["db down", "db up"])
      yield* EngineFixture.ping(of("web"), "fail")
      yield* TestClock.adjust(second)
      expect(newsOf(told).at(-1)).toBe("web down")
    }).pipe(Effect.provide(EngineFixture.layer({ told, settings, loops: true })))
  })

  it.effect("is told to be up again at once when its outage was told before the other's", () => {
    const told: EngineFixture.Told[] = []
    return Effect.gen(function* () {
      const of = yield* furnish({ db: "", web: "db" })
      yield* EngineFixture.ping(of("web"), "fail")
      yield* TestClock.adjust(minute)
      yield* EngineFixture.ping(of("db"), "fail")
      yield* EngineFixture.ping(of("web"))
      yield* TestClock.adjust(minute)
      expect(newsOf(told)).toEqual(["web down", "db down", "web up"])
    }).pipe(Effect.provide(EngineFixture.layer({ told, settings, loops: true })))
  })

  it.effect("is not reminded of while it is held, and once when it is not any more", () => {
    const told: EngineFixture.Told[] = []
    return Effect.gen(function* () {
      const of = yield* furnish({ db: "", web: "db" }, { remindEvery: hour })
      for (const slug of ["db", "web"]) yield* EngineFixture.ping(of(slug), "fail")
      yield* TestClock.adjust(3 * hour + minute)
      yield* EngineFixture.ping(of("db"))
      yield* TestClock.adjust(minute)
      const reminders = ["db still down", "db still down", "db still down"]
      expect(newsOf(told).toSorted()).toEqual(["db down", ...reminders, "db up", "web down"])
    }).pipe(Effect.provide(EngineFixture.layer({ told, settings, loops: true })))
  })

  it.effect("is told of within a minute when the other came up just while it was being looked at", () => {
    const told: EngineFixture.Told[] = []
    const settling = Latch.makeUnsafe(true)
    const store = Layer.effect(
      Store.Store,
      Effect.map(Store.Store, (store) => ({
        ...store,
        settleDeliveries: (ended) => Effect.andThen(settling.await, store.settleDeliveries(ended)),
      })),
    ).pipe(Layer.provide(MemoryStore.layer))
    return Effect.gen(function* () {
      const of = yield* furnish({ db: "", web: "db" })
      yield* EngineFixture.ping(of("db"), "fail")
      yield* TestClock.adjust(second)
      settling.closeUnsafe()
      yield* EngineFixture.ping(of("web"), "fail")
      yield* TestClock.adjust(second)
      yield* EngineFixture.ping(of("db"))
      settling.openUnsafe()
      yield* TestClock.adjust(minute + second)
      expect(newsOf(told)).toEqual(["db down", "db up", "web down"])
    }).pipe(Effect.provide(EngineFixture.layer({ told, settings, store, loops: true })))
  })

  it.effect("is told of when it does not depend on the other any more", () => {
    const told: EngineFixture.Told[] = []
    return Effect.gen(function* () {
      const store = yield* Store.Store
      const of = yield* furnish({ db: "", web: "db" })
      for (const slug of ["db", "web"]) yield* EngineFixture.ping(of(slug), "fail")
      yield* TestClock.adjust(hour)
      const { id } = of("web")
      yield* store.transact({ checks: [id] }, (loaded) => {
        const check = loaded.check(id)!
        return { result: 0, checks: [{ ...check, details: { ...check.details, after: "" } }] }
      })
      yield* TestClock.adjust(second)
      expect(newsOf(told)).toEqual(["db down", "web down"])
    }).pipe(Effect.provide(EngineFixture.layer({ told, settings, loops: true })))
  })
})

describe("a check that is paused while its alert waits", () => {
  it.effect("is not told to be down, since nobody would be told that it is not", () => {
    const told: EngineFixture.Told[] = []
    const receiver: { verdict: Verdict } = { verdict: { type: "retry", why: "503" } }
    return Effect.gen(function* () {
      const of = yield* furnish({ web: "" })
      const { project } = (yield* (yield* Store.Store).check(of("web").id))!
      yield* EngineFixture.ping(of("web"), "fail")
      yield* TestClock.adjust(minute)
      yield* Pause.run({ project, id: of("web").id })
      const attempts = told.length
      receiver.verdict = { type: "delivered" }
      yield* TestClock.adjust(hour)
      expect(told).toHaveLength(attempts)
    }).pipe(
      Effect.provide(
        EngineFixture.layer({ told, settings, verdicts: [() => receiver.verdict], loops: true }),
      ),
    )
  })
})

describe("checks that depend on each other in a circle", () => {
  it.effect("do not silence each other: one of them is told", () => {
    const told: EngineFixture.Told[] = []
    return Effect.gen(function* () {
      const of = yield* furnish({ a: "b", b: "c", c: "a", d: "a" })
      for (const slug of ["b", "a", "c", "d"]) {
        yield* EngineFixture.ping(of(slug), "fail")
        yield* TestClock.adjust(second)
      }
      yield* TestClock.adjust(hour)
      // b and a are told before c is down; from then on only what went down first is.
      expect(newsOf(told)).toEqual(["b down"])
    }).pipe(Effect.provide(EngineFixture.layer({ told, settings, loops: true })))
  })

  it.effect("do not silence themselves, by their own slug or tag", () => {
    const told: EngineFixture.Told[] = []
    return Effect.gen(function* () {
      const of = yield* furnish({ a: "a" })
      yield* EngineFixture.ping(of("a"), "fail")
      yield* TestClock.adjust(second)
      expect(newsOf(told)).toEqual(["a down"])
    }).pipe(Effect.provide(EngineFixture.layer({ told, settings, loops: true })))
  })
})
