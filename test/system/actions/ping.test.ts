import { mkdir, writeFile } from "node:fs/promises"
import { createServer } from "node:http"
import { connect as connectTo } from "node:net"
import type { AddressInfo } from "node:net"
import { join } from "node:path"
import { connect } from "@overdue/client/management"
import type { Check, Ping } from "@overdue/client/management"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import * as Folder from "../../kit/Folder.ts"
import { keys } from "../../kit/Keys.ts"
import { OverdueServer } from "../../kit/OverdueServer.ts"
import { listen } from "../../kit/Receiver.ts"
import type { Answer } from "../../kit/Receiver.ts"
import { run } from "./Runner.ts"
import type { Options, Stage } from "./Runner.ts"

const home = Folder.make()
let overdue: OverdueServer
let api: ReturnType<typeof connect>

beforeAll(async () => {
  overdue = await OverdueServer.start(home.path)
  api = connect({ baseUrl: overdue.url, apiKey: keys.readWrite })
})
afterAll(async () => {
  await overdue.stop()
  home[Symbol.dispose]()
})

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

/** A job with the step in it: main, then post with the outcome that the job had. */
async function job(options: Options): Promise<{ readonly main: Stage; readonly post: Stage }> {
  const main = await run("ping", "main", options)
  const post = await run("ping", "post", { ...options, state: main.state })
  return { main, post }
}

/** What became of a check: its pings oldest first with their bodies, and itself. */
async function history({ uuid: id = "" }: Check) {
  const pings = (await api.checks.pings(id)).toReversed()
  const bodies = await Promise.all(
    pings.map(async ({ n, body_url }) => (body_url ? api.checks.pingBody(id, n) : "")),
  )
  return { check: await api.checks.get(id), pings, bodies }
}

const types = (pings: readonly Ping[]) => pings.map(({ type }) => type)

const facts = [
  "https://github.example.com/octo/backup/actions/runs/1658821493/attempts/2",
  "job: build",
  "ref: refs/heads/main",
  "sha: ffac537e6cbbf934b08745a378932722df287a53",
  "attempt: 2",
  "actor: octocat",
  "event: push",
  "runner: Hosted Agent",
  "",
].join("\n")

describe("a job with the step", () => {
  it("that succeeds is one run: a start and a success with rid, duration, link and facts", async () => {
    const check = await api.checks.create({ name: "success" })
    const { main, post } = await job({ inputs: { url: check.ping_url! } })
    expect([main.code, post.code]).toEqual([0, 0])
    expect(main.outputs).toEqual({ rid: expect.stringMatching(uuid), sent: "true", created: "false" })
    expect(main.state).toEqual({
      stage: "started",
      rid: main.outputs.rid,
      startedAt: expect.stringMatching(/^\d{13}$/),
      bodyLimit: "10000",
    })
    expect(post.outputs).toEqual({})
    expect([main.summary, post.summary]).toEqual(["", ""])
    const { pings, bodies, check: after } = await history(check)
    expect(pings).toMatchObject([
      { type: "start", rid: main.outputs.rid },
      { type: "success", rid: main.outputs.rid, duration: expect.any(Number) },
    ])
    expect(after).toMatchObject({ status: "up", started: false })
    expect(bodies[0]).toBe(`started: Nightly / build\n${facts}`)
    expect(bodies[1]).toMatch(/^success after \d+s: Nightly \/ build\n/)
    expect(bodies[1]!.slice(bodies[1]!.indexOf("\n") + 1)).toBe(facts)
  })

  it("that fails turns the check down", async () => {
    const check = await api.checks.create({ name: "failure" })
    const { post } = await job({ inputs: { url: check.ping_url! }, jobStatus: "failure" })
    expect(post.code).toBe(0)
    const { pings, bodies, check: after } = await history(check)
    expect(types(pings)).toEqual(["start", "fail"])
    expect(bodies[1]).toMatch(/^failure after /)
    expect(after.status).toBe("down")
  })

  it.each([
    [undefined, ["start", "log"], "new"],
    ["log", ["start", "log"], "new"],
    ["fail", ["start", "fail"], "down"],
    ["success", ["start", "success"], "up"],
    ["nothing", ["start"], "new"],
  ])("that is cancelled with on-cancel %s sends %j", async (onCancel, expected, status) => {
    const check = await api.checks.create({ name: "cancelled" })
    const inputs = { url: check.ping_url!, ...(onCancel && { "on-cancel": onCancel }) }
    const { post } = await job({ inputs, jobStatus: "cancelled" })
    expect(post.code).toBe(0)
    const { pings, bodies, check: after } = await history(check)
    expect(types(pings)).toEqual(expected)
    expect(after.status).toBe(status)
    if (expected.length === 2) expect(bodies[1]).toMatch(/^cancelled after /)
  })

  it("may name the outcome by an exit status or another step's outcome", async () => {
    const check = await api.checks.create({ name: "status" })
    await job({ inputs: { url: check.ping_url!, status: "3" } })
    await job({ inputs: { url: check.ping_url!, status: "0" } })
    expect(types((await history(check)).pings)).toEqual(["start", "fail", "start", "success"])
  })

  it("sends its own text before the facts", async () => {
    const check = await api.checks.create({ name: "body" })
    await job({ inputs: { url: check.ping_url!, body: "42 tables" } })
    expect((await history(check)).bodies[0]).toBe(`42 tables\n\nstarted: Nightly / build\n${facts}`)
  })
})

