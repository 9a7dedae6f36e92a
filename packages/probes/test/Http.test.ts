import { gzipSync, brotliCompressSync, zstdCompressSync, deflateSync, deflateRawSync } from "node:zlib"
import { describe, expect, it } from "vitest"
import * as Receiver from "../../../test/kit/Receiver.ts"
import * as Peer from "./Peer.ts"

const { ask, reason, condition } = Peer
const once = (status: number, body: string | Uint8Array = "", headers = {}): Receiver.Answer => ({
  status,
  body,
  headers,
})

describe("an HTTP target", () => {
  it("that answers is fine, with its status and how long the parts took", async () => {
    await using receiver = await Receiver.listen(once(200, "hello"))
    const answer = await ask(`http://target.test:${receiver.port}/health?token=1`)
    expect(answer).toMatchObject({ ok: true, statusCode: 200 })
    expect(answer.reason).toBeUndefined()
    const { dns, connect, tls, firstByte, whole } = answer.timings
    expect([dns, connect, firstByte, whole].every((time) => time !== undefined && time >= 0)).toBe(true)
    expect(tls).toBeUndefined()
    for (const time of [dns, connect, firstByte, whole]) expect(Math.round(time! * 10) / 10).toBe(time)
    expect(receiver.received[0]).toMatchObject({ method: "GET", url: "/health?token=1", body: "" })
    expect(receiver.received[0]!.headers).toMatchObject({
      host: `target.test:${receiver.port}`,
      "user-agent": "Overdue",
      connection: "close",
    })
  })

  it.each([
    [200, true],
    [399, true],
    [400, false],
    [503, false],
  ])("that answers %i is fine: %s", async (status, ok) => {
    await using receiver = await Receiver.listen(once(status))
    const answer = await ask(receiver.url)
    expect(answer).toMatchObject({ ok, statusCode: status })
    expect(answer.reason).toBe(ok ? undefined : `status ${status}`)
  })

  it("may be asked for another status by a condition", async () => {
    await using receiver = await Receiver.listen(once(503))
    expect(await reason(receiver.url, { conditions: [condition("status equal 5xx")] })).toBeUndefined()
    expect(await reason(receiver.url, { conditions: [condition("status equal 2xx")] })).toBe(
      "condition 1 failed: status is 503",
    )
  })

  it("is judged by its body, its fields and its time", async () => {
    await using receiver = await Receiver.listen(once(200, '{"a":{"b":"up"}}', { "X-Version": "7" }))
    const held = ["json a.b equal up", "body contains up", "header x-version equal 7", "time less-than 60000"]
    expect(await reason(receiver.url, { conditions: held.map(condition) })).toBeUndefined()
    expect(await reason(receiver.url, { conditions: [condition("json a.b equal down")] })).toBe(
      "condition 1 failed: json a.b is up",
    )
  })

  it("is sent the method, the fields and the body of the probe", async () => {
    await using receiver = await Receiver.listen()
    const headers = { "X-Kind": "a", "user-agent": "mine", "Content-Length": "9999", Host: "other.test" }
    await ask(`http://ann:p%40ss@target.test:${receiver.port}/`, { method: "PUT", headers, body: "žluť" })
    expect(receiver.received[0]).toMatchObject({ method: "PUT", body: "žluť" })
    expect(receiver.received[0]!.headers).toMatchObject({
      "x-kind": "a",
      "user-agent": "mine",
      "content-length": "6",
      host: "other.test",
      authorization: `Basic ${Buffer.from("ann:p@ss").toString("base64")}`,
    })
  })

  it.each([
    ["method", { method: "GE T" }],
    ["field", { headers: { "X-A": "a\r\nX-B: b" } }],
  ])("is not sent an invalid %s", async (_what, given) => {
    await using receiver = await Receiver.listen()
    expect(await reason(receiver.url, given)).toBe(
      "the request cannot be sent: its method or a header is invalid",
    )
    expect(receiver.received).toEqual([])
  })

  it("that is asked for its head has no body", async () => {
    const head = once(200, "", { "Content-Encoding": "gzip", "Content-Length": "70" })
    await using receiver = await Receiver.listen(head)
    expect(await ask(receiver.url, { method: "HEAD" })).toMatchObject({ ok: true, statusCode: 200 })
  })

  it("that changes the protocol answers 101", async () => {
    await using peer = await Peer.listen((socket) =>
      socket.once("data", () =>
        socket.write("HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"),
      ),
    )
    const headers = { Connection: "Upgrade", Upgrade: "websocket" }
    const given = { headers, conditions: [condition("status equal 101")] }
    expect(await reason(`http://127.0.0.1:${peer.port}/`, given)).toBeUndefined()
  })

  it("is reached by IPv6 alone", async () => {
    await using peer = await Peer.listen((socket) => socket.end("HTTP/1.1 204 No\r\n\r\n"), "::1")
    expect(await reason(`http://[::1]:${peer.port}/`)).toBeUndefined()
    const resolve = async () => [{ address: "::1", family: 6 }]
    expect(await reason(`http://target.test:${peer.port}/`, {}, { resolve })).toBeUndefined()
  })

  it("is reached by the address that answers, whichever it is", async () => {
    await using peer = await Peer.listen((socket) => socket.end("HTTP/1.1 204 No\r\n\r\n"))
    const resolve = async () => [
      { address: "::1", family: 6 },
      { address: "127.0.0.1", family: 4 },
    ]
    expect(await reason(`http://target.test:${peer.port}/`, {}, { resolve })).toBeUndefined()
  })
})

