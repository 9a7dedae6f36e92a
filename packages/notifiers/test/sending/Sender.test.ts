import { subscribe, unsubscribe } from "node:diagnostics_channel"
import { once } from "node:events"
import type { ServerResponse } from "node:http"
import * as net from "node:net"
import { describe, expect, it } from "@effect/vitest"
import type { NotifyRequest, NotifyResponse } from "@overdue/notifiers/HttpKind"
import * as Limits from "@overdue/notifiers/Limits"
import * as Sender from "@overdue/notifiers/sending/Sender"
import type { Unsent } from "@overdue/notifiers/sending/Unsent"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import { cert, key } from "../../../../test/kit/Certificate.ts"
import * as Receiver from "../../../../test/kit/Receiver.ts"

const request = (url: string, given: Partial<NotifyRequest> = {}): NotifyRequest => ({
  method: "GET",
  url,
  headers: {},
  body: undefined,
  ...given,
})

const post = (url: string, headers: NotifyRequest["headers"] = {}): NotifyRequest =>
  request(url, { method: "POST", body: "it is down", headers })

const isLoopback = (address: string) => address === "127.0.0.1"
const toLoopback = async () => [{ address: "127.0.0.1", family: 4 }]

/** Sends to the receiver's address, and to no other that is not public. */
const send = Sender.make({ isAllowed: isLoopback, resolve: toLoopback })

const run = (sent: Effect.Effect<NotifyResponse, Unsent>) => Effect.runPromise(sent)
const refusal = (sent: Effect.Effect<NotifyResponse, Unsent>) => Effect.runPromise(Effect.flip(sent))

describe("a request", () => {
  it("arrives with its method, headers and body", async () => {
    await using receiver = await Receiver.listen()
    const sent = post(`${receiver.url}/a/b?c=%20d`, { "X-Kind": "caf\u00e9", "Content-Type": "text/plain" })
    expect(await run(send({ ...sent, body: "žluťoučký" }))).toEqual({
      status: 200,
      body: "OK",
      retryAfter: undefined,
    })
    const [received] = receiver.received
    expect(received).toMatchObject({ method: "POST", url: "/a/b?c=%20d", body: "žluťoučký" })
    expect(received?.headers).toMatchObject({
      "content-length": "13",
      "content-type": "text/plain",
      "x-kind": "caf\u00e9",
      "user-agent": "Overdue",
      host: `127.0.0.1:${receiver.port}`,
    })
  })

  it("may name its own user agent", async () => {
    await using receiver = await Receiver.listen()
    await run(send(request(receiver.url, { headers: { "user-agent": "mine" } })))
    expect(receiver.received[0]?.headers["user-agent"]).toBe("mine")
  })

  it("without a body says so when the method would have one", async () => {
    await using receiver = await Receiver.listen()
    await run(send(request(receiver.url, { method: "PUT" })))
    await run(send(request(receiver.url)))
    expect(receiver.received.map(({ headers }) => headers["content-length"])).toEqual(["0", undefined])
  })

  it("turns user name and password of the URL into Basic authentication", async () => {
    await using receiver = await Receiver.listen()
    const url = receiver.url.replace("//", "//us%20er:p%20%zz@")
    await run(send(request(url)))
    await run(send(request(url, { headers: { authorization: "Bearer mine" } })))
    expect(receiver.received.map(({ headers }) => headers.authorization)).toEqual([
      `Basic ${Buffer.from("us er:p %zz").toString("base64")}`,
      "Bearer mine",
    ])
  })

  it("that cannot be written is not sent, and is no defect", async () => {
    await using receiver = await Receiver.listen()
    const broken = request(receiver.url, { headers: { "X-Broken": "a\r\nX-Injected: secret" } })
    expect(await refusal(send(broken))).toMatchObject({
      permanent: false,
      why: "the request failed (ERR_INVALID_CHAR)",
    })
    expect(receiver.received).toEqual([])
  })

  it("to what is not an http or https URL is not sent, and the URL is not quoted", async () => {
    for (const url of ["http://a b/", "ftp://secret/", "secret", "http://%20secret/"]) {
      const { why, permanent } = await refusal(send(request(url)))
      expect(permanent).toBe(false)
      expect(why).not.toContain("secret")
    }
  })
})

