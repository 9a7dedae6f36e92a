/** Long answers, between whose slices the event loop turns. */
import { setImmediate } from "node:timers"
import * as InSlices from "@overdue/core/InSlices"
import * as Json from "@overdue/server/dialects/healthchecks/Json"
import * as Signature from "@overdue/server/dialects/healthchecks/badges/Signature"
import * as Effect from "effect/Effect"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { HttpHost, root, site } from "../../../../test/kit/HttpHost.ts"
import { keys } from "../../../../test/kit/Keys.ts"

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

/** Resolves to what is asked for, and to how often the event loop turned meanwhile. */
const turning = async <A>(asking: Promise<A>): Promise<readonly [A, number]> => {
  let turns = 0
  let isDone = false
  const turn = (): void => {
    turns += 1
    if (!isDone) setImmediate(turn)
  }
  setImmediate(turn)
  const answer = await asking
  isDone = true
  return [answer, turns]
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
