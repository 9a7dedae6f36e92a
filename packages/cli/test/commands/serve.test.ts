import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { describe, expect, it } from "vitest"
import * as Overdue from "../../../../test/kit/Overdue.ts"
import * as Receiver from "../../../../test/kit/Receiver.ts"
import { OverdueServer } from "../../../../test/kit/OverdueServer.ts"
import { SocketDialogue } from "../../../../test/kit/SocketDialogue.ts"

describe("a server that listens on every address", () => {
  it.each(["0.0.0.0", "::"])("hands out links that lead somewhere, and says which: %s", async (host) => {
    await using overdue = await Overdue.make()
    const args = ["--host", host]
    const running = overdue.start(["serve", "--port", "0", ...args])
    const [, port] = await running.printed(/listening on http:\/\/\S+:(\d+)\n/)
    const { stdout } = await overdue.run(["keys", "create"])
    const answer = await fetch(`http://127.0.0.1:${port}/api/v3/checks/`, {
      method: "POST",
      headers: { "x-api-key": stdout.trim() },
      body: "{}",
    }).catch(() => undefined)
    running.child.kill("SIGTERM")
    const { stderr, code } = await running.ended
    expect(stderr).toMatch(
      /links in answers and alerts begin with http:\/\/\S+:\d+, because .* give --site-root/,
    )
    expect(code).toBe(0)
    // IPv6 may be all that `::` listens on.
    if (answer === undefined) return
    const { ping_url } = (await answer.json()) as { readonly ping_url: string }
    expect(ping_url).not.toMatch(/0\.0\.0\.0|\[::\]/)
    expect(new URL(ping_url).port).toBe(port)
  })

  it("says nothing when the site has an address", async () => {
    await using overdue = await Overdue.make()
    const args = ["--host", "0.0.0.0", "--site-root", "https://overdue.example.org/sub/"]
    await using server = await OverdueServer.start(overdue.folder, { args })
    expect(server.output.stderr).toBe("")
  })
})

/** A name that stands for several addresses. */
const standsFor = (...addresses: readonly string[]) => ({
  NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(`
    import dns from "node:dns/promises"
    import { syncBuiltinESMExports } from "node:module"
    dns.lookup = async () => ${JSON.stringify(addresses.map((address) => ({ address })))}
    syncBuiltinESMExports()`)}`,
})

describe("a server that listens on a name", () => {
  it("is reached at each of its addresses, with a port that it picks, by HTTP and by mail", async () => {
    await using overdue = await Overdue.make()
    const args = ["--host", "localhost", "--smtp-port", "0"]
    const environment = standsFor("127.0.0.1", "::1")
    await using server = await OverdueServer.start(overdue.folder, { args, environment })
    const { port, hostname } = new URL(server.url)
    expect(hostname).toBe("localhost")
    for (const address of ["127.0.0.1", "[::1]"])
      expect((await fetch(`http://${address}:${port}/healthz`)).status).toBe(200)
    const [, mail] = await server.printed(/^pings by e-mail are taken on smtp:\/\/localhost:(\d+)\n/m)
    using talk = await SocketDialogue.open(Number(mail))
    await talk.hear(/^220 /)
  })

  it("says which of its addresses lead elsewhere, except those of the loopback", async () => {
    await using overdue = await Overdue.make()
    const environment = standsFor("203.0.113.1", "127.0.0.1")
    const args = ["--host", "x.test"]
    await using server = await OverdueServer.start(overdue.folder, { args, environment })
    const { port } = new URL(server.url)
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200)
    expect(server.output.stderr).toContain(
      "overdue serve: x.test stands for 203.0.113.1 as well, which is no address of this machine: who goes",
    )
  })
})

describe("a server that is started without flags", () => {
  it("lets no channel reach the network of its machine", async () => {
    await using overdue = await Overdue.make()
    await using receiver = await Receiver.listen()
    await using server = await OverdueServer.start(overdue.folder, { allowPrivateTargets: false })
    const value = { url_down: receiver.url }
    const { json } = await server.api("POST", "/api/v3/channels/", { name: "ops", kind: "webhook", value })
    const { json: tried } = await server.api("POST", `/api/v3/channels/${String(json["id"])}/test`)
    expect(JSON.stringify(tried)).toContain("is a private address")
    expect(receiver.received).toEqual([])
  })
})