describe("a status", () => {
  it.each([
    ["Success", "success"],
    ["neutral", "success"],
    ["FAILED", "fail"],
    ["skipped", "fail"],
    ["timed_out", "fail"],
    ["action_required", "fail"],
    ["stale", "fail"],
    ["startup_failure", "fail"],
    ["canceled", "log"],
  ])("%j, as GitHub knows it, is told as %s", async (status, type) => {
    const check = await api.checks.create({ name: "words" })
    const { main, post } = await job({ inputs: { url: check.ping_url!, status } })
    expect([main.code, post.code]).toEqual([0, 0])
    expect(types((await history(check)).pings)).toEqual(["start", type])
  })

  it.each([
    ["", "status is empty"],
    [" \t", "status is empty"],
  ])("%j at the end of the job is a failure of the step, and is told as one", async (status, sentence) => {
    const check = await api.checks.create({ name: "empty" })
    const { main, post } = await job({ inputs: { url: check.ping_url!, status } })
    expect([main.code, post.code]).toEqual([0, 1])
    expect(post.annotations[0]).toMatchObject({ level: "error", text: expect.stringContaining(sentence) })
    const { pings, bodies, check: after } = await history(check)
    expect(types(pings)).toEqual(["start", "fail"])
    expect(pings[1]!.rid).toBe(main.outputs["rid"])
    expect(bodies[1]).toContain(sentence)
    expect(after.status).toBe("down")
  })

  it.each(["", " ", "256", "-1", "null", "true", "ok", "in_progress"])(
    "%j in mode: once is a failure of the step, and is told as one",
    async (status) => {
      const check = await api.checks.create({ name: "wrong" })
      const { main } = await job({ inputs: { url: check.ping_url!, mode: "once", status } })
      expect(main.code).toBe(1)
      const { pings, bodies } = await history(check)
      expect(types(pings)).toEqual(["fail"])
      expect(bodies[0]).toContain("the inputs of the step are wrong: status is ")
    },
  )

  it.each([
    { status: "good" },
    { retries: "many" },
    { "on-cancel": "cry" },
    { create: "true" },
    { mode: "twice" },
  ])("that is never told, because of %j, is told as a failure at once", async (wrong) => {
    const check = await api.checks.create({ name: "told" })
    const { main, post } = await job({ inputs: { url: check.ping_url!, ...wrong } })
    expect([main.code, post.code]).toEqual([1, 0])
    expect(types((await history(check)).pings)).toEqual(["fail"])
  })
})