describe("a target", () => {
  const guarded = Sender.make()

  it.each([["http://127.0.0.1"], ["http://2130706433"], ["http://[::1]"], ["http://[::ffff:127.0.0.1]"]])(
    "at a private address is refused for good: %s",
    async (host) => {
      await using receiver = await Receiver.listen()
      const unsent = await refusal(guarded(request(`${host}:${receiver.port}/secret`)))
      expect(unsent).toMatchObject({ permanent: true, why: expect.stringContaining("allowPrivateTargets") })
      expect(unsent.why).toContain(new URL(host).hostname)
      expect(unsent.why).not.toContain("secret")
      expect(receiver.received).toEqual([])
    },
  )

  it("whose name resolves to a private address is refused for now: a name server may mend its answer", async () => {
    await using receiver = await Receiver.listen()
    const unsent = await refusal(guarded(request(`http://localhost:${receiver.port}/`)))
    expect(unsent).toMatchObject({ permanent: false, why: expect.stringContaining("localhost") })
    expect(receiver.received).toEqual([])
  })

  it("is resolved once, and connected to at the address that was checked", async () => {
    await using receiver = await Receiver.listen()
    const answers = [[{ address: "127.0.0.1", family: 4 }], [{ address: "127.0.0.2", family: 4 }]]
    const asked: string[] = []
    const resolve = async (host: string) => {
      asked.push(host)
      return answers.shift() ?? []
    }
    const rebound = Sender.make({ isAllowed: isLoopback, resolve })
    expect(await run(rebound(request(`http://hooks.test:${receiver.port}/`)))).toMatchObject({ status: 200 })
    expect(asked).toEqual(["hooks.test"])
    expect(receiver.received[0]?.headers.host).toBe(`hooks.test:${receiver.port}`)
    expect(await refusal(rebound(request(`http://hooks.test:${receiver.port}/`)))).toMatchObject({
      permanent: false,
    })
    expect(receiver.received).toHaveLength(1)
  })

  it("with private addresses among its public ones is reached at the public ones only", async () => {
    await using receiver = await Receiver.listen()
    const addresses = ["127.0.0.1", "127.0.0.2"].map((address) => ({ address, family: 4 }))
    const sender = (allowed: string) =>
      Sender.make({ isAllowed: (address) => address === allowed, resolve: async () => addresses })
    const sent = request(`http://hooks.test:${receiver.port}/`)
    expect(await refusal(sender("127.0.0.2")(sent))).toMatchObject({ permanent: false })
    expect(receiver.received).toEqual([])
    expect(await run(sender("127.0.0.1")(sent))).toMatchObject({ status: 200 })
  })

  it("that cannot be resolved may be found later", async () => {
    const failing = Sender.make({
      resolve: () => Promise.reject(Object.assign(new Error(), { code: "ENOTFOUND" })),
    })
    const unsent = await refusal(failing(request("http://hooks.test/secret")))
    expect(unsent).toMatchObject({ permanent: false, why: "the host name could not be resolved (ENOTFOUND)" })
    const empty = Sender.make({ resolve: async () => [] })
    expect(await refusal(empty(request("http://hooks.test/")))).toMatchObject({ permanent: false })
  })

  it("that refuses the connection may take it later", async () => {
    const receiver = await Receiver.listen()
    await receiver[Symbol.asyncDispose]()
    expect(await refusal(send(request(`${receiver.url}/secret`)))).toMatchObject({
      permanent: false,
      why: "the connection was refused (ECONNREFUSED)",
    })
  })

  it("that hangs up or speaks another language may do better later", async () => {
    const upgrade = "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: other\r\n\r\n"
    for (const words of ["", "220 mail.example ESMTP\r\n", upgrade]) {
      await using target = await rawServer((socket) => socket.once("data", () => socket.end(words)))
      expect(await refusal(send(request(target.url)))).toMatchObject({ permanent: false })
    }
  })
})

