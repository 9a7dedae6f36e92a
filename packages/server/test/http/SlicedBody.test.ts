/** Long answers, between whose slices the event loop turns. */
import * as InSlices from "@overdue/core/InSlices"
import * as Json from "@overdue/server/dialects/healthchecks/Json"
import * as Signature from "@overdue/server/dialects/healthchecks/badges/Signature"
import { LeftOut, StoreError, type Store } from "@overdue/core/Store"
import * as MemoryStore from "@overdue/engine/MemoryStore"
import type { Outbound } from "@overdue/server/http/Http"
import * as SlicedBody from "@overdue/server/http/SlicedBody"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { HttpHost, root, site } from "../../../../test/kit/HttpHost.ts"
import { keys } from "../../../../test/kit/Keys.ts"
import { turning } from "../../../../test/kit/Turning.ts"

const checks = 100
const tagsEach = 100

/** A server with as many checks that have many tags, all of them different. */
const crowded = async (): Promise<HttpHost> => {
  const server = await HttpHost.open()
  for (let check = 0; check < checks; check++) {
    const tags = Array.from({ length: tagsEach }, (_, n) => `t${(check * tagsEach + n).toString(36)}`)
    await server.ask("POST", "/api/v3/checks/", { body: { name: `check ${check}`, tags: tags.join(" ") } })
  }
  return server
}

describe("an answer about thousands of tags", () => {
  it("lets others have their turns while it is made, and is the same as in one piece", async () => {
    await using server = await crowded()
    const [badges, ofBadges] = await turning(server.ask("GET", "/api/v3/badges/", { key: keys.readOnly }))
    expect(ofBadges).toBeGreaterThan(150)
    const { badgeKey } = server.project
    const urls = (tag: string) => {
      const url = (format: string, states: 2 | 3) =>
        `${root}/badge/${badgeKey}/${Signature.make(site.secret, badgeKey, tag, states)}${tag === "*" ? "" : `/${tag}`}.${format}`
      return Object.fromEntries(
        ["svg", "json", "shields"].flatMap((format) => [
          [format, url(format, 2)],
          [`${format}3`, url(format, 3)],
        ]),
      )
    }
    const tags = Array.from({ length: checks * tagsEach }, (_, n) => `t${n.toString(36)}`)
    const whole = { badges: Object.fromEntries(["*", ...tags].map((tag) => [tag, urls(tag)])) }
    expect(badges.text === Json.print(whole)).toBe(true)

    const path = `/projects/${server.project.id}/metrics/${keys.readOnly}`
    const [metrics, ofMetrics] = await turning(server.ask("GET", path, { key: "" }))
    expect(ofMetrics).toBeGreaterThan(50)
    const named = [...metrics.text.matchAll(/^hc_tag_up\{tag="(\w+)"\} 1$/gm)].map(([, tag]) => tag)
    expect(named).toEqual(tags.toSorted())
  })

  it("has tags that are numbers in front, as ever", async () => {
    await using server = await HttpHost.open()
    await server.ask("POST", "/api/v3/checks/", { body: { tags: "b 10 __proto__ 9 a * 007" } })
    const { text } = await server.ask("GET", "/api/v3/badges/")
    expect([...text.matchAll(/"([^"]+)": \{"svg"/g)].map(([, tag]) => tag)).toEqual([
      "9",
      "10",
      "*",
      "b",
      "__proto__",
      "a",
      "007",
    ])
  })
})

describe("texts that are sorted in slices", () => {
  it("are sorted as all at once", () => {
    const texts = fc.array(fc.string({ unit: "binary", maxLength: 3 }), { maxLength: 5_000, size: "max" })
    fc.assert(
      fc.property(texts, (given) => {
        expect(Effect.runSync(InSlices.sorted(given))).toEqual(given.toSorted())
      }),
      { numRuns: 20 },
    )
  })
})