describe("a body that is longer than the server stores", () => {
  it("is cut to its end, and the link and the facts are kept", async () => {
    const check = await api.checks.create({ name: "long" })
    await job({ inputs: { url: check.ping_url!, body: `${"ä".repeat(20_000)}the end` } })
    const { bodies } = await history(check)
    for (const body of bodies) {
      expect(Buffer.byteLength(body)).toBeLessThanOrEqual(10_000)
      expect(Buffer.byteLength(body)).toBeGreaterThan(9_990)
      expect(body).toMatch(/^\[…\]\nä+the end\n\n/)
      expect(body.endsWith(facts)).toBe(true)
    }
  })

  it("is cut to what the server said at the start", async () => {
    await using server = await listen({ status: 200, headers: { "Ping-Body-Limit": "600" }, body: "OK" })
    await job({ inputs: { url: `${server.url}/ping/x`, body: "x".repeat(5000) } })
    const [, end] = server.received
    expect(end!.bytes.length).toBe(600)
    expect(end!.body.endsWith(facts)).toBe(true)
  })
})

describe("mode: once", () => {
  it.each([
    [{}, "success"],
    [{ status: "success" }, "success"],
    [{ status: "fail" }, "fail"],
    [{ status: "start" }, "start"],
    [{ status: "log" }, "log"],
    [{ status: "0" }, "success"],
    [{ status: "255" }, "fail"],
  ])("with %j sends one %s and nothing at the end of the job", async (more, type) => {
    const check = await api.checks.create({ name: "once" })
    const { main, post } = await job({ inputs: { url: check.ping_url!, mode: "once", ...more } })
    expect([main.code, post.code]).toEqual([0, 0])
    expect(main.outputs).toEqual({ sent: "true", created: "false" })
    expect(main.state).toEqual({ stage: "begun" })
    expect(types((await history(check)).pings)).toEqual([type])
  })

  it("sends nothing from a cancelled job when told so", async () => {
    const check = await api.checks.create({ name: "once cancelled" })
    const inputs = { url: check.ping_url!, mode: "once", "on-cancel": "nothing" }
    const { main } = await job({ inputs, jobStatus: "cancelled" })
    expect(main.code).toBe(0)
    expect((await history(check)).pings).toEqual([])
  })
})

describe("a check", () => {
  it("may be named by its id and the server", async () => {
    const check = await api.checks.create({ name: "by id" })
    await job({ inputs: { id: check.uuid!, server: overdue.url } })
    await job({ inputs: { id: check.uuid!.toUpperCase() }, environment: { OVERDUE_URL: overdue.url } })
    expect(types((await history(check)).pings)).toEqual(["start", "success", "start", "success"])
  })

  it("may be named by ping key and slug, from inputs or from the environment", async () => {
    const check = await api.checks.create({ name: "by slug", slug: "by-slug" })
    await job({ inputs: { slug: "by-slug", server: overdue.url, "ping-key": keys.ping } })
    const environment = { OVERDUE_URL: overdue.url, OVERDUE_PING_KEY: keys.ping }
    await job({ inputs: { slug: "by-slug" }, environment })
    expect(types((await history(check)).pings)).toEqual(["start", "success", "start", "success"])
  })

  it("that does not exist is made as the step says", async () => {
    const inputs = {
      server: overdue.url,
      "ping-key": keys.ping,
      slug: "made",
      create: "true",
      name: "Made by a job",
      schedule: "17 3 * * *",
      tz: "Europe/Riga",
      grace: "30m",
      tags: "ci nightly",
      channels: "",
    }
    const { main, post } = await job({ inputs })
    expect([main.code, post.code]).toEqual([0, 0])
    expect(main.outputs).toMatchObject({ sent: "true", created: "true" })
    const [made] = await api.checks.list({ slug: "made" })
    expect(made).toMatchObject({
      name: "Made by a job",
      schedule: "17 3 * * *",
      tz: "Europe/Riga",
      grace: 1800,
      tags: "ci nightly",
      status: "up",
    })
    expect(types((await history(made!)).pings)).toEqual(["start", "success"])
  })

  it("may be made with a timeout and told channels", async () => {
    const channel = await api.channels.create({
      name: "hook",
      kind: "webhook",
      value: {
        method_down: "POST",
        url_down: `${overdue.url}/api/v3/status/`,
        body_down: "",
        headers_down: {},
      },
    })
    const inputs = {
      server: overdue.url,
      "ping-key": keys.ping,
      slug: "every-day",
      create: "true",
      timeout: "26h",
      channels: channel.id,
    }
    await job({ inputs })
    const [made] = await api.checks.list({ slug: "every-day" })
    expect(made).toMatchObject({ timeout: 93_600, channels: channel.id })
  })
})

