import type { Socket } from "node:net"
import { afterEach, describe, expect, it, vi } from "vitest"
import * as Peer from "./Peer.ts"

const { ask, reason, condition } = Peer

afterEach(() => {
  vi.useRealTimers()
})

describe("a TCP target", () => {
  it("that takes connections is fine, and what it says is not waited for", async () => {
    await using peer = await Peer.listen(() => {})
    const answer = await ask(`tcp://target.test:${peer.port}`)
    expect(answer).toMatchObject({ ok: true, timings: { connect: expect.any(Number) } })
    expect(answer.timings.firstByte).toBeUndefined()
  })

  it("is sent the body, and its reply is read when a condition is about it", async () => {
    await using peer = await Peer.listen((socket) =>
      socket.on("data", (chunk) => socket.write(`you said ${chunk.toString()}`)),
    )
    const given = {
      body: "PING",
      conditions: [condition("body equal PING")].map((one) => ({ ...one, values: ["you said PING"] })),
    }
    expect(await ask(`tcp://target.test:${peer.port}`, given)).toMatchObject({
      ok: true,
      timings: { firstByte: expect.any(Number) },
    })
  })

  it("is sent the body also when its reply does not matter", async () => {
    let hear: (text: string) => void = () => {}
    const heard = new Promise<string>((resolve) => (hear = resolve))
    await using peer = await Peer.listen((socket) => socket.once("data", (chunk) => hear(chunk.toString())))
    expect(await reason(`tcp://target.test:${peer.port}`, { body: "PING" })).toBeUndefined()
    expect(await heard).toBe("PING")
  })

  it("is read to its end, however its reply is cut", async () => {
    const parts = (socket: Socket) => socket.write("a", () => setImmediate(() => socket.end("b")))
    await using peer = await Peer.listen(parts)
    expect(
      await reason(`tcp://target.test:${peer.port}`, { conditions: [condition("body equal ab")] }),
    ).toBeUndefined()
  })

  it("is read up to a megabyte", async () => {
    await using peer = await Peer.listen((socket) => socket.write(Buffer.alloc(5_000_000, "a")))
    expect(
      await reason(`tcp://target.test:${peer.port}`, { conditions: [condition("body contains b")] }),
    ).toMatch(/^condition 1 failed: body begins with a{60}$/)
  })

  it("that says nothing, closes or resets fails by what it did", async () => {
    const given = { conditions: [condition("body contains b")] }
    await using silent = await Peer.listen(() => {})
    expect(await reason(`tcp://target.test:${silent.port}`, given, { timeout: 100 })).toBe("timeout")
    await using closing = await Peer.listen((socket) => socket.end())
    expect(await reason(`tcp://target.test:${closing.port}`, given)).toBe(
      "condition 1 failed: body begins with nothing",
    )
    await using resetting = await Peer.listen((socket) => socket.resetAndDestroy())
    expect(await reason(`tcp://target.test:${resetting.port}`, given)).toBe("connection reset")
    expect(await reason(`tcp://target.test:${await Peer.closedPort()}`)).toBe("connection refused")
  })
})

describe("a UDP target", () => {
  it("that replies is fine, and its reply is judged", async () => {
    await using peer = await Peer.listenUdp((datagram) => `you said ${datagram.toString()}`)
    const conditions = [condition("body contains hello")]
    expect(await ask(`udp://target.test:${peer.port}`, { body: "hello", conditions })).toMatchObject({
      ok: true,
      timings: { firstByte: expect.any(Number) },
    })
    expect(await reason(`udp://target.test:${peer.port}`)).toBeUndefined()
    expect(peer.heard).toEqual(["hello", ""])
  })

  it("that does not reply fails", async () => {
    await using peer = await Peer.listenUdp(() => undefined)
    expect(await reason(`udp://target.test:${peer.port}`, {}, { timeout: 100 })).toBe("timeout")
  })

  it.each(["udp", "tcp"])("over %s is waited for ten seconds", async (scheme) => {
    let hear: () => void = () => {}
    const heard = new Promise<void>((resolve) => (hear = resolve))
    await using datagrams = await Peer.listenUdp(() => {
      hear()
      return undefined
    })
    await using peer = await Peer.listen((socket) => socket.once("data", hear))
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] })
    const given = { body: "hello", conditions: [condition("body contains hello")] }
    const port = scheme === "udp" ? datagrams.port : peer.port
    const asking = ask(`${scheme}://target.test:${port}`, given, { timeout: 15_000 })
    await heard
    // What is sent is heard before the sender has gone on.
    await new Promise((resolve) => setImmediate(resolve))
    await vi.advanceTimersByTimeAsync(9_999)
    const isOver = await Promise.race([
      asking.then(() => true),
      new Promise((resolve) => setImmediate(resolve, false)),
    ])
    await vi.advanceTimersByTimeAsync(1)
    expect([isOver, (await asking).reason]).toEqual([false, "timeout"])
  })

  it("that nobody listens for refuses", async () => {
    expect(await reason(`udp://target.test:${await Peer.closedUdpPort()}`)).toBe("connection refused")
  })
})

describe("a host that is pinged", () => {
  it("is up when a port takes connections or refuses them", async () => {
    await using peer = await Peer.listen(() => {})
    const closed = await Peer.closedPort()
    expect(await reason("ping://target.test", {}, { pingPorts: [peer.port, closed] })).toBeUndefined()
    const answer = await ask("ping://target.test", {}, { pingPorts: [closed] })
    expect(answer).toMatchObject({ ok: true, timings: { connect: expect.any(Number) } })
  })

  it("is asked at its first port, and at the second only when that is silent", async () => {
    await using peer = await Peer.listen(() => {})
    const closed = await Peer.closedPort()
    await ask("ping://target.test", {}, { pingPorts: [closed, peer.port] })
    expect(peer.taken()).toBe(0)
    let lookups = 0
    const resolve = () =>
      lookups++ === 0 ? new Promise<never>(() => {}) : Promise.resolve([{ address: "127.0.0.1", family: 4 }])
    const more = { pingPorts: [closed, peer.port], resolve, timeout: 300 }
    expect(await reason("ping://target.test", {}, more)).toBeUndefined()
    expect(lookups).toBe(2)
  })

  it("is not up when its name is not known, or when it may not be asked", async () => {
    const resolve = () => Promise.reject(Object.assign(new Error("no"), { code: "ENOTFOUND" }))
    expect(await reason("ping://target.test", {}, { resolve })).toBe("dns: no such name")
    expect(await reason("ping://10.0.0.1")).toMatch(/^private address/)
  })
})