describe("a setting of a server", () => {
  it("--ping-rate limits the pings of a check", async () => {
    await using overdue = await Overdue.make()
    await using server = await OverdueServer.start(overdue.folder, { args: ["--ping-rate", "2"] })
    const { json } = await server.api("POST", "/api/v3/checks/", { name: "job" })
    const statuses: number[] = []
    for (let n = 0; n < 3; n++) statuses.push((await fetch(String(json["ping_url"]))).status)
    expect(statuses).toEqual([200, 200, 429])
  })
})

describe("a server that is stopped", () => {
  it("stores and answers a ping whose body is still on its way", async () => {
    await using overdue = await Overdue.make()
    await using server = await OverdueServer.start(overdue.folder)
    const { json } = await server.api("POST", "/api/v3/checks/", { name: "job" })
    const { port, pathname, host } = new URL(String(json["ping_url"]))
    using client = await SocketDialogue.open(Number(port))
    client.say(
      `POST ${pathname} HTTP/1.1\r\nhost: ${host}\r\nexpect: 100-continue\r\ncontent-length: 4\r\n\r\n`,
    )
    await client.hear(/100 Continue/)
    server.child.kill("SIGTERM")
    const isOpen = () =>
      fetch(`${server.url}/healthz`).then(
        () => true,
        () => false,
      )
    await expect.poll(isOpen, { timeout: 5000 }).toBe(false)
    client.say("done")
    await client.hear(/200 OK/)
    expect((await server.ended).code).toBe(0)
    using sqlite = new DatabaseSync(join(overdue.folder, "overdue.db"))
    expect(sqlite.prepare("SELECT count(*) AS n FROM pings").get()).toEqual({ n: 1 })
  })
})

describe("a server that is told to stop while it tries channels whose receivers never answer", () => {
  it("tells whoever waits for that, and ends within ten seconds", async () => {
    await using overdue = await Overdue.make()
    await using receiver = await Receiver.listen("hang")
    await using server = await OverdueServer.start(overdue.folder)
    const value = { url_down: receiver.url }
    const { json } = await server.api("POST", "/api/v3/channels/", { name: "ops", kind: "webhook", value })
    const tests = Array.from({ length: 8 }, () =>
      server.api("POST", `/api/v3/channels/${String(json["id"])}/test`, {}),
    )
    await receiver.count(tests.length)
    const before = performance.now()
    const { code } = await server.stop()
    expect([code, performance.now() - before < 10_000]).toEqual([0, true])
    for (const { status, json } of await Promise.all(tests)) {
      expect([status, json["text"]]).toEqual([503, expect.stringContaining("told to stop")])
    }
  })
})

describe("a setting that cannot be", () => {
  it.each([
    [{ OVERDUE_SITE_ROOT: "https://example.org/?x=1" }, "--site-root is a URL such as"],
    [{ OVERDUE_SITE_ROOT: "https://example.org/#x" }, "--site-root is a URL such as"],
    [{ OVERDUE_SITE_ROOT: "https://me@example.org" }, "--site-root is a URL such as"],
    [{ OVERDUE_ADMIN_KEY: "short" }, "OVERDUE_ADMIN_KEY must be 32 printable characters"],
    [{ OVERDUE_METRICS_KEY: "short" }, "OVERDUE_METRICS_KEY must be at least 16 printable characters"],
    [{ OVERDUE_PROBER_KEY: "short" }, "OVERDUE_PROBER_KEY must be at least 32 printable characters"],
    [
      { OVERDUE_PROBER_KEY: "A".repeat(32), OVERDUE_ADMIN_KEY: "A".repeat(32) },
      "OVERDUE_PROBER_KEY must not be the same as OVERDUE_ADMIN_KEY",
    ],
  ])("keeps the server from starting: %j", async (environment, sentence) => {
    await using overdue = await Overdue.make()
    const { code, stderr } = await overdue.run(["serve", "--port", "0"], environment)
    expect([code, stderr]).toEqual([2, expect.stringContaining(sentence)])
    expect(stderr).not.toContain("short")
  })
})

describe("servers that start at once on a new database", () => {
  it("make one project, whose keys one of them prints", async () => {
    for (let round = 0; round < 3; round++) {
      await using overdue = await Overdue.make()
      const started = await Promise.all(
        [1, 2, 3].map(async () => {
          const server = overdue.start(["serve", "--port", "0"])
          await server.printed(/^overdue is listening on /)
          return server
        }),
      )
      const { stdout } = await overdue.run(["projects", "list", "--json"])
      expect(JSON.parse(stdout)).toMatchObject([{ name: "default" }])
      for (const { child, ended } of started) {
        child.kill()
        await ended
      }
      const printed = started.filter(({ output }) => output.stdout.includes("API key"))
      expect(printed).toHaveLength(1)
    }
  })
})