describe("a long answer", () => {
  const text = (body: string): Outbound => ({ status: 200, headers: {}, body })
  const run = <A, E>(effect: Effect.Effect<A, E, Store>) =>
    Effect.runPromise(Effect.provide(effect, MemoryStore.layer))

  it("is made once for all who ask for it before it is begun, and anew for whoever comes later", () =>
    run(
      Effect.gen(function* () {
        let made = 0
        const making = Effect.suspend(() => {
          made += 1
          return Effect.as(Effect.yieldNow, text(String(made)))
        })
        const ask = (what: string) =>
          Effect.map(SlicedBody.inTurn({ project: "p", what }, making), ({ body }) => body)
        const many = yield* Effect.all(
          Array.from({ length: 100 }, (_, n) => ask(n % 2 === 0 ? "metrics" : "checks")),
          { concurrency: "unbounded" },
        )
        expect(new Set(many)).toEqual(new Set(["1", "2"]))
        expect(yield* ask("metrics")).toBe("3")
        expect(made).toBe(3)
      }),
    ))

  it("is not shared with those who came after it was begun: something may have happened meanwhile", () =>
    run(
      Effect.gen(function* () {
        const begun = yield* Deferred.make<void>()
        const goOn = yield* Deferred.make<void>()
        let happened = "before"
        const making = Effect.gen(function* () {
          const seen = happened
          yield* Deferred.succeed(begun, undefined)
          yield* Deferred.await(goOn)
          return text(seen)
        })
        const first = yield* Effect.forkChild(SlicedBody.inTurn({ project: "p", what: "checks" }, making))
        yield* Deferred.await(begun)
        happened = "after"
        const later = yield* Effect.forkChild(SlicedBody.inTurn({ project: "p", what: "checks" }, making))
        yield* Deferred.succeed(goOn, undefined)
        expect((yield* Fiber.join(first)).body).toBe("before")
        expect((yield* Fiber.join(later)).body).toBe("after")
      }),
    ))

  it("says to everybody what it leaves out, fails for everybody, and does not depend on who asked first", () =>
    run(
      Effect.gen(function* () {
        const damage = new StoreError({ reason: "damaged", detail: "a record" })
        const making = Effect.gen(function* () {
          yield* Effect.yieldNow
          const leaveOut = yield* LeftOut
          leaveOut(damage)
          return text("")
        })
        const asking = (seen: StoreError[]) =>
          Effect.provideService(
            SlicedBody.inTurn({ project: "p", what: "checks" }, making),
            LeftOut,
            (error) => seen.push(error),
          )
        const seen: StoreError[][] = [[], [], []]
        const [first, ...others] = yield* Effect.forEach(seen, (one) => Effect.forkChild(asking(one)))
        yield* Effect.yieldNow
        yield* Fiber.interrupt(first!)
        for (const other of others) yield* Fiber.join(other)
        expect(seen.slice(1)).toEqual([[damage], [damage]])
        const failing = SlicedBody.inTurn({ project: "p", what: "checks" }, Effect.fail(damage))
        const failures = yield* Effect.all([Effect.flip(failing), Effect.flip(failing)], {
          concurrency: "unbounded",
        })
        expect(failures).toEqual([damage, damage])
      }),
    ))

  it("waits for one of each other project, however many that asks for, and is not made for who has left", () =>
    run(
      Effect.gen(function* () {
        const made: string[] = []
        const goOn = yield* Deferred.make<void>()
        const ask = (project: string, what: string, isGone = false) =>
          Effect.forkChild(
            Effect.provideService(
              SlicedBody.inTurn(
                { project, what },
                Effect.suspend(() => {
                  made.push(`${project} ${what}`)
                  return Effect.as(what === "first" ? Deferred.await(goOn) : Effect.yieldNow, text(""))
                }),
              ),
              SlicedBody.IsGone,
              () => isGone,
            ),
          )
        const asked = [yield* ask("greedy", "first")]
        for (let n = 0; n < 20; n++) asked.push(yield* ask("greedy", `list ${n}`, n < 10))
        asked.push(yield* ask("greedy", "list 9"), yield* ask("modest", "list"))
        yield* Effect.yieldNow
        yield* Deferred.succeed(goOn, undefined)
        for (const fiber of asked) yield* Fiber.join(fiber)
        // The first ten have left, but for who shares the last of them.
        expect(made).toHaveLength(13)
        expect(made.indexOf("modest list")).toBeLessThan(6)
        expect(made).not.toContain("greedy list 8")
      }),
    ))
})
