// Servers that do not end, or lead elsewhere: what a step makes of them.
import type { ServerResponse } from "node:http"
import { createServer } from "node:net"
import type { AddressInfo, Socket } from "node:net"
import { describe, expect, it } from "vitest"
import { listen, ok } from "../../kit/Receiver.ts"
import type { Answer } from "../../kit/Receiver.ts"
import { run } from "./Runner.ts"

const uuid = "7a3f2c1e-0b5d-4f6a-9c8b-1d2e3f4a5b6c"

/** A byte now and then, for ever. */
const dripping: Answer = {
  write: (response) => {
    response.writeHead(200)
    const drip = setInterval(() => response.write("x"), 20)
    response.on("close", () => clearInterval(drip))
  },
}

/** As many bytes as the other side takes; they are counted. */
const endless = (counted: { bytes: number }): Answer => {
  const block = "x".repeat(65_536)
  const pour = (response: ServerResponse) => {
    if (response.destroyed) return
    counted.bytes += block.length
    response.write(block, () => pour(response))
  }
  return { write: (response) => pour(response.writeHead(200)) }
}

const loop: Answer = { status: 307, headers: { Location: "/ping/again" } }

const timed = async <A>(work: Promise<A>): Promise<readonly [A, number]> => {
  const startedAt = performance.now()
  return [await work, performance.now() - startedAt]
}

/** `max-wait`, and what a start of Node costs on a busy machine. */
const soon = 8_000

describe("a server that does not come to an end", () => {
  it.each([
    ["hangs", "hang", "no answer within"],
    ["drips", dripping, "no answer within"],
    ["redirects in a loop", loop, "the server answered 307"],
  ] as const)(
    "because it %s holds up neither stage of a ping",
    async (_, answer, sentence) => {
      await using server = await listen(answer)
      const inputs = { id: uuid, server: server.url, "max-wait": "1s" }
      const [main, mainTook] = await timed(run("ping", "main", { inputs }))
      expect(main).toMatchObject({ code: 0, outputs: { sent: "false" }, state: { stage: "started" } })
      const [post, postTook] = await timed(run("ping", "post", { inputs, state: main.state }))
      for (const stage of [main, post]) {
        expect(stage.annotations).toMatchObject([
          { level: "warning", text: expect.stringContaining(sentence) },
        ])
      }
      expect(Math.max(mainTook, postTook)).toBeLessThan(soon)
      const [strict] = await timed(run("ping", "main", { inputs: { ...inputs, strict: "true" } }))
      expect(strict.code).toBe(1)
    },
    30_000,
  )

  it.each([
    ["hangs", "hang"],
    ["drips", dripping],
  ] as const)(
    "because it %s does not hold up an assertion",
    async (_, answer) => {
      await using server = await listen(answer)
      const inputs = { slugs: "up", server: server.url, "api-key": "key", "max-wait": "1s" }
      const [stage, took] = await timed(run("assert", "main", { inputs }))
      expect(stage).toMatchObject({ code: 0, outputs: { result: "no-verdict" } })
      expect(took).toBeLessThan(soon)
    },
    30_000,
  )

  it("because its answer is endless is heard no longer than an answer may be", async () => {
    const counted = { bytes: 0 }
    await using server = await listen(endless(counted))
    const named = { server: server.url, "max-wait": "5s" }
    const ping = await run("ping", "main", { inputs: { ...named, id: uuid } })
    expect(ping.code).toBe(0)
    // What was on its way in the buffers of the sockets counts, too.
    expect(counted.bytes).toBeLessThan(16_000_000)
    const post = await run("ping", "post", { inputs: { ...named, id: uuid }, state: ping.state })
    expect(post.code).toBe(0)
    expect(counted.bytes).toBeLessThan(32_000_000)
    const asked = await run("assert", "main", { inputs: { ...named, slugs: "up", "api-key": "key" } })
    expect(asked.outputs.result).toBe("no-verdict")
    expect(counted.bytes).toBeLessThan(64_000_000)
  }, 30_000)
})