describe("a target with TLS", () => {
  const trusting = Sender.make({
    isAllowed: isLoopback,
    resolve: toLoopback,
    certificateAuthorities: [cert],
  })

  it("is reached by its name, though the address was looked up before", async () => {
    await using receiver = await Receiver.listenTls(Receiver.ok, { cert, key })
    const url = `https://hooks.test:${receiver.port}/`
    expect(await run(trusting(request(url)))).toMatchObject({ status: 200 })
  })

  it("must show a certificate of the host in the URL, whatever the header Host says", async () => {
    await using receiver = await Receiver.listenTls(Receiver.ok, { cert, key })
    for (const host of ["other.test", "127.0.0.1"]) {
      const sent = request(`https://${host}:${receiver.port}/`, { headers: { Host: "hooks.test" } })
      expect(await refusal(trusting(sent))).toMatchObject({
        permanent: false,
        why: "the certificate belongs to another host (ERR_TLS_CERT_ALTNAME_INVALID)",
      })
    }
    expect(receiver.received).toEqual([])
  })

  it("must show a certificate that somebody trusted has signed", async () => {
    await using receiver = await Receiver.listenTls(Receiver.ok, { cert, key })
    const unsent = await refusal(send(request(`https://hooks.test:${receiver.port}/`)))
    expect(unsent).toMatchObject({ permanent: false, why: expect.stringContaining("self-signed") })
    expect(receiver.received).toEqual([])
  })
})

describe("a redirect", () => {
  it.each([301, 302, 307, 308])("with status %i repeats method, headers and body", async (code) => {
    await using receiver = await Receiver.listen(({ url }) =>
      url === "/" ? Receiver.status(code, { location: "/there?x=1" }) : Receiver.status(200),
    )
    expect(await run(send(post(receiver.url, { "X-Key": "mine" })))).toMatchObject({ status: 200 })
    const [, there] = receiver.received
    expect(there).toMatchObject({ method: "POST", url: "/there?x=1", body: "it is down" })
    expect(there?.headers["x-key"]).toBe("mine")
  })

  it("with status 303 asks for the other place", async () => {
    await using receiver = await Receiver.listen(({ url }) =>
      url === "/" ? Receiver.status(303, { location: "/there" }) : Receiver.status(200),
    )
    expect(await run(send(post(receiver.url, { "Content-Type": "text/plain" })))).toMatchObject({
      status: 200,
    })
    const [, there] = receiver.received
    expect(there).toMatchObject({ method: "GET", url: "/there", body: "" })
    expect(there?.headers).not.toHaveProperty("content-type")
  })

  it("to another origin takes only the headers along that describe the message", async () => {
    await using there = await Receiver.listen()
    await using here = await Receiver.listen(Receiver.status(307, { location: `${there.url}/there` }))
    const url = here.url.replace("//", "//user:password@")
    const headers = {
      "X-Api-Key": "k",
      Cookie: "c",
      Host: "h",
      "Content-Type": "text/plain",
      "Idempotency-Key": "i",
    }
    expect(await run(send(post(url, headers)))).toMatchObject({ status: 200 })
    expect(here.received[0]?.headers).toMatchObject({ "x-api-key": "k", host: "h" })
    expect(here.received[0]?.headers).toHaveProperty("authorization")
    const received = there.received[0]?.headers
    expect(received).toMatchObject({ "content-type": "text/plain", "idempotency-key": "i" })
    for (const name of ["x-api-key", "cookie", "authorization"]) expect(received).not.toHaveProperty(name)
    expect(received?.host).toBe(`127.0.0.1:${there.port}`)
  })

  it("is followed three times and not a fourth", async () => {
    await using receiver = await Receiver.listen(({ url }) => {
      const left = Number(url.slice(1))
      return left === 0 ? Receiver.status(200) : Receiver.status(302, { location: `/${left - 1}` })
    })
    expect(await run(send(request(`${receiver.url}/3`)))).toMatchObject({ status: 200 })
    expect(await refusal(send(request(`${receiver.url}/4`)))).toMatchObject({
      permanent: false,
      why: "redirected more than 3 times",
    })
  })

  it.each([
    ["http://127.0.0.2/"],
    ["http://10.0.0.1/"],
    ["http://169.254.169.254/latest/meta-data/"],
    ["http://[::1]/"],
    ["http://[::ffff:10.0.0.1]/"],
    ["//2130706434/"],
  ])("to a private address is refused, and tried again: %s", async (location) => {
    await using receiver = await Receiver.listen(Receiver.status(302, { location }))
    expect(await refusal(send(request(receiver.url)))).toMatchObject({ permanent: false })
  })

  it("to a name that resolves to a private address is refused, and tried again", async () => {
    await using receiver = await Receiver.listen(Receiver.status(302, { location: "http://inside.test/" }))
    const resolve = async () => [{ address: "192.168.0.1", family: 4 }]
    const unsent = await refusal(Sender.make({ isAllowed: isLoopback, resolve })(request(receiver.url)))
    expect(unsent).toMatchObject({ permanent: false, why: expect.stringContaining("inside.test") })
  })

  it("from https to http, or to what is no web address, is not followed", async () => {
    await using plain = await Receiver.listen()
    await using receiver = await Receiver.listenTls(Receiver.status(307, { location: plain.url }), {
      cert,
      key,
    })
    const trusting = Sender.make({
      isAllowed: isLoopback,
      resolve: toLoopback,
      certificateAuthorities: [cert],
    })
    const url = `https://hooks.test:${receiver.port}/`
    expect(await refusal(trusting(post(url)))).toMatchObject({ permanent: false })
    await using elsewhere = await Receiver.listen(Receiver.status(307, { location: "file:///etc/passwd" }))
    expect(await refusal(send(post(elsewhere.url)))).toMatchObject({ permanent: false })
    expect(plain.received).toEqual([])
  })

  it("that names no place is an answer like any other", async () => {
    await using receiver = await Receiver.listen(Receiver.status(302))
    expect(await run(send(request(receiver.url)))).toMatchObject({ status: 302 })
  })
})