describe("schedule: workflow", () => {
  const inputs = (slug: string) => ({
    server: overdue.url,
    "ping-key": keys.ping,
    slug,
    create: "true",
    schedule: "workflow",
  })
  const nightly = "on:\n  schedule:\n    - cron: '5 4 * * 1-5'\n      timezone: Europe/Riga\njobs: {}\n"

  async function workspace(workflow: string) {
    const folder = Folder.make("workspace")
    await mkdir(folder.file(".github/workflows"), { recursive: true })
    await writeFile(folder.file(".github/workflows/nightly.yml"), workflow)
    return folder
  }

  it("is taken from the checked-out file, time zone included", async () => {
    using checkout = await workspace(nightly)
    await job({ inputs: inputs("from-file"), environment: { GITHUB_WORKSPACE: checkout.path } })
    expect(await api.checks.list({ slug: "from-file" })).toMatchObject([
      { schedule: "5 4 * * 1-5", tz: "Europe/Riga" },
    ])
  })

  it("is taken from the repository when nothing is checked out", async () => {
    await using github = await listen([{ status: 200, body: nightly }])
    const environment = { GITHUB_API_URL: github.url }
    const main = await run("ping", "main", { inputs: inputs("from-repository"), environment })
    expect(main.outputs).toMatchObject({ created: "true" })
    const [asked] = github.received
    expect(asked!.url).toBe(
      "/repos/octo/backup/contents/.github/workflows/nightly.yml?ref=ffac537e6cbbf934b08745a378932722df287a53",
    )
    expect(asked!.headers.authorization).toBe("Bearer ghs_token")
    expect(await api.checks.list({ slug: "from-repository" })).toMatchObject([{ schedule: "5 4 * * 1-5" }])
  })

  it("is taken from the event when the file cannot be read", async () => {
    await using github = await listen([{ status: 404 }])
    using checkout = await workspace("")
    const event = join(checkout.path, "event.json")
    await writeFile(event, JSON.stringify({ schedule: "7 7 * * *" }))
    const environment = { GITHUB_API_URL: github.url, GITHUB_EVENT_PATH: event }
    await job({ inputs: inputs("from-event"), environment })
    expect(await api.checks.list({ slug: "from-event" })).toMatchObject([
      { schedule: "7 7 * * *", tz: "UTC" },
    ])
  })

  it.each([
    ["on: push\n", "has no on.schedule"],
    ["{", "has no on.schedule"],
    [
      "on:\n  schedule:\n    - cron: '1 1 * * *'\n    - cron: '2 2 * * *'\n",
      "has 2 schedules and a check has one",
    ],
  ])("that is not one schedule makes no check: %j", async (workflow, sentence) => {
    using checkout = await workspace(workflow)
    const environment = { GITHUB_WORKSPACE: checkout.path }
    const main = await run("ping", "main", { inputs: inputs("never"), environment })
    expect(main.code).toBe(0)
    expect(main.outputs.sent).toBe("false")
    expect(main.annotations[0]!.text).toContain(sentence)
    expect(await api.checks.list({ slug: "never" })).toEqual([])
  })
})

