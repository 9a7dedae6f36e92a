import { gzipSync } from "node:zlib"
import { describe, expect, it } from "vitest"
import { listen } from "../../../../test/kit/Receiver.ts"
import type { Answer } from "../../../../test/kit/Receiver.ts"
import * as Overdue from "../../../../test/kit/Overdue.ts"

const id = "7a3f2c1e-0b5d-4f6a-9c8b-1d2e3f4a5b6c"
const rid = "123e4567-e89b-42d3-a456-426614174000"

describe("overdue ping", () => {
  it.each([
    [[], `/ping/${id}`, ""],
    [["start"], `/ping/${id}/start`, ""],
    [["255"], `/ping/${id}/255`, ""],
    [["log", "--body", "so far so good", "--rid", rid], `/ping/${id}/log?rid=${rid}`, "so far so good"],
    [["fail", "-b", "-"], `/ping/${id}/fail`, "from standard input"],
  ])("with %j sends %s and %j", async (args, url, body) => {
    await using server = await listen()
    await using overdue = await Overdue.make({ OVERDUE_URL: server.url, OVERDUE_CHECK: id })
    const { child, ended } = overdue.start(["ping", ...args])
    child.stdin.end("from standard input")
    expect(await ended).toMatchObject({ code: 0, stdout: "", stderr: "" })
    expect(server.received.map(({ url, body }) => [url, body])).toEqual([[url, body]])
  })

  it("takes a whole ping URL for the check", async () => {
    await using server = await listen()
    await using overdue = await Overdue.make()
    expect((await overdue.run(["ping", "-c", `${server.url}/${id}`])).code).toBe(0)
    expect(server.received[0]!.url).toBe(`/${id}`)
  })

  it("exits with 1 and says why when the server refuses, without the address", async () => {
    await using server = await listen([{ status: 404, body: "not found" }])
    await using overdue = await Overdue.make({ OVERDUE_URL: server.url, OVERDUE_CHECK: id })
    expect(await overdue.run(["ping"])).toMatchObject({
      code: 1,
      stderr: "overdue ping: the server answered 404: not found; this signal (success) is lost\n",
    })
  })

  it("keeps a signal for a server that is away, but not a start", async () => {
    await using overdue = await Overdue.make({ OVERDUE_URL: "http://127.0.0.1:1", OVERDUE_CHECK: id })
    expect((await overdue.run(["ping", "start"])).code).toBe(1)
    expect((await overdue.run(["ping", "fail"])).code).toBe(0)
    expect((await overdue.run(["spool", "list"])).stdout).toMatch(
      /\n\S+Z {2}\S+ +fail +7a3f2c1e… +127\.0\.0\.1:1\n$/,
    )
    expect(await overdue.run(["spool", "send"])).toMatchObject({
      code: 1,
      stdout: "1 signal could not be sent and will be tried again\n",
    })
    expect((await overdue.run(["spool", "clear"])).stdout).toBe("deleted 1 signal\n")
  })

  it("is not held up by kept signals for servers that are away, and these hold up no others", async () => {
    await using silent = await listen("hang")
    await using server = await listen()
    await using overdue = await Overdue.make({ OVERDUE_CHECK: id })
    const { add, directory } = await import("@overdue/cli/Spool")
    const spool = directory({ XDG_STATE_HOME: `${overdue.folder}/.local/state` })!
    const kept = { kind: 1, rid: undefined, startedAt: undefined, body: Buffer.from("kept") } as const
    const at = Date.now()
    await add(spool, { ...kept, url: `${silent.url}/ping/${id}`, at: at - 9000 })
    await add(spool, { ...kept, url: `http://127.0.0.1:1/ping/${id}`, at: at - 8000 })
    await add(spool, { ...kept, url: `${server.url}/ping/key/other`, at: at - 7000 })
    await add(spool, { ...kept, url: `${server.url}/ping/${id}`, at: at - 6000 })
    const begunAt = performance.now()
    const ended = await overdue.run(["ping"], { OVERDUE_URL: server.url })
    expect(ended).toMatchObject({ code: 0 })
    // The silent server has five seconds for an answer; it is not waited for.
    expect(performance.now() - begunAt).toBeLessThan(4500)
    const paths = server.received.map(({ url }) => url)
    expect(paths.filter((path) => path.startsWith(`/ping/${id}`))).toEqual([`/ping/${id}/1`, `/ping/${id}`])
    expect(paths).toContain("/ping/key/other/1")
    const { stdout } = await overdue.run(["spool", "list"])
    expect(stdout.split("\n")[0]).toMatch(/^SINCE +AGE +SIGNAL +CHECK +SERVER$/)
    expect(stdout.match(/7a3f2c1e… +127\.0\.0\.1/g)).toHaveLength(2)
    expect(stdout).not.toContain(id)
  })

  it("shows no text of a server that a terminal would obey", async () => {
    await using server = await listen({ status: 400, body: "no \u001b[2Jsuch \u202ething" })
    await using overdue = await Overdue.make({ OVERDUE_URL: server.url, OVERDUE_CHECK: id })
    const { code, stderr } = await overdue.run(["ping"])
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining("the server answered 400: no  [2Jsuch thing; "),
    ])
  })

  it.concurrent.each([
    ["a page that was not found", { status: 404, body: "<!doctype html><p>nothing" }],
    ["a page that forbids", { status: 403, body: "\n<html>no</html>" }],
    ["the page of a captive portal", { status: 200, body: "<html>Welcome to our hotel</html>" }],
    [
      "a page that is compressed, which nobody asked for",
      { status: 200, headers: { "Content-Encoding": "gzip" }, body: gzipSync("<html>login</html>") },
    ],
    ["a long text", { status: 200, body: "x".repeat(5000) }],
    ["a redirect without end", { status: 302, headers: { Location: "/login" } }],
    ["a redirect to nowhere", { status: 302 }],
    ["a redirect to no address", { status: 302, headers: { Location: "http://%/" } }],
    ["a redirect to another protocol", { status: 302, headers: { Location: "ftp://127.0.0.1/" } }],
    ["a proxy that wants a password", { status: 407, body: "no" }],
    ["a network that wants a login", { status: 511, body: "no" }],
    [
      "an answer without end",
      {
        write: (response) => {
          const more = () => {
            while (!response.destroyed && response.write("x".repeat(65_536)));
          }
          response.on("drain", more).on("error", () => {})
          more()
        },
      },
    ],
  ] as const satisfies readonly (readonly [string, Answer])[])(
    "keeps its signal, and the one kept before, when the answer is %s",
    async (_, answer) => {
      await using server = await listen(answer)
      await using overdue = await Overdue.make({ OVERDUE_URL: "http://127.0.0.1:1", OVERDUE_CHECK: id })
      const { stderr } = await overdue.run(["ping"], { OVERDUE_URL: server.url })
      expect(stderr).toMatch(/something else than a ping server answered \d+\); this signal is kept/)
      expect(await overdue.run(["ping", "fail"], { OVERDUE_URL: server.url })).toMatchObject({ code: 0 })
      expect((await overdue.run(["spool", "send"], { OVERDUE_URL: server.url })).stdout).toBe(
        "2 signals could not be sent and will be tried again\n",
      )
    },
  )

  it("does not overtake kept signals of its check that another process is sending, but for a start", async () => {
    const [asked, answer] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    await using server = await listen(async (_, n) => {
      if (n > 0) return { status: 200, body: "OK" }
      asked.resolve()
      await answer.promise
      return { status: 200, body: "OK" }
    })
    await using overdue = await Overdue.make({ OVERDUE_CHECK: id, OVERDUE_URL: server.url })
    for (const kind of ["1", "2"]) await overdue.run(["ping", kind], { http_proxy: "http://127.0.0.1:1" })
    const other = overdue.start(["spool", "send"])
    await asked.promise
    const late = await overdue.run(["ping", "fail", "--network-timeout", "100ms"])
    expect(late).toMatchObject({ code: 0 })
    expect(late.stderr).toContain("another process still sends earlier signals; this signal is kept")
    expect(await overdue.run(["ping", "start"])).toMatchObject({ code: 0, stderr: "" })
    const waiting = overdue.start(["ping", "log"])
    answer.resolve()
    expect((await other.ended).code).toBe(0)
    expect((await waiting.ended).code).toBe(0)
    expect(server.received.map(({ url }) => url.replace(`/ping/${id}/`, ""))).toEqual([
      "1",
      "start",
      "2",
      "fail",
      "log",
    ])
  })

  it("says why a spool that is a file can neither be listed nor cleared", async () => {
    await using overdue = await Overdue.make({ OVERDUE_SPOOL: "/dev/null" })
    for (const [word = "", done] of [
      ["list", "read"],
      ["clear", "cleared"],
    ]) {
      const { code, stderr } = await overdue.run(["spool", word])
      expect(code).toBe(1)
      expect(stderr).toMatch(new RegExp(`^overdue spool: /dev/null cannot be ${done}: ENOTDIR.*\n$`))
    }
  })

  it("lists kept signals by slug, and shows nothing of the ping key", async () => {
    await using overdue = await Overdue.make({
      OVERDUE_URL: "http://127.0.0.1:1",
      OVERDUE_PING_KEY: "sesame-sesame",
    })
    for (const slug of ["db", "a-longer-name"]) await overdue.run(["ping", "--slug", slug])
    const { stdout } = await overdue.run(["spool"])
    expect(stdout).toMatch(/ success +db +127/)
    expect(stdout).toMatch(/ success +a-longer-name +127/)
    expect(stdout).not.toContain("sesame")
  })

  it("names a signal, the same for each try and from the spool", async () => {
    await using server = await listen((_, n) => (n < 2 ? "drop" : n < 5 ? { status: 503 } : { status: 200 }))
    await using overdue = await Overdue.make({ OVERDUE_URL: server.url, OVERDUE_CHECK: id })
    expect((await overdue.run(["ping"])).stderr).toContain("kept on this machine")
    await server.count(3)
    const { received } = server
    await overdue.run(["spool", "send"])
    await overdue.run(["spool", "send"])
    await overdue.run(["spool", "send"])
    const keys = received.map(({ headers }) => headers["idempotency-key"])
    expect(keys.length).toBeGreaterThanOrEqual(6)
    expect(new Set(keys).size).toBe(1)
    expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/)
    await overdue.run(["ping"])
    expect(received.at(-1)!.headers["idempotency-key"]).not.toBe(keys[0])
  })

  it("is rid of a kept signal that the server refuses, and sends the next one", async () => {
    await using server = await listen([{ status: 404, body: "not found" }, { status: 200 }])
    await using overdue = await Overdue.make({ OVERDUE_URL: server.url, OVERDUE_CHECK: id })
    for (const kind of ["1", "2"]) await overdue.run(["ping", kind], { http_proxy: "http://127.0.0.1:1" })
    const { stderr } = await overdue.run(["ping", "3"])
    expect(stderr).toContain("1 kept signal was refused by the server or damaged, and deleted")
    expect(server.received.map(({ url }) => url)).toEqual([1, 2, 3].map((kind) => `/ping/${id}/${kind}`))
  })

  it("writes what waited for more than a day to the log only", async () => {
    await using server = await listen()
    await using overdue = await Overdue.make()
    const { add, directory } = await import("@overdue/cli/Spool")
    const spool = directory({ XDG_STATE_HOME: `${overdue.folder}/.local/state` })!
    const body = Buffer.from("old")
    const url = `${server.url}/x`
    await add(spool, { url, kind: 0, rid, at: Date.UTC(2020, 0, 1), startedAt: undefined, body })
    expect((await overdue.run(["spool", "send"])).stdout).toBe(
      "sent 1 signal kept from earlier\nno signals are kept\n",
    )
    expect(server.received[0]!.url).toBe(`/x/log?rid=${rid}`)
    expect(server.received[0]!.body).toBe("sent late: this happened 2020-01-01T00:00:00.000Z\n\nold")
  })

  it.each(["start", "fail", "log", "0", "137", "start/", "start?rid=1"])(
    "refuses a ping URL that ends in /%s, as run does, and sends nothing",
    async (end) => {
      await using server = await listen()
      await using overdue = await Overdue.make()
      for (const path of [`/ping/${id}/${end}`, `/ping/key/slug/${end}`]) {
        for (const words of [["ping"], ["run", "--", "true"]]) {
          const [command = "", ...rest] = words
          const { code, stderr } = await overdue.run([command, "--check", server.url + path, ...rest])
          expect(code).toBe(2)
          expect(stderr).toContain(`leave out /${end.replace(/[/?].*/, "")} at the end of the ping URL`)
          expect(stderr).not.toContain(id)
        }
      }
      expect(server.received).toEqual([])
    },
  )

  it("takes a ping URL whose slug is the name of a kind", async () => {
    await using server = await listen()
    await using overdue = await Overdue.make()
    expect((await overdue.run(["ping", "--check", `${server.url}/ping/key/start`])).code).toBe(0)
    expect(server.received[0]!.url).toBe("/ping/key/start")
  })

  it.each([
    [
      ["sucess"],
      'the kind of a ping is success, start, fail, log, cancel, or an exit status 0 … 255, not "sucess"',
    ],
    [
      ["256"],
      'the kind of a ping is success, start, fail, log, cancel, or an exit status 0 … 255, not "256"',
    ],
    [[""], "the kind of the ping is empty, as of a variable that is not set; leave it out for a success"],
    [[" "], "the kind of the ping is empty, as of a variable that is not set; leave it out for a success"],
    [["-1"], "there is no flag -1; if it is an argument, write -- before it"],
    [
      ["--", "-1"],
      'the kind of a ping is success, start, fail, log, cancel, or an exit status 0 … 255, not "-1"',
    ],
    [["start", "fail"], 'unexpected argument "fail": a ping has one kind'],
    [["--rid", "7"], '--rid is a UUID such as 123e4567-e89b-42d3-a456-426614174000, not "7"'],
  ])("refuses %j with 2", async (args, sentence) => {
    await using overdue = await Overdue.make({ OVERDUE_CHECK: id })
    const { code, stderr } = await overdue.run(["ping", ...args])
    expect(code).toBe(2)
    expect(stderr).toContain(`overdue ping: ${sentence}\n`)
  })
})
