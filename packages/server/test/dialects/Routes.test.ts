/** What is logged when a request fails: what it was, never where, because addresses are secrets here. */
import { StoreError } from "@overdue/core/Store"
import type { Dialect } from "@overdue/server/dialects/Dialect"
import type { BodyStream } from "@overdue/server/http/Http"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { FailingStore } from "../FailingStore.ts"
import { HttpHost } from "../../../../test/kit/HttpHost.ts"
import { keys } from "../../../../test/kit/Keys.ts"
import * as EchoDialect from "./EchoDialect.ts"

const project = "0e6a1111-2222-4333-8444-555566667777"
const check = "f3b7c1de-1111-4222-8333-444455556666"

const requests: readonly (readonly [name: string, method: string, path: string])[] = [
  ["project metrics", "GET", `/projects/${project}/metrics/${keys.readOnly}`],
  ["ping", "GET", `/ping/${keys.ping}/nightly?create=1&rid=${check}`],
  ["ping", "POST", `/ping/${check}/start`],
  ["management API v3", "GET", `/api/v3/checks/${check}?secret=query`],
  ["badges of checks", "GET", `/b/2/${check}.svg`],
]

const secrets = [keys.readOnly, keys.readWrite, keys.ping, check, project, "nightly", "secret", "query"]

const broken = async (end: Effect.Effect<never, StoreError>) => {
  const store = new FailingStore()
  const log: string[] = []
  const server = await HttpHost.open({ store: store.layer, log })
  log.length = 0
  store.end = end
  return { server, log }
}

describe("a request that fails", () => {
  it.each(requests)(
    "by a bug is logged by name and with the cause, not by its address: %s",
    async (name, ...to) => {
      const { server, log } = await broken(Effect.die(new Error("off by one")))
      await using _ = server
      expect((await server.ask(...to)).status).toBe(500)
      const text = log.join("\n")
      expect(text).toContain("off by one")
      expect(text).toMatch(name === "ping" ? /ping|signal/ : new RegExp(`healthchecks: ${name} failed`))
      for (const secret of secrets) expect(text).not.toContain(secret)
    },
  )

  it.each(requests)(
    "because the store does is told in the store's sentence alone: %s",
    async (_name, ...to) => {
      const { server, log } = await broken(
        Effect.fail(new StoreError({ reason: "full", detail: "The disk is full. Make room." })),
      )
      await using _ = server
      expect((await server.ask(...to)).status).toBe(503)
      expect(log).toHaveLength(1)
      expect(log[0]).toContain("the store failed: The disk is full. Make room.")
      for (const secret of secrets) expect(log[0]).not.toContain(secret)
    },
  )

  it("because the store does is told once, however many there are", async () => {
    const { server, log } = await broken(
      Effect.fail(new StoreError({ reason: "full", detail: "The disk is full. Make room." })),
    )
    await using _ = server
    for (let count = 0; count < 20; count++) {
      for (const [, method, path] of requests) await server.ask(method, path)
    }
    expect(log).toHaveLength(1)
  })
})

describe("a route without a fiber that waits for the body", () => {
  it("answers when it has it, and is answered for with a 500, and logged, when it fails then", async () => {
    const log: string[] = []
    await using server = await HttpHost.open({ log, dialects: [EchoDialect.dialect] })
    expect(await server.ask("POST", "/late", { body: "abc" })).toMatchObject({ status: 200, text: "3 bytes" })
    expect(log).toEqual([])
    expect((await server.ask("POST", "/late", { body: "secrets" })).status).toBe(500)
    expect(log.join("\n")).toMatch(/echo: late direct door failed[^]*is at fault later/)
    expect(log.join("\n")).not.toContain("secret")
  })

  it.each(["ping/ID", "ping/KEY/job"])("is that of pings, too: %s", async (path) => {
    const log: string[] = []
    await using server = await HttpHost.open({ log })
    const { uuid } = (
      await server.ask("POST", "/api/v3/checks/", { body: { name: "job", slug: "job" } })
    ).json()
    const target = `/${path.replace("ID", uuid).replace("KEY", keys.ping)}`
    // No bytes at all: what reads them throws.
    const body = Object.assign(new Uint8Array(1), { subarray: () => undefined })
    expect((await server.ask("POST", target, { body })).status).toBe(500)
    expect(log.join("\n")).toContain("healthchecks: ping failed")
  })
})

describe("a streamed answer", () => {
  const files = (chunks: () => BodyStream): Dialect => ({
    name: "files",
    title: "Test",
    mount: "/files",
    hosts: [],
    routes: [
      {
        name: "download",
        path: "/*",
        handle: () => Effect.sync(() => ({ status: 200, headers: {}, body: chunks() })),
      },
    ],
  })

  it("that fails in the middle is logged by the name of its route", async () => {
    const log: string[] = []
    const chunks = async function* () {
      yield new TextEncoder().encode("half of it")
      throw new Error("the disk is gone")
    }
    await using server = await HttpHost.open({ log, dialects: [files(chunks)] })
    await expect(server.ask("GET", "/secret.txt")).rejects.toThrow("the disk is gone")
    expect(log.join("\n")).toMatch(/files: download failed[^]*the disk is gone/)
    expect(log.join("\n")).not.toContain("secret")
  })

  it("that comes to its end, or that nobody wants to the end, is not logged", async () => {
    const log: string[] = []
    const chunks = async function* () {
      yield new TextEncoder().encode("all of it")
    }
    await using server = await HttpHost.open({ log, dialects: [files(chunks)] })
    expect((await server.ask("GET", "/x")).text).toBe("all of it")
    expect(log).toEqual([])
  })
})