describe("monitoring that does not work", () => {
  const unknown = "00000000-0000-4000-8000-000000000000"
  const quick = { retries: "0", "max-wait": "2s" }

  it.each([
    [
      "a server that is away",
      () => ({ url: "http://127.0.0.1:1/ping/secret-secret-secret" }),
      "cannot be reached (ECONNREFUSED)",
    ],
    ["an unknown id", () => ({ id: unknown, server: overdue.url }), "the server answered 404: not found"],
    [
      "a wrong ping key",
      () => ({ slug: "by-slug", "ping-key": "wrong-wrong-wrong-wron", server: overdue.url, create: "true" }),
      "the server answered 404: not found",
    ],
    ["no check", () => ({ server: overdue.url }), "no signal is sent: no check is named"],
    ["no ping key", () => ({ slug: "x", server: overdue.url }), "ping-key and OVERDUE_PING_KEY are empty"],
    ["no server", () => ({ id: unknown }), "server and OVERDUE_URL are empty"],
  ])("because of %s is a warning, or the step's failure when strict", async (_, inputs, sentence) => {
    const lenient = await job({ inputs: { ...inputs(), ...quick } })
    for (const stage of [lenient.main, lenient.post]) {
      expect(stage.code).toBe(0)
      expect(stage.annotations).toEqual([
        { level: "warning", title: "Not monitored", text: expect.stringContaining(sentence) },
      ])
    }
    expect(lenient.main.outputs.sent).not.toBe("true")
    const strict = await job({ inputs: { ...inputs(), ...quick, strict: "true" } })
    for (const stage of [strict.main, strict.post]) {
      expect(stage.code).toBe(1)
      expect(stage.annotations).toEqual([
        { level: "error", title: "", text: expect.stringContaining(sentence) },
      ])
    }
  })

  /** In front of the real server: answers as told first, then lets everything through. */
  async function gate(...first: readonly Answer[]) {
    return listen(async ({ method, url, bytes }, n) => {
      if (n < first.length) return first[n]!
      const response = await fetch(overdue.url + url, { method, body: new Uint8Array(bytes) })
      return { status: response.status, body: await response.text() }
    })
  }

  it("for a moment is tried again: 429 with Retry-After, 503, a lost connection", async () => {
    const check = await api.checks.create({ name: "tried again" })
    await using server = await gate({ status: 429, headers: { "Retry-After": "1" } }, { status: 503 }, "drop")
    const main = await run("ping", "main", { inputs: { id: check.uuid!, server: server.url } })
    expect(main.outputs.sent).toBe("true")
    expect(types((await history(check)).pings)).toEqual(["start"])
  })

  it("for longer than max-wait allows is not waited for", async () => {
    await using server = await gate({ status: 429, headers: { "Retry-After": "3600" } })
    const main = await run("ping", "main", { inputs: { id: unknown, server: server.url } })
    expect(main.code).toBe(0)
    expect(main.annotations[0]!.text).toBe('the signal "start" was not delivered: the server answered 429')
    expect(server.received.length).toBe(1)
  })

  it("when the start was lost still tells how the job ended", async () => {
    const check = await api.checks.create({ name: "late monitor" })
    await using server = await gate("drop")
    const inputs = { id: check.uuid!, server: server.url, retries: "0" }
    const { main, post } = await job({ inputs, jobStatus: "failure" })
    expect([main.outputs.sent, post.code]).toEqual(["false", 0])
    expect(types((await history(check)).pings)).toEqual(["fail"])
  })
})

