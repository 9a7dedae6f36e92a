/** Whatever is asked, 66uptime's API answers, and never with a fault of its own. */
import fc from "fast-check"
import { expect, it } from "vitest"
import { keys } from "../../../../../test/kit/Keys.ts"
import { Client, json, multipart, urlencoded } from "./Client.ts"

const names = fc.constantFrom(
  "name",
  "run_interval",
  "run_interval_type",
  "run_interval_grace",
  "run_interval_grace_type",
  "is_ok_notifications",
  "is_ok_notifications[]",
  "is_ok_notifications[x]",
  "is_enabled",
  "project_id",
  "color",
  "__proto__",
  "constructor",
)

const texts = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom(
    "",
    "0",
    "1",
    "-1",
    "1e9",
    "days",
    "seconds",
    "on",
    "99999999999999999999",
    "31536000",
    "\0",
  ),
)

const values = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  texts,
  fc.constantFrom(0, 1, 1e300, -1, 2 ** 53, true, null),
)

const pairs = fc.array(fc.tuple(names, texts), { maxLength: 8 })

const bodies = fc.oneof(
  fc.dictionary(names, values).map(json),
  fc.oneof(fc.string(), fc.uint8Array({ maxLength: 50 })).map(json),
  pairs.map((each) => urlencoded(...each)),
  pairs.map((each) => multipart(...each)),
  fc.string().map((body) => ({ type: "multipart/form-data", body })),
)

const paths = fc
  .tuple(
    fc.constantFrom("/api/heartbeats", "/api/projects", "/api/notification-handlers", "/webhook-heartbeat"),
    fc.constantFrom(
      "",
      "/",
      "/1",
      "/2/",
      "/0",
      "/999999999999999",
      "/x",
      "/%",
      "/0".repeat(32),
      `/${"0".repeat(32)}`,
    ),
  )
  .map((parts) => parts.join(""))

const queries = fc.dictionary(
  fc.constantFrom(
    "page",
    "results_per_page",
    "order_by",
    "order_type",
    "search",
    "is_enabled",
    "project_id",
    "datetime_field",
    "datetime_start",
    "datetime_end",
  ),
  fc.oneof(
    texts,
    fc.constantFrom(
      "uptime",
      "last_run_datetime",
      "0000-01-01 00:00:00",
      "9999-12-31 23:59:59",
      "999999999999",
    ),
  ),
)

it("any request is answered with a status below 500, and with JSON where it says so", async () => {
  await using client = await Client.open()
  await client.channel("webhook", "https://hooks.example.org")
  await client.create()
  const requests = fc.record({
    method: fc.constantFrom("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"),
    path: paths,
    query: queries.map((query) => new URLSearchParams(query).toString()),
    key: fc.constantFrom(...Object.values(keys), "", "short"),
    body: fc.option(bodies, { nil: undefined }),
  })
  await fc.assert(
    fc.asyncProperty(requests, async ({ method, path, query, key, body }) => {
      const answer = await client.ask(method, `${path}?${query}`, body, key)
      expect(answer.status).toBeLessThan(500)
      if (answer.headers["content-type"] === "application/json") expect(answer.json()).toBeTypeOf("object")
      // What was stored can be shown.
      expect((await client.ask("GET", "/api/heartbeats?order_by=uptime")).status).toBe(200)
    }),
    { numRuns: 2000 },
  )
})
