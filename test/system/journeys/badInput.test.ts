/** Whatever is sent to a real server is answered with a status that says why, and never breaks it. */
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import * as Folder from "../../kit/Folder.ts"
import { keys } from "../../kit/Keys.ts"
import { OverdueServer } from "../../kit/OverdueServer.ts"
import { exchange, request, type Answer } from "../../kit/RawHttp.ts"

const folder = Folder.make()
let overdue: OverdueServer
let check: string

beforeAll(async () => {
  overdue = await OverdueServer.start(folder.path, { args: ["--ping-email-domain", "ping.example.org"] })
  const { json } = await overdue.api("POST", "/api/v3/checks/", { name: "bad input", tags: "a" })
  check = String(json["uuid"])
})

afterAll(async () => {
  // It survived everything, answers as ever, and stops as it should.
  expect((await overdue.api("GET", `/api/v3/checks/${check}`)).status).toBe(200)
  const ended = await overdue.stop()
  expect(ended.code).toBe(0)
  expect(ended.stderr).not.toMatch(/^\s+at /m)
  folder[Symbol.dispose]()
})

const send = async (...parts: readonly (string | Uint8Array)[]): Promise<Answer> => {
  const answer = await exchange(overdue.url, ...parts)
  expect(answer.body).not.toMatch(/\n\s+at |node:internal|packages\//)
  return answer
}

const apiKey = { "X-Api-Key": keys.readWrite }
const create = (body: string | Uint8Array, headers: Readonly<Record<string, string>> = {}) =>
  send(...request("POST /api/v3/checks/", { ...apiKey, ...headers }, body))

describe("a body that is no JSON", () => {
  it.each([
    ["cut off", '{"name": "x'],
    ["with a comma too many", '{"name": "x",}'],
    ["a form", "name=x&timeout=60"],
    ["not UTF-8", Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])],
    ["binary", Buffer.from([0, 1, 2, 3])],
    ["nested deeper than a parser likes", "[".repeat(100_000)],
  ])("is refused: %s", async (_case, body) => {
    const answer = await create(body)
    expect([answer.status, JSON.parse(answer.body)]).toEqual([400, { error: "could not parse request body" }])
  })

  it.each([["[]"], ['"text"'], ["1"], ["null"], ["true"], ["[".repeat(2_000) + "]".repeat(2_000)]])(
    "or that is no object is refused: %.20s",
    async (body) => {
      const answer = await create(body)
      expect([answer.status, JSON.parse(answer.body)]).toEqual([
        400,
        { error: "json validation error: value is not an object" },
      ])
    },
  )
})

describe("a field of the wrong type", () => {
  it.each([
    [{ timeout: "60" }, "timeout is not a number"],
    [{ timeout: 59 }, "timeout is too small"],
    [{ timeout: 31_536_001 }, "timeout is too large"],
    [{ timeout: null }, "timeout is not a number"],
    [{ grace: {} }, "grace is not a number"],
    [{ name: ["x"] }, "name is not a string"],
    [{ name: "x".repeat(101) }, "name is too long"],
    [{ tags: 1 }, "tags is not a string"],
    [{ slug: "Not A Slug" }, "slug does not match pattern"],
    [{ manual_resume: "yes" }, "manual_resume is not a boolean"],
    [{ methods: "DELETE" }, "methods has unexpected value"],
    [{ unique: "name" }, "unique is not an array"],
    [{ unique: ["colour"] }, "an item in 'unique' has unexpected value"],
    [{ schedule: "not a schedule" }, "schedule is not a valid cron or OnCalendar expression"],
    [{ schedule: "* * * * *", tz: "Mars/Olympus" }, "tz is not a valid timezone"],
  ])("is named: %j", async (fields, sentence) => {
    const answer = await create(JSON.stringify(fields))
    expect([answer.status, JSON.parse(answer.body)]).toEqual([
      400,
      { error: `json validation error: ${sentence}` },
    ])
  })
})

describe("text that no store and no reader could keep", () => {
  it.each([
    ["half a character", String.raw`"\ud800"`],
    ["a zero byte", String.raw`"a\u0000b"`],
  ])("is refused: %s", async (_case, text) => {
    for (const field of ["name", "tags", "desc"]) {
      const answer = await create(`{"${field}": ${text}}`)
      expect([answer.status, JSON.parse(answer.body)]).toEqual([
        400,
        { error: `json validation error: ${field} has unexpected value` },
      ])
    }
  })

  it.each([
    ["control characters and direction marks", String.raw`"\u0007\u202e\u2028"`],
    ["what looks like a prototype", '"__proto__"'],
    ["markup", `"<script>alert('x')</script>&quot;"`],
    ["what looks like SQL", `"'; DROP TABLE checks; --"`],
    ["what looks like a path", '"../%2e%2e/%00"'],
  ])("but any other is kept, and shown everywhere: %s", async (_case, text) => {
    const answer = await create(`{"name": ${text}, "tags": ${text}, "desc": ${text}, "__proto__": {"a": 1}}`)
    expect(answer.status).toBe(201)
    const { uuid, name, badge_url } = JSON.parse(answer.body)
    expect(name).toBe(JSON.parse(text))
    for (const path of [`/checks/${uuid}`, "/checks/", "/badges/"]) {
      expect((await send(...request(`GET /api/v3${path}`, apiKey))).status).toBe(200)
    }
    expect((await send(...request(`GET ${new URL(badge_url).pathname}`))).status).toBe(200)
    expect((await send(...request(`DELETE /api/v3/checks/${uuid}`, apiKey))).status).toBe(200)
  })
})