describe("a redirect", () => {
  const to = (location: string, status = 302): Receiver.Answer =>
    Receiver.status(status, { Location: location })

  it("is followed, and the answer is the last", async () => {
    await using receiver = await Receiver.listen([to("/a"), to("b?c=1", 301), once(200, "there")])
    const given = { conditions: [condition("body equal there")] }
    expect(await ask(receiver.url, given)).toMatchObject({ ok: true, statusCode: 200 })
    expect(receiver.received.map(({ url }) => url)).toEqual(["/", "/a", "/b?c=1"])
  })

  it("is the answer when it is not to be followed", async () => {
    await using receiver = await Receiver.listen(to("/a"))
    expect(await ask(receiver.url, { followsRedirects: false })).toMatchObject({ ok: true, statusCode: 302 })
    expect(receiver.received).toHaveLength(1)
  })

  it.each([
    [301, "POST", "GET", ""],
    [302, "POST", "GET", ""],
    [303, "PUT", "GET", ""],
    [301, "PUT", "PUT", "body"],
    [307, "POST", "POST", "body"],
    [308, "POST", "POST", "body"],
    [303, "HEAD", "HEAD", ""],
  ])("%i makes of %s a %s", async (status, method, next, body) => {
    await using receiver = await Receiver.listen([to("/b", status), once(200)])
    await ask(receiver.url, {
      method,
      body: method === "HEAD" ? "" : "body",
      headers: { "Content-Type": "text/plain" },
    })
    expect(receiver.received[1]).toMatchObject({ method: next, body })
    expect(receiver.received[1]!.headers["content-type"]).toBe(next === "GET" ? undefined : "text/plain")
  })

  it("is followed ten times, and no more", async () => {
    await using ten = await Receiver.listen([...Array.from({ length: 10 }, () => to("/")), once(200)])
    expect(await reason(ten.url)).toBeUndefined()
    await using loop = await Receiver.listen(to("/"))
    expect(await reason(loop.url)).toBe("too many redirects")
    expect(loop.received).toHaveLength(11)
  })

  it("to another origin carries nothing that the user has set", async () => {
    await using other = await Receiver.listen(once(200))
    await using receiver = await Receiver.listen(to(`${other.url}/`, 307))
    const headers = { "X-Api-Key": "secret", Cookie: "secret", "User-Agent": "secret", Host: "secret" }
    await ask(`http://ann:secret@target.test:${receiver.port}/`, { method: "POST", headers, body: "secret" })
    expect(other.received).toHaveLength(1)
    expect(JSON.stringify(other.received[0])).not.toContain("secret")
    expect(receiver.received[0]!.headers).toMatchObject({ "x-api-key": "secret" })
  })

  it("to the same origin carries all", async () => {
    await using receiver = await Receiver.listen([to("/b", 307), once(200)])
    await ask(receiver.url, { headers: { "X-Api-Key": "secret" } })
    expect(receiver.received[1]!.headers).toMatchObject({ "x-api-key": "secret" })
  })

  it.each([
    ["ftp://127.0.0.1/", "redirect to what is not http"],
    ["file:///etc/passwd", "redirect to what is not http"],
    ["http://[bad/", "redirect to an invalid address"],
  ])("to %s fails: %s", async (location, expected) => {
    await using receiver = await Receiver.listen(to(location))
    expect(await reason(receiver.url)).toBe(expected)
  })

  it.each(["http://169.254.169.254/latest", "http://2851995650/latest", "http://0xa9.254.43518/"])(
    "to a private address such as %s fails, and nothing is sent there",
    async (location) => {
      await using receiver = await Receiver.listen(to(location))
      expect(await reason(receiver.url)).toMatch(
        /^private address: .*\(--allow-private-targets, or allowPrivateTargets\)/,
      )
    },
  )
})

