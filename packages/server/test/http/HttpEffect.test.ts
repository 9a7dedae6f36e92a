/** The server in an Effect HTTP application, on a socket of `@effect/platform-node`. */
import { createServer } from "node:http"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as CallbackNotifier from "@overdue/engine/CallbackNotifier"
import * as Create from "@overdue/engine/commands/Create"
import * as Projects from "@overdue/engine/commands/Projects"
import * as Engine from "@overdue/engine/Engine"
import * as MemoryStore from "@overdue/engine/MemoryStore"
import * as Check from "@overdue/core/Check"
import type { Dialect } from "@overdue/server/dialects/Dialect"
import * as Dialects from "@overdue/server/dialects/index"
import * as Keys from "@overdue/server/access/Keys"
import * as HttpEffect from "@overdue/server/http/HttpEffect"
import { Site } from "@overdue/server/Site"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServer from "effect/http/HttpServer"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Result from "effect/Result"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { site } from "../../../../test/kit/HttpHost.ts"
import { keys } from "../../../../test/kit/Keys.ts"
import { SocketDialogue } from "../../../../test/kit/SocketDialogue.ts"
import { Producer } from "./Producer.ts"

const producers = new Map<string, Producer>()

/** Answers with whatever a test puts there. */
const streams: Dialect = {
  name: "streams",
  title: "Test",
  mount: "/streams",
  hosts: [],
  routes: [
    {
      name: "stream",
      path: "/*",
      handle: ({ path }) =>
        Effect.sync(() => ({
          status: 200,
          headers: {
            "content-type": "text/event-stream",
            "set-cookie": ["a=1; Path=/; HttpOnly", "b=2; Path=/"],
          },
          body: producers.get(path)!,
        })),
    },
  ],
}

/** An application with a route of its own, and the server for everything else. */
const application = HttpRouter.serve(
  Layer.mergeAll(
    HttpRouter.add("GET", "/own", HttpServerResponse.text("the application's own")),
    HttpEffect.routes({ dialects: [...Dialects.dialects, streams] }),
  ),
  { disableLogger: true },
).pipe(
  Layer.provideMerge(NodeHttpServer.layer(createServer, { port: 0, host: "127.0.0.1" })),
  Layer.provideMerge(
    Engine.still({
      store: MemoryStore.layer,
      notifiers: CallbackNotifier.none,
      settings: { blindAfter: undefined },
    }),
  ),
  Layer.provideMerge(Layer.succeed(Site, site)),
)

const runtime = ManagedRuntime.make(application)
let url: string
let port: number
let check: string

beforeAll(async () => {
  const { address } = Context.get(await runtime.context(), HttpServer.HttpServer)
  if (address._tag === "UnixPathAddress") throw new Error("it listens on TCP")
  port = address.port
  url = `http://127.0.0.1:${port}`
  check = await runtime.runPromise(
    Effect.gen(function* () {
      const stored = Keys.stored(site.secret, keys.readWrite, "read-write")
      const { id } = yield* Projects.create({ name: "P", keys: [stored] })
      const plan = () => Result.succeed({ details: Check.noDetails, policy: Check.defaultPolicy })
      return (yield* Create.run({ project: id, plan })).check.id
    }),
  )
})

afterAll(() => runtime.dispose())

const api = async (path: string) =>
  (await fetch(`${url}/api/v3/checks/${check}${path}`, { headers: { "x-api-key": keys.readWrite } })).json()

describe("an Effect application that serves Overdue", () => {
  it("takes whole URLs as targets", async () => {
    using talk = await SocketDialogue.open(port)
    const target = "http://other.example.org/healthz"
    talk.say(`GET ${target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`)
    expect(await talk.end()).toMatch(/^HTTP\/1\.1 200 /)
  })

  it("takes pings by any method, with bodies, and says from where", async () => {
    for (const init of [{}, { method: "HEAD" }, { method: "PUT", body: "x".repeat(20_000) }]) {
      const answer = await fetch(`${url}/ping/${check}`, init)
      expect([answer.status, answer.headers.get("ping-body-limit")]).toEqual([200, "10000"])
    }
    const { pings } = (await api("/pings/")) as { readonly pings: readonly Record<string, unknown>[] }
    expect(pings.map(({ method, remote_addr }) => [method, remote_addr])).toEqual(
      ["PUT", "HEAD", "GET"].map((method) => [method, "127.0.0.1"]),
    )
    const body = await fetch(String(pings[0]!["body_url"]).replace(site.root, url), {
      headers: { "x-api-key": keys.readWrite },
    })
    expect((await body.text()).length).toBe(10_000)
  })

  it("speaks the management API, query, errors and redirects included", async () => {
    expect(await api("?details=1")).toMatchObject({ uuid: check })
    expect((await fetch(`${url}/api/v3/checks/`)).status).toBe(401)
    const redirected = await fetch(`${url}/api/v3/checks?tag=a`, { redirect: "manual" })
    expect([redirected.status, redirected.headers.get("location")]).toEqual([301, "/api/v3/checks/?tag=a"])
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
    expect((await fetch(`${url}/nothing`)).status).toBe(404)
  })

  it("keeps its own routes", async () => {
    expect(await (await fetch(`${url}/own`)).text()).toBe("the application's own")
    expect((await fetch(`${url}/own`, { method: "HEAD" })).status).toBe(200)
    expect((await fetch(`${url}/healthz`, { method: "HEAD" })).status).toBe(200)
  })

  it("streams, and sets several cookies", async () => {
    const producer = new Producer()
    producers.set("/1", producer)
    producer.give("data: 1\n\n")
    const answer = await fetch(`${url}/streams/1`)
    expect(answer.headers.getSetCookie()).toEqual(["a=1; Path=/; HttpOnly", "b=2; Path=/"])
    expect(answer.headers.get("content-type")).toBe("text/event-stream")
    const reader = answer.body!.getReader()
    expect(new TextDecoder().decode((await reader.read()).value)).toBe("data: 1\n\n")
    producer.give("data: 2\n\n")
    expect(new TextDecoder().decode((await reader.read()).value)).toBe("data: 2\n\n")
    producer.give(undefined)
    expect((await reader.read()).done).toBe(true)
  })

  it("ends the producer of a stream whose client goes away", async () => {
    const producer = new Producer()
    producers.set("/2", producer)
    using talk = await SocketDialogue.open(port)
    talk.say("GET /streams/2 HTTP/1.1\r\nhost: x\r\n\r\n")
    producer.give("data: 1\n\n")
    await talk.hear(/data: 1/)
    talk.socket.destroy()
    await producer.ended
  })

  it("starts no stream for a HEAD", async () => {
    const producer = new Producer()
    producers.set("/3", producer)
    expect((await fetch(`${url}/streams/3`, { method: "HEAD" })).status).toBe(200)
    expect(producer.asked).toBe(0)
  })
})