describe("a body that is too long", () => {
  it("is refused by the management API", async () => {
    const answer = await create(`{"desc": "${"x".repeat(2_000_000)}"}`)
    expect([answer.status, JSON.parse(answer.body)]).toEqual([400, { error: "request body is too long" }])
  })

  it("is cut by the ping API", async () => {
    const body = Buffer.alloc(3_000_000, "x")
    expect((await send(...request(`POST /ping/${check}`, {}, body))).status).toBe(200)
    const { json } = await overdue.api("GET", `/api/v3/checks/${check}/pings/`)
    const [{ body_url }] = json["pings"] as [{ body_url: string }]
    const kept = await overdue.api("GET", new URL(body_url).pathname)
    expect(kept.json["text"]).toHaveLength(10_000)
  })

  it.each([
    ["/ping/CHECK", 100_000_000_000, "the body is too large"],
    ["/api/v3/checks/", 100_000_000_000, "the body is too large"],
    ["/inbound/email?to=CHECK@ping.example.org", 30_000_000, "a message has at most 26214400 bytes"],
  ])("is refused before it is sent when it says how long it is: %s", async (path, length, sentence) => {
    const headers = { ...apiKey, "content-length": String(length) }
    const answer = await send(...request(`POST ${path.replace("CHECK", check)}`, headers), "x")
    expect(answer.status).toBe(413)
    expect(answer.body).toContain(sentence)
  })
})

describe("a body in a charset that nobody knows", () => {
  it("is searched for keywords all the same", async () => {
    const { json } = await overdue.api("POST", "/api/v3/checks/", {
      filter_http_body: true,
      failure_kw: "FAILED",
    })
    const body = Buffer.from("caf\xe9 FAILED \xff\xfe", "latin1")
    const id = String(json["uuid"])
    expect((await send(...request(`POST /ping/${id}`, {}, body))).body).toBe("OK")
    expect((await overdue.api("GET", `/api/v3/checks/${id}`)).json["status"]).toBe("down")
  })
})

describe("a path that cannot be decoded, or leads nowhere", () => {
  it.each([
    ["/ping/%", 404],
    ["/ping/%zz/%ff%fe", 404],
    ["/ping/%00", 404],
    ["/ping/pingkey0123456789abcd/%e0%a4%a", 404],
    ["/ping/pingkey0123456789abcd/Upper", 400],
    ["/ping/pingkey0123456789abcd/nobody", 404],
    ["/ping/not-a-uuid", 404],
    ["/ping/CHECK/256", 400],
    ["/ping/CHECK/99999999999999999999999999", 400],
    ["/ping/CHECK/-1", 404],
    ["/ping/CHECK?rid=nonsense", 400],
    ["/ping/CHECK?rid=%ff", 400],
    ["/ping/CHECK?%%%=%&&&==", 200],
    ["/api/v3/checks/%", 404],
    ["/api/v3/checks/%2e%2e%2f", 404],
    ["/api/v3/../../etc/passwd", 404],
    ["/api/v4/checks/", 404],
    ["/api/v3/checks/CHECK/flips/?start=x", 400],
    ["/api/v3/checks/CHECK/flips/?seconds=-1", 400],
    ["/api/v3/checks/CHECK/flips/?start=99999999999999999999", 400],
    ["/api/v3/checks/CHECK/pings/99999999999999999999/body", 404],
    ["/badge/%/%.svg", 404],
    ["/badge/x/y/%ff.svg", 404],
    ["/b/2/x.svg", 404],
    ["/projects/x/metrics/", 404],
    [`/${"x".repeat(10_000)}`, 404],
    ["//", 404],
    ["/ping/CHECK/start/more", 404],
    ["/__proto__", 404],
    ["/constructor", 404],
  ])("is answered: %.60s %s", async (path, status) => {
    const line = `GET ${path.replace("CHECK", check)}`
    expect((await send(...request(line, apiKey))).status).toBe(status)
  })
})