describe("a private address", () => {
  it.each(["127.0.0.1", "[::1]", "localhost"])("is refused as %s", async (host) => {
    await using receiver = await Receiver.listen()
    const asked = ask(`http://${host}:${receiver.port}/`, {}, { isAllowed: undefined, resolve: undefined })
    expect((await asked).reason).toMatch(/^private address: /)
    expect(receiver.received).toEqual([])
  })

  it.each(["2130706433", "0x7f.1", "127.1"])("is not even a URL as %s", async (host) => {
    await using receiver = await Receiver.listen()
    const asked = ask(`http://${host}:${receiver.port}/`, {}, { isAllowed: undefined, resolve: undefined })
    expect((await asked).reason).toBe("the URL is invalid")
    expect(receiver.received).toEqual([])
  })

  it("is refused when a name server gives it at a later look-up", async () => {
    await using receiver = await Receiver.listen(Receiver.status(302, { Location: "/again" }))
    let lookups = 0
    const resolve = async () => [{ address: lookups++ === 0 ? "127.0.0.1" : "10.0.0.1", family: 4 }]
    expect(await reason(`http://target.test:${receiver.port}/`, {}, { resolve })).toMatch(
      /^private address: /,
    )
    expect(receiver.received).toHaveLength(1)
  })

  it("is left out when a name has another", async () => {
    await using peer = await Peer.listen(() => {})
    const resolve = async () => [
      { address: "127.0.0.1", family: 4 },
      { address: "::1", family: 6 },
    ]
    const isAllowed = (address: string) => address === "::1"
    expect(await reason(`http://target.test:${peer.port}/`, {}, { resolve, isAllowed })).toBe(
      "connection refused",
    )
    expect(peer.taken()).toBe(0)
  })
})

describe("a body", () => {
  const text = "plain ".repeat(1000)
  it.each([
    ["gzip", gzipSync(text)],
    ["deflate", deflateSync(text)],
    ["deflate", deflateRawSync(text)],
    ["br", brotliCompressSync(text)],
    ["zstd", zstdCompressSync(text)],
    ["gzip, br", brotliCompressSync(gzipSync(text))],
    ["identity", Buffer.from(text)],
    ["unheard-of", Buffer.from(text)],
  ])("in %s is read", async (coding, body) => {
    await using receiver = await Receiver.listen(once(200, body, { "Content-Encoding": coding }))
    const conditions = [{ ...condition("body equal x"), values: [text] }]
    expect(await reason(receiver.url, { conditions })).toBeUndefined()
    expect(receiver.received[0]!.headers["accept-encoding"]).toBe("gzip, deflate, br, zstd")
  })

  it("is read as what its type says that it is written in", async () => {
    const latin = once(200, Buffer.from("caf\u00e9", "latin1"), {
      "Content-Type": "text/plain; charset=ISO-8859-1",
    })
    await using receiver = await Receiver.listen(latin)
    expect(await reason(receiver.url, { conditions: [condition("body equal café")] })).toBeUndefined()
  })

  it.each(["gzip", "deflate", "br", "zstd"])("that is no %s fails", async (coding) => {
    await using receiver = await Receiver.listen(
      once(200, "x not compressed", { "Content-Encoding": coding }),
    )
    expect(await reason(receiver.url)).toBe("the body cannot be decompressed")
  })

  it("that was compressed again and again fails", async () => {
    await using receiver = await Receiver.listen(once(200, "", { "Content-Encoding": "gzip, gzip, gzip" }))
    expect(await reason(receiver.url)).toBe("the body cannot be decompressed")
  })

  it("of ten megabytes is read up to its first", async () => {
    const body = Buffer.concat([
      Buffer.alloc(1_048_575, "a"),
      Buffer.from("bc"),
      Buffer.alloc(10_000_000, "d"),
    ])
    await using receiver = await Receiver.listen(once(200, body))
    const read = ["body contains ab", "body not-contains c"].map(condition)
    expect(await reason(receiver.url, { conditions: read })).toBeUndefined()
  })
})

