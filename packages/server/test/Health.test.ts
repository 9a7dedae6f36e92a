/** Whether the service says that it can do its work. */
import { StoreError } from "@overdue/core/Store"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { FailingStore } from "./FailingStore.ts"
import { HttpHost } from "../../../test/kit/HttpHost.ts"

const paths = ["/healthz", "/api/v1/status/", "/api/v2/status/", "/api/v3/status/"]

const full = new StoreError({ reason: "full", detail: "The disk is full. Make room." })

describe("a service whose store", () => {
  it.each(paths)("can be written to is well: %s", async (path) => {
    await using server = await HttpHost.open()
    for (const method of ["GET", "HEAD"]) {
      expect(await server.ask(method, path, { key: "" })).toMatchObject({ status: 200, text: "OK" })
    }
  })

  it.each(paths)(
    "cannot be written to is not, until it can again, and does not say why: %s",
    async (path) => {
      const store = new FailingStore()
      await using server = await HttpHost.open({ store: store.layer })
      expect((await server.ask("GET", path, { key: "" })).status).toBe(200)
      store.end = Effect.fail(full)
      await server.advance(2_000)
      for (const method of ["GET", "HEAD"]) {
        const answer = await server.ask(method, path, { key: "" })
        expect(answer).toMatchObject({
          status: 503,
          text: "the database cannot be used now; try again in 5 seconds",
        })
        expect(answer.headers["retry-after"]).toBe("5")
      }
      store.end = undefined
      await server.advance(2_000)
      expect((await server.ask("GET", path, { key: "" })).status).toBe(200)
    },
  )

  it.each(paths)("has room for a note, and not for signals, is not well: %s", async (path) => {
    const store = new FailingStore()
    await using server = await HttpHost.open({ store: store.layer })
    const { ping_url } = (await server.ask("POST", "/api/v3/checks/", { body: {} })).json()
    const ping = async () => (await server.ask("POST", new URL(ping_url).pathname, { key: "" })).status
    const health = async () => (await server.ask("GET", path, { key: "" })).status
    store.only = "transact"
    store.end = Effect.fail(full)
    expect([await ping(), await health()]).toEqual([503, 503])
    store.end = undefined
    expect([await ping(), await health()]).toEqual([200, 200])
    store.end = Effect.fail(full)
    expect(await ping()).toBe(503)
    // Who hears no more of a server that is taken out of service lets it be tried again.
    await server.advance(10_000)
    expect(await health()).toBe(200)
  })

  it("has a file that is broken where signals are written is not well, and with one damaged check it is", async () => {
    const store = new FailingStore()
    await using server = await HttpHost.open({ store: store.layer })
    const { ping_url } = (await server.ask("POST", "/api/v3/checks/", { body: {} })).json()
    const failing = async (reason: StoreError["reason"]) => {
      store.only = "transact"
      store.end = Effect.fail(new StoreError({ reason, detail: "The database is malformed." }))
      await server.ask("POST", new URL(ping_url).pathname, { key: "" })
      return (await server.ask("GET", "/healthz", { key: "" })).status
    }
    expect([await failing("damaged"), await failing("corrupt")]).toEqual([200, 503])
  })

  it("is healthy can only be asked", async () => {
    await using server = await HttpHost.open()
    const answer = await server.ask("POST", "/healthz", { key: "" })
    expect([answer.status, answer.headers["allow"]]).toEqual([405, "GET, HEAD"])
  })
})