describe("a method that a door does not know", () => {
  it.each([
    ["PATCH /api/v3/checks/", 405],
    ["DELETE /api/v3/checks/", 405],
    ["PUT /api/v3/checks/CHECK", 405],
    ["POST /api/v3/badges/", 405],
    ["POST /b/2/f3b7c1de-1111-4222-8333-444455556666.svg", 405],
    ["GET /inbound/email", 405],
    ["PROPFIND /api/v3/checks/", 405],
    // Pings may be sent with whatever method.
    ["PROPFIND /ping/CHECK", 200],
    ["TRACE /ping/CHECK", 200],
    // Not of HTTP: refused before anybody reads the path.
    ["BREW /ping/CHECK", 400],
    ["get /ping/CHECK", 400],
    ["OPTIONS *", 204],
    ["CONNECT example.org:443", 400],
  ])("is answered: %s %s", async (line, status) => {
    const answer = await send(...request(line.replace("CHECK", check), apiKey))
    expect(answer.status).toBe(status)
    if (status === 405) expect(answer.headers["allow"]).toBeDefined()
  })
})

describe("what is hardly HTTP", () => {
  const ping = () => `GET /ping/${check} HTTP/1.1\r\nhost: x\r\n`
  it.each<readonly [string, () => string, number]>([
    ["nothing but noise", () => "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400],
    ["another protocol", () => "EHLO client.example\r\n\r\n", 400],
    ["no version", () => "GET /nothing\r\n\r\n", 404],
    ["an unknown version", () => `GET /ping/${check} HTTP/9.9\r\nhost: x\r\n\r\n`, 400],
    ["a header bomb", () => `${ping()}${"x-bomb: boom\r\n".repeat(5_000)}\r\n`, 431],
    ["a header without end", () => `${ping()}x-long: ${"x".repeat(100_000)}`, 431],
    ["a request line without end", () => `GET /${"x".repeat(100_000)}`, 431],
    ["a header with a line break", () => `${ping()}x-a: b\rc\r\n\r\n`, 400],
    ["a header with a zero byte", () => `${ping()}x-a: \0\r\n\r\n`, 400],
    ["a header without a name", () => `${ping()}: x\r\n\r\n`, 400],
    ["a length that is none", () => `${ping()}content-length: many\r\n\r\n`, 400],
    ["a negative length", () => `${ping()}content-length: -1\r\n\r\n`, 400],
    ["two lengths", () => `${ping()}content-length: 1\r\ncontent-length: 2\r\n\r\nx`, 400],
    [
      "a length and chunks, as request smugglers send them",
      () => `${ping()}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
      400,
    ],
    ["a chunk that is none", () => `${ping()}transfer-encoding: chunked\r\n\r\nzz\r\n`, 400],
    ["an expectation that nobody meets", () => `${ping()}expect: tea\r\nconnection: close\r\n\r\n`, 417],
    ["no host", () => `GET /ping/${check} HTTP/1.1\r\nconnection: close\r\n\r\n`, 400],
    [
      "a whole URL as its target",
      () => `GET http://other.example/ping/${check} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`,
      200,
    ],
    [
      "an upgrade that nobody offers",
      () => `${ping()}connection: upgrade, close\r\nupgrade: websocket\r\n\r\n`,
      200,
    ],
  ])("is answered: %s", async (_case, bytes, status) => {
    expect((await send(bytes())).status).toBe(status)
  })
})

describe("headers that lie", () => {
  it("are kept short and harmless", async () => {
    const headers = {
      "user-agent": "\x80\xff<script>".repeat(200),
      "x-forwarded-for": "' OR 1=1 --, 10.0.0.1",
      "x-forwarded-proto": "gopher",
    }
    expect((await send(...request(`GET /ping/${check}`, headers))).status).toBe(200)
    const { json } = await overdue.api("GET", `/api/v3/checks/${check}/pings/`)
    const [ping] = json["pings"] as [{ ua: string; remote_addr: string; scheme: string }]
    expect(ping).toMatchObject({ remote_addr: "127.0.0.1", scheme: "http" })
    expect(ping.ua).toHaveLength(200)
  })

  it.each([
    ["no key", {}, "missing api key"],
    ["a short key", { "X-Api-Key": "short" }, "missing api key"],
    ["a wrong key", { "X-Api-Key": "?".repeat(32) }, "wrong api key"],
    ["two keys", { "X-Api-Key": `${"X".repeat(32)}, ${"X".repeat(32)}` }, "missing api key"],
    ["a key beyond ASCII", { "X-Api-Key": "\xff".repeat(32) }, "wrong api key"],
  ])("do not open anything: %s", async (_case, headers, error) => {
    const answer = await send(...request("GET /api/v3/checks/", headers))
    expect([answer.status, JSON.parse(answer.body)]).toEqual([401, { error }])
  })
})

describe("a long body that nobody asked for", () => {
  it.each(["Content-Length: 65537", "Transfer-Encoding: chunked"])(
    "is not read when there is no check with the id: %s",
    async (length) => {
      const head = `POST /ping/${crypto.randomUUID()} HTTP/1.1\r\nHost: a\r\n${length}\r\n\r\n`
      expect(await send(head)).toMatchObject({ status: 404, body: "not found" })
    },
  )
})