describe("a target that fails in the middle", () => {
  const head = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n"
  const after = (act: (socket: Parameters<Parameters<typeof Peer.listen>[0]>[0]) => void) =>
    Peer.listen((socket) => socket.once("data", () => act(socket)))
  const url = ({ port }: Peer.Peer, scheme = "http") => `${scheme}://target.test:${port}/?token=secret`

  it.each([
    ["closes after it has accepted", () => Peer.listen((socket) => socket.end()), "connection closed"],
    [
      "resets after it has accepted",
      () => Peer.listen((socket) => socket.resetAndDestroy()),
      "connection reset",
    ],
    ["closes after the request", () => after((socket) => socket.end()), "connection closed"],
    ["resets after the request", () => after((socket) => socket.resetAndDestroy()), "connection reset"],
    ["closes within its head", () => after((socket) => socket.end(head)), "connection closed"],
    ["closes within its body", () => after((socket) => socket.end(`${head}\r\nabc`)), "connection closed"],
    ["says what is not HTTP", () => after((socket) => socket.end("220 mail\r\n")), "the answer is not HTTP"],
    [
      "has fields without end",
      () => after((socket) => socket.write(`${head}X: ${"x".repeat(200_000)}`)),
      "the headers of the answer are too long",
    ],
  ] as const)("that %s", async (_what, start, expected) => {
    await using peer = await start()
    expect(await reason(url(peer))).toBe(expected)
  })

  const chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"
  it.each([
    ["no chunk", "ZZZ\r\nabc"],
    ["a chunk that does not end where it should", "3\r\nabcXX0\r\n\r\n"],
    ["a chunk longer than any number", "7fffffffffffffffff\r\nabc"],
  ])("whose body is %s", async (_what, body) => {
    // The body comes with the head, and after it.
    for (const [first, then] of [
      [`${chunked}\r\n${body}`, ""],
      [`${chunked}\r\n`, body],
    ] as const) {
      await using peer = await after((socket) =>
        socket.write(first, () => then !== "" && setImmediate(() => socket.write(then))),
      )
      expect(await reason(url(peer))).toBe("the answer is not HTTP")
    }
  })

  it("only once its body was whole has not failed", async () => {
    await using peer = await after((socket) =>
      socket.end("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcXYZ"),
    )
    expect(await reason(url(peer), { conditions: [condition("body equal abc")] })).toBeUndefined()
  })

  it.each([
    ["its head", head],
    ["its body", `${head}\r\nabc`],
  ])("that resets within %s", async (_what, begin) => {
    await using peer = await after((socket) =>
      socket.write(begin, () => setImmediate(() => socket.resetAndDestroy())),
    )
    expect(await reason(url(peer))).toMatch(/^connection (reset|closed)$/)
  })

  it.each([
    ["never answers", (socket: { write: (text: string) => void }) => void socket],
    ["stops in its head", (socket: { write: (text: string) => void }) => socket.write(head)],
    ["stops in its body", (socket: { write: (text: string) => void }) => socket.write(`${head}\r\nabc`)],
  ])("that %s is a timeout", async (_what, act) => {
    await using peer = await after(act)
    const answer = await ask(url(peer), {}, { timeout: 150 })
    expect(answer).toMatchObject({ ok: false, reason: "timeout" })
    expect(answer.timings.whole).toBeGreaterThanOrEqual(149)
    expect(answer.timings.connect).toBeGreaterThanOrEqual(0)
  })

  it("that sends its head or its body byte by byte is a timeout", async () => {
    await using peer = await after((socket) => {
      socket.write(`${head}\r\n`)
      const timer = setInterval(() => socket.write("a"), 20)
      socket.on("close", () => clearInterval(timer))
    })
    const answer = await ask(url(peer), {}, { timeout: 200 })
    expect(answer).toMatchObject({ ok: false, reason: "timeout", statusCode: 200 })
  })

  it("that nobody listens for refuses", async () => {
    expect(await reason(`http://127.0.0.1:${await Peer.closedPort()}/`)).toBe("connection refused")
  })

  it("names no secret in any reason", async () => {
    await using receiver = await Receiver.listen(once(500))
    const given = { headers: { "X-Api-Key": "secret" }, conditions: [condition("header x-none equal 1")] }
    expect(await reason(`http://ann:secret@127.0.0.1:${receiver.port}/?secret`, given)).not.toContain(
      "secret",
    )
  })
})