describe("an answer", () => {
  it("is read to a bound, however much there is, and then the connection is closed", async () => {
    const gone = Promise.withResolvers<void>()
    const chunk = "x".repeat(65_536)
    let taken = 0
    const write = (response: ServerResponse): void => {
      response.on("close", gone.resolve)
      const more = (): void => {
        do taken += chunk.length
        while (response.write(chunk))
      }
      response.on("drain", more)
      more()
    }
    await using receiver = await Receiver.listen({ write })
    const { status, body } = await run(send(request(receiver.url)))
    expect({ status, length: body.length }).toEqual({ status: 200, length: Limits.answer })
    await gone.promise
    // As much as the buffers of two sockets hold.
    expect(taken).toBeLessThan(16 * 1024 * 1024)
  })

  it("that is not UTF-8 or breaks off counts as far as it came", async () => {
    const write = (response: ServerResponse): void => {
      response.writeHead(500, { "content-length": 100 })
      response.write(Buffer.from([0x61, 0xff]), () => response.destroy())
    }
    await using receiver = await Receiver.listen({ write })
    expect(await run(send(request(receiver.url)))).toMatchObject({ status: 500 })
  })

  it.effect("may say when to come back, in seconds or as a date", () =>
    Effect.gen(function* () {
      const seconds = yield* Effect.promise(() =>
        Receiver.listen(Receiver.status(429, { "retry-after": "120" })),
      )
      expect((yield* send(request(seconds.url))).retryAfter).toBe(120_000)
      const date = "Thu, 01 Jan 1970 00:03:00 GMT"
      const dated = yield* Effect.promise(() =>
        Receiver.listen(Receiver.status(503, { "retry-after": date })),
      )
      yield* TestClock.adjust("1 minute")
      expect((yield* send(request(dated.url))).retryAfter).toBe(120_000)
      yield* Effect.promise(() => Promise.all([seconds, dated].map((one) => one[Symbol.asyncDispose]())))
    }),
  )
})

