import * as Json from "@overdue/server/dialects/healthchecks/Json"
import * as Http from "@overdue/server/http/Http"
import * as Effect from "effect/Effect"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { HttpHost } from "../../../../../test/kit/HttpHost.ts"

describe("JSON in the spelling of Healthchecks", () => {
  it("has the value that it was made of", () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: "binary" }), (value) => {
        expect(JSON.parse(Json.print(value))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })

  it("is ASCII alone, whatever is in it", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(Json.print({ [text]: text })).toMatch(/^[\x20-\x7e]*$/)
      }),
    )
  })

  it.each([
    [{ a: [1, 2, {}], b: {}, c: [], d: null }, '{"a": [1, 2, {}], "b": {}, "c": [], "d": null}'],
    ['a,b: "c"\n\\ \u0001', '"a,b: \\"c\\"\\n\\\\ \\u0001"'],
    ["Äpfel 日本 🌙 \u007f \ud800", '"\\u00c4pfel \\u65e5\\u672c \\ud83c\\udf19 \\u007f \\ud800"'],
    [{ x: undefined, y: [undefined, Infinity, -0, 1e21] }, '{"y": [null, null, 0, 1e+21]}'],
    [{ "tag ä": true }, '{"tag \\u00e4": true}'],
  ])("spells %j as Python does", (value, text) => {
    expect(Json.print(value)).toBe(text)
  })

  it("is the same when it is long and made bit by bit, of lists that are made meanwhile", async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), fc.array(fc.jsonValue()), async (value, items) => {
        const { status, body } = await Effect.runPromise(
          Json.long({ value, left: undefined, items: items.values() }),
        )
        expect(status).toBe(200)
        if (Http.isStream(body)) throw new Error("a short body is sent at once")
        expect(body.toString()).toBe(Json.print({ value, items }))
      }),
    )
    const many = Array.from({ length: 5_000 }, (_, n) => ({ n, of: [n] }))
    const { headers, body } = await Effect.runPromise(Json.long({ many: many.values() }))
    const sent: Uint8Array[] = []
    if (!Http.isStream(body)) throw new Error("a long body is sent bit by bit")
    for await (const slice of body) sent.push(Buffer.from(slice))
    expect(Buffer.concat(sent).toString()).toBe(Json.print({ many }))
    expect(headers["content-length"]).toBe(String(Buffer.concat(sent).length))
  })

  it("is what scripts grep in, in every answer of the API and of badges", async () => {
    await using server = await HttpHost.open()
    const made = await server.ask("POST", "/api/v3/checks/", { body: { name: "Ä, b: c", tags: "prod" } })
    expect(made.text).toMatch(/^\{"name": "\\u00c4, b: c", "slug": "", "tags": "prod", /)
    const { badge_url } = made.json()
    const answers = [
      [await server.ask("GET", "/api/v3/checks/"), '"status": "new"'],
      [await server.ask("GET", "/api/v1/checks/"), '{"checks": [{"name": '],
      [await server.ask("GET", "/api/v3/channels/"), '{"channels": []}'],
      [await server.ask("GET", "/api/v3/badges/"), '{"badges": {"*": {"svg": "'],
      [
        await server.ask("GET", badge_url.replace("svg", "json"), { key: "" }),
        '{"status": "up", "total": 1, ',
      ],
      [await server.ask("GET", badge_url.replace("svg", "shields"), { key: "" }), '"schemaVersion": 1, '],
      [await server.ask("GET", "/api/v3/checks/", { key: "x" }), '{"error": "missing api key"}'],
    ] as const
    for (const [{ text }, part] of answers) {
      expect(text).toContain(part)
      expect(text).toBe(Json.print(JSON.parse(text)))
    }
  })
})