describe("a step that is written wrongly", () => {
  it.each([
    [{ mode: "twice" }, 'mode is one of job, once, not "twice"'],
    [{ status: "good" }, 'status is success, failure, cancelled, or an exit status 0 … 255, not "good"'],
    [{ status: "start" }, 'status is success, failure, cancelled, or an exit status 0 … 255, not "start"'],
    [{ mode: "once", status: "256" }, "status is success, failure, cancelled, start, log, or an exit status"],
    [{ "on-cancel": "cry" }, 'on-cancel is one of log, fail, success, nothing, not "cry"'],
    [{ strict: "maybe" }, 'strict is true or false, not "maybe"'],
    [{ retries: "11" }, 'retries is a whole number from 0 to 10, not "11"'],
    [{ "max-wait": "1y" }, 'max-wait is a length of time such as 90s, 15m, 2h or 1d, not "1y"'],
    [{ "max-wait": "1h" }, 'max-wait is at least 1s and at most 10m, not "1h"'],
    [
      { url: "http://x.test/ping/7a3f2c1e-0b5d-4f6a-9c8b-1d2e3f4a5b6c/start" },
      "leave out /start or the like",
    ],
    [{ url: "x.test/secret" }, "url must begin with https:// or http:// and a host"],
    [{ server: "x.test" }, "server must begin with https:// or http:// and a host"],
    [{ id: "7" }, "id must be a UUID, such as 7a3f2c1e-0b5d-4f6a-9c8b-1d2e3f4a5b6c"],
    [{ slug: "A B" }, 'slug has lower-case letters, digits, - and _ only, not "A B"'],
    [{ url: "http://x.test/a", slug: "a" }, "url and slug each name a check: give only one of them"],
    [{ url: "http://x.test/a", create: "true" }, "create needs the slug of the check: give slug"],
    [
      { slug: "a", tz: "UTC", grace: "1h" },
      "tz, grace describe a check to create: add create: true, or leave them out",
    ],
    [{ slug: "a", create: "true", timeout: "1h", schedule: "* * * * *" }, "timeout and schedule both say"],
    [{ slug: "a", create: "true", timeout: "5s" }, 'timeout is at least 1m and at most 365d, not "5s"'],
    [{ create: "perhaps" }, 'create is true or false, not "perhaps"'],
  ])("%j fails it with the reason, before anything is sent", async (inputs, sentence) => {
    const { main, post } = await job({ inputs })
    expect(main.code).toBe(1)
    expect(main.annotations.map(({ level }) => level)).toEqual(["error"])
    expect(main.annotations[0]!.text).toMatch(/^the inputs of the step are wrong: /)
    expect(main.annotations[0]!.text).toContain(sentence)
    expect(main.annotations[0]!.text).not.toContain("secret")
    // The post stage has nothing to add.
    expect(post).toMatchObject({ code: 0, annotations: [], log: "" })
  })

  it("is told everything at once", async () => {
    const main = await run("ping", "main", { inputs: { mode: "x", retries: "y", url: "z" } })
    expect(main.annotations[0]!.text.split("; ").length).toBe(3)
  })
})

describe("secrets", () => {
  it("are masked, and the ping URL is in no log, whatever happens", async () => {
    const check = await api.checks.create({ name: "secret" })
    const url = new URL(check.ping_url!)
    const cases: readonly Readonly<Record<string, string>>[] = [
      { url: url.href },
      { id: check.uuid!, server: overdue.url },
      { url: `http://127.0.0.1:1${url.pathname}`, retries: "0" },
      { slug: "secret", "ping-key": keys.ping, server: overdue.url },
    ]
    for (const inputs of cases) {
      const { main, post } = await job({ inputs })
      for (const { log } of [main, post]) {
        expect(log).not.toContain(check.uuid)
        expect(log).not.toContain(keys.ping)
      }
    }
  })
})

describe("a proxy", () => {
  /** Tunnels every connection to the real server, whatever host it was for. */
  async function tunnel() {
    const asked: string[] = []
    const server = createServer()
    server.on("connect", ({ url = "" }, client) => {
      asked.push(url)
      const upstream = connectTo(Number(new URL(overdue.url).port), "127.0.0.1", () => {
        client.write("HTTP/1.1 200 Connection established\r\n\r\n")
        upstream.pipe(client).pipe(upstream)
      })
    })
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
    // safe because a listening TCP server has an address record
    const { port } = server.address() as AddressInfo
    const close = () => new Promise<void>((resolve) => server.close(() => resolve()))
    return { url: `http://127.0.0.1:${port}`, asked, [Symbol.asyncDispose]: close }
  }

  it("is used when the runner has one, and not for the hosts that it excepts", async () => {
    const check = await api.checks.create({ name: "proxy" })
    await using proxy = await tunnel()
    const environment = { http_proxy: proxy.url }
    const inputs = { url: `http://overdue.invalid/ping/${check.uuid}` }
    const tunnelled = await run("ping", "main", { inputs, environment })
    expect(tunnelled.outputs.sent).toBe("true")
    expect(proxy.asked).toEqual(["overdue.invalid:80"])
    const direct = { ...environment, no_proxy: "127.0.0.1" }
    await run("ping", "main", { inputs: { url: check.ping_url! }, environment: direct })
    expect(proxy.asked.length).toBe(1)
    expect(types((await history(check)).pings)).toEqual(["start", "start"])
  })
})