describe("a target that takes its time", () => {
  /** A receiver that says what came in and when its sender has hung up, and answers with these bytes and no more. */
  const stalling = (bytes: string) =>
    Effect.acquireRelease(
      Effect.promise(async () => {
        const arrived = Promise.withResolvers<void>()
        const gone = Promise.withResolvers<void>()
        const target = await rawServer((socket) => {
          socket.once("close", gone.resolve)
          socket.once("data", () => socket.write(bytes, () => arrived.resolve()))
        })
        return { ...target, arrived: arrived.promise, gone: gone.promise }
      }),
      (target) => Effect.promise(() => target[Symbol.asyncDispose]()),
    )

  it.effect.each([
    { does: "never answers", bytes: "" },
    { does: "drips its status line", bytes: "HTTP/1.1 2" },
    { does: "drips its headers", bytes: "HTTP/1.1 200 OK\r\nX-Slow: a" },
  ])("and $does is given up after 30 s, and may do better later", ({ bytes }) =>
    Effect.gen(function* () {
      const target = yield* stalling(bytes)
      const sending = yield* Effect.forkChild(Effect.flip(send(request(`${target.url}/secret`))))
      yield* Effect.promise(() => target.arrived)
      yield* TestClock.adjust("29999 millis")
      expect(sending.pollUnsafe()).toBeUndefined()
      yield* TestClock.adjust("1 millis")
      expect(yield* Fiber.join(sending)).toMatchObject({ permanent: false, why: "no answer within 30 s" })
      yield* Effect.promise(() => target.gone)
    }),
  )

  it.effect("is given up even where nothing else may interrupt the sending", () =>
    Effect.gen(function* () {
      const target = yield* stalling("")
      const sending = yield* Effect.forkChild(Effect.uninterruptible(Effect.flip(send(request(target.url)))))
      yield* Effect.promise(() => target.arrived)
      yield* TestClock.adjust("30 seconds")
      expect(yield* Fiber.join(sending)).toMatchObject({ permanent: false })
      yield* Effect.promise(() => target.gone)
    }),
  )

  it.effect("to be resolved is given up as well", () =>
    Effect.gen(function* () {
      const asked = Promise.withResolvers<void>()
      const resolve = () => {
        asked.resolve()
        return new Promise<never>(() => {})
      }
      const unresolved = Sender.make({ resolve, timeout: 5000 })
      const sending = yield* Effect.forkChild(Effect.flip(unresolved(request("http://hooks.test/"))))
      yield* Effect.promise(() => asked.promise)
      yield* TestClock.adjust("5 seconds")
      expect(yield* Fiber.join(sending)).toMatchObject({ permanent: false, why: "no answer within 5 s" })
    }),
  )

  it.effect("with each redirect has no more time for all of them together", () =>
    Effect.gen(function* () {
      const [asked, found, redirected] = [
        Promise.withResolvers<void>(),
        Promise.withResolvers<void>(),
        Promise.withResolvers<void>(),
      ]
      const location = "http://second.test/"
      const receiver = yield* Effect.acquireRelease(
        Effect.promise(() => Receiver.listen(Receiver.status(302, { location }))),
        (receiver) => Effect.promise(() => receiver[Symbol.asyncDispose]()),
      )
      const resolve = async (host: string) => {
        if (host === "second.test") {
          redirected.resolve()
          return new Promise<never>(() => {})
        }
        asked.resolve()
        await found.promise
        return toLoopback()
      }
      const slow = Sender.make({ isAllowed: isLoopback, resolve })
      const url = `http://first.test:${receiver.port}/`
      const sending = yield* Effect.forkChild(Effect.flip(slow(request(url))))
      yield* Effect.promise(() => asked.promise)
      yield* TestClock.adjust("20 seconds")
      found.resolve()
      yield* Effect.promise(() => redirected.promise)
      yield* TestClock.adjust("9999 millis")
      expect(sending.pollUnsafe()).toBeUndefined()
      yield* TestClock.adjust("1 millis")
      expect(yield* Fiber.join(sending)).toMatchObject({ permanent: false, why: "no answer within 30 s" })
    }),
  )

  it.effect("over its body has answered all the same once the status is there", () =>
    Effect.gen(function* () {
      const target = yield* stalling("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nslow")
      const headed = Promise.withResolvers<void>()
      const notice = () => headed.resolve()
      subscribe("http.client.response.finish", notice)
      yield* Effect.addFinalizer(() => Effect.sync(() => unsubscribe("http.client.response.finish", notice)))
      const sending = yield* Effect.forkChild(send(request(target.url)))
      yield* Effect.promise(() => headed.promise)
      yield* TestClock.adjust("2 seconds")
      const { status, body } = yield* Fiber.join(sending)
      expect(status).toBe(200)
      expect("slow").toContain(body)
      yield* Effect.promise(() => target.gone)
    }),
  )

  it.effect("is hung up on when the sending is interrupted", () =>
    Effect.gen(function* () {
      const target = yield* stalling("")
      const sending = yield* Effect.forkChild(send(request(target.url)))
      yield* Effect.promise(() => target.arrived)
      yield* Fiber.interrupt(sending)
      yield* Effect.promise(() => target.gone)
    }),
  )
})

/** A server that speaks whatever the test makes of it. It closes once its sockets have. */
const rawServer = async (onSocket: (socket: net.Socket) => void) => {
  const server = net.createServer((socket) => {
    socket.on("error", () => {})
    onSocket(socket)
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const { port } = server.address() as net.AddressInfo // safe because it listens on TCP
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.close()
      await once(server, "close")
    },
  }
}