describe("a proxy that never makes its tunnel", () => {
  it("holds up neither a ping nor an assertion", async () => {
    const sockets = new Set<Socket>()
    const proxy = createServer((socket) => void sockets.add(socket.on("error", () => {})))
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve))
    // safe because a listening TCP server has an address record
    const { port } = proxy.address() as AddressInfo
    const environment = { http_proxy: `http://127.0.0.1:${port}` }
    const inputs = { server: "http://overdue.invalid", "max-wait": "1s" }
    const [ping, pingTook] = await timed(
      run("ping", "main", { inputs: { ...inputs, id: uuid }, environment }),
    )
    const asked = { ...inputs, slugs: "up", "api-key": "key" }
    const [assert, assertTook] = await timed(run("assert", "main", { inputs: asked, environment }))
    for (const socket of sockets) socket.destroy()
    proxy.close()
    expect([ping.outputs.sent, assert.outputs.result]).toEqual(["false", "no-verdict"])
    expect(Math.max(pingTook, assertTook)).toBeLessThan(soon)
  }, 30_000)
})

describe("a web page in place of an answer", () => {
  const page: Answer = {
    status: 200,
    headers: { "Content-Type": "text/html" },
    body: "<!DOCTYPE html>Log in",
  }

  it("is no delivery, and no verdict", async () => {
    await using portal = await listen(({ url }) =>
      url === "/login" ? page : { status: 302, headers: { Location: "/login" } },
    )
    const main = await run("ping", "main", { inputs: { id: uuid, server: portal.url } })
    expect(main.outputs.sent).toBe("false")
    expect(main.annotations).toMatchObject([
      { level: "warning", text: expect.stringContaining("a web page answered") },
    ])
    await using site = await listen(page)
    const asked = await run("assert", "main", { inputs: { slugs: "up", server: site.url, "api-key": "key" } })
    expect(asked.outputs.result).toBe("no-verdict")
  })
})

describe("a repository that does not answer", () => {
  it("leaves time for the signal", async () => {
    await using github = await listen("hang")
    await using server = await listen()
    const inputs = { server: server.url, "ping-key": "key", slug: "x", create: "true", schedule: "workflow" }
    const environment = { GITHUB_API_URL: github.url }
    const main = await run("ping", "main", { inputs: { ...inputs, "max-wait": "2s" }, environment })
    expect(main.outputs.sent).toBe("true")
    expect(main.annotations).toMatchObject([{ text: expect.stringContaining("no check is created") }])
  })
})

describe("a redirect", () => {
  it("may be relative, and is followed with method and body", async () => {
    await using server = await listen([{ status: 301, headers: { Location: "../moved?x=1" } }, ok])
    const main = await run("ping", "main", { inputs: { id: uuid, server: server.url } })
    expect(main.outputs.sent).toBe("true")
    const [, followed] = server.received
    expect(followed).toMatchObject({ method: "POST", url: "/ping/moved?x=1" })
    expect(followed!.body).toContain("started: Nightly / build")
  })

  it.each(["http://", "ftp://127.0.0.1/", "http://%/"])(
    "to %j is an answer like others",
    async (location) => {
      await using server = await listen({ status: 302, headers: { Location: location } })
      const main = await run("ping", "main", { inputs: { id: uuid, server: server.url } })
      expect(main.annotations).toMatchObject([{ text: expect.stringContaining("the server answered 302") }])
      expect(server.received.length).toBe(1)
    },
  )

  it("to another server leaves the token behind", async () => {
    await using other = await listen({ status: 404 })
    await using github = await listen({ status: 302, headers: { Location: `${other.url}/elsewhere` } })
    await using server = await listen()
    const inputs = { server: server.url, "ping-key": "key", slug: "x", create: "true", schedule: "workflow" }
    await run("ping", "main", { inputs, environment: { GITHUB_API_URL: github.url } })
    expect(github.received[0]!.headers.authorization).toBe("Bearer ghs_token")
    expect(other.received[0]!.headers.authorization).toBe(undefined)
  })
})
