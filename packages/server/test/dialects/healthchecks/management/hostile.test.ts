/** Whatever is asked, the management API answers, and never with a fault of its own. */
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { fields } from "@overdue/core/document/CheckFields"
import { HttpHost } from "../../../../../../test/kit/HttpHost.ts"
import { keys } from "../../../../../../test/kit/Keys.ts"

const values = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.string({ unit: "binary" }),
  fc.integer(),
  fc.constantFrom("", "*", "UTC", "Europe/Riga", "* * * * *", "daily", "POST", "never", 60, 1e300, -1, true),
)

const bodies = fc.oneof(
  fc.dictionary(fc.constantFrom(...Object.keys(fields), "api_key", "__proto__", "constructor"), values),
  fc.jsonValue(),
  fc.string(),
  fc.uint8Array({ maxLength: 50 }),
)

const segments = fc.constantFrom(
  "checks",
  "channels",
  "badges",
  "flips",
  "pings",
  "pause",
  "resume",
  "metrics",
  "status",
  "test",
  "body",
  "1",
  "{uuid}",
  "%2e%2e",
  "%",
  "",
)

const paths = fc.oneof(
  fc.constantFrom("/api/v3/checks/", "/api/v1/checks/{uuid}", "/api/v3/channels/", "/badge/a/b.svg"),
  fc
    .tuple(fc.constantFrom("/api/v1", "/api/v2", "/api/v3", "/badge", "/b", "/projects"), fc.array(segments))
    .map(([mount, rest]) => [mount, ...rest].join("/")),
)

const queries = fc.dictionary(
  fc.constantFrom("tag", "slug", "seconds", "start", "end"),
  fc.string({ unit: "binary" }),
)

const requests = fc.record({
  method: fc.constantFrom("GET", "POST", "DELETE", "PUT", "HEAD", "OPTIONS"),
  path: paths,
  query: queries.map((query) => new URLSearchParams(query).toString()),
  key: fc.constantFrom(...Object.values(keys), "", "short"),
  body: fc.option(bodies, { nil: undefined }),
})

describe("the management API", () => {
  it("answers any request with a status below 500, in JSON where it says so", async () => {
    await using server = await HttpHost.open()
    const { uuid } = (await server.ask("POST", "/api/v3/checks/")).json()
    await fc.assert(
      fc.asyncProperty(requests, async ({ method, path, query, key, body }) => {
        const target = `${path.replaceAll("{uuid}", uuid)}?${query}`
        const answer = await server.ask(method, target, { key, body })
        expect(answer.status).toBeLessThan(500)
        if (answer.headers["content-type"] === "application/json") expect(answer.json()).toBeTypeOf("object")
      }),
      { numRuns: 3000 },
    )
    await server.ask("GET", "/api/v3/status/").then(({ status }) => expect(status).toBe(200))
  })
})
