import * as Probe from "@overdue/core/Probe"
import * as Asker from "@overdue/probes/Asker"
import type { Attempt } from "@overdue/probes/Attempt"
import * as Connection from "@overdue/probes/Connection"
import { Unknown } from "@overdue/probes/Failure"
import { afterEach, describe, expect, it, vi } from "vitest"
import * as Receiver from "../../../test/kit/Receiver.ts"
import * as Peer from "./Peer.ts"

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

const failing = (code: string) => Object.assign(new Error(`secret ${code}`), { code, syscall: "connect" })
const asked = (url: string, more: Asker.Options = {}, signal?: AbortSignal) =>
  Asker.make({ ...Peer.options, ...more })(Probe.make({ url }), signal)
const unresolved = (code: string) => ({ resolve: () => Promise.reject(failing(code)) })

describe("nothing is known of a target", () => {
  it("when its prober stops, before and while it asks", async () => {
    await using peer = await Peer.listen(() => {})
    const unknown = { type: "unknown", why: "The attempt was stopped." }
    expect(await asked(`http://127.0.0.1:${peer.port}`, {}, AbortSignal.abort())).toEqual(unknown)
    for (const scheme of ["http", "https", "smtp", "imaps", "tls"]) {
      const controller = new AbortController()
      let closed: () => void = () => {}
      const left = new Promise<void>((resolve) => (closed = resolve))
      await using silent = await Peer.listen((socket) => {
        socket.on("close", () => closed())
        socket.resume()
        controller.abort()
      })
      expect(await asked(`${scheme}://target.test:${silent.port}`, {}, controller.signal)).toEqual(unknown)
      await left
    }
  })

  it("when no address can be reached from here, unless there is a way to others", async () => {
    const reasonOf = (isOnline: boolean, ...codes: readonly string[]) =>
      Connection.reasonOf({ means: { isOnline: async () => isOnline } } as Attempt, codes.map(failing))
    expect(await reasonOf(false, "ENETUNREACH", "ENETUNREACH")).toBeInstanceOf(Unknown)
    expect(await reasonOf(true, "ENETUNREACH", "EADDRNOTAVAIL")).toMatchObject({
      reason: "network unreachable",
    })
    expect(await reasonOf(true, "EADDRNOTAVAIL")).toBeInstanceOf(Unknown)
    expect(await reasonOf(false, "ENETUNREACH", "ECONNREFUSED")).toMatchObject({
      reason: "connection refused",
    })
    expect(await reasonOf(true, "EHOSTUNREACH")).toMatchObject({ reason: "host unreachable" })
    expect(await reasonOf(true, "ETIMEDOUT")).toMatchObject({ reason: "timeout" })
    expect(typeof (await Connection.isOnline())).toBe("boolean")
  })

  it("and its signal, which lives on, is left as it was", async () => {
    await using receiver = await Receiver.listen()
    const controller = new AbortController()
    let listeners = 0
    const add = controller.signal.addEventListener.bind(controller.signal)
    const remove = controller.signal.removeEventListener.bind(controller.signal)
    controller.signal.addEventListener = (...given: Parameters<typeof add>) => {
      listeners++
      add(...given)
    }
    controller.signal.removeEventListener = (...given: Parameters<typeof remove>) => {
      listeners--
      remove(...given)
    }
    expect((await asked(receiver.url, {}, controller.signal)).type).toBe("answer")
    expect(listeners).toBe(0)
  })

  it.each(["EMFILE", "ENFILE", "ENOMEM", "ENOBUFS", "EADDRNOTAVAIL"])(
    "when this machine fails with %s",
    async (code) => {
      expect(await asked("http://target.test/", unresolved(code))).toEqual({
        type: "unknown",
        why: `This machine could not ask (${code}); that says nothing of the target.`,
      })
    },
  )

  it("when there is no way to anywhere, and something when there is one", async () => {
    const offline = { ...unresolved("EAI_AGAIN"), isOnline: async () => false }
    expect(await asked("http://target.test/", offline)).toMatchObject({ type: "unknown" })
    expect(await asked("http://target.test/", unresolved("EAI_AGAIN"))).toMatchObject({
      answer: { reason: "dns: no name server answers" },
    })
    expect(await asked("http://target.test/", { ...offline, ...unresolved("ENOTFOUND") })).toMatchObject({
      answer: { ok: false, reason: "dns: no such name" },
    })
  })

  const standstills = [
    ["the machine has slept", () => vi.setSystemTime(Date.now() + 10_000)],
    [
      "the event loop was blocked",
      () => {
        const now = performance.now.bind(performance)
        vi.spyOn(performance, "now").mockImplementation(() => now() + 10_000)
      },
    ],
  ] as const

  it.each(standstills)("when %s for long", async (_what, happen) => {
    vi.useFakeTimers({ toFake: ["Date"] })
    await using peer = await Peer.listen(() => happen())
    const why = expect.stringMatching(/^This process stood still for (8|9|10) s/)
    const url = `http://127.0.0.1:${peer.port}`
    expect(await asked(url, { timeout: 200 })).toEqual({ type: "unknown", why })
    await using again = await Peer.listen(() => {})
    expect(await asked(`http://127.0.0.1:${again.port}`, { timeout: 200 })).toMatchObject({
      answer: { reason: "timeout" },
    })
  })

  it.each(standstills)("but an answer that came all the same is one, when %s", async (_what, happen) => {
    vi.useFakeTimers({ toFake: ["Date"] })
    await using receiver = await Receiver.listen(() => {
      happen()
      return Receiver.ok
    })
    expect(await asked(receiver.url)).toMatchObject({ type: "answer", answer: { ok: true } })
  })

  it("but not when it stood still for a moment", async () => {
    await using peer = await Peer.listen(() => {})
    const asking = asked(`http://127.0.0.1:${peer.port}`, { timeout: 100 })
    const short = performance.now() + 300
    while (performance.now() < short);
    expect(await asking).toMatchObject({ answer: { ok: false, reason: "timeout" } })
  })
})

describe("a target", () => {
  it("whose URL cannot be read fails", async () => {
    expect(await asked("gopher://target.test")).toEqual({
      type: "answer",
      answer: { ok: false, reason: "the URL is invalid", timings: { whole: 0 } },
    })
  })

  it("has half a minute at most, whoever would wait for longer", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] })
    const wait = Promise.withResolvers<void>()
    await using peer = await Peer.listen(() => wait.resolve())
    const asking = asked(`http://127.0.0.1:${peer.port}`, { timeout: 3_600_000 })
    await wait.promise
    vi.advanceTimersByTime(30_000)
    expect(await asking).toMatchObject({ answer: { reason: "timeout" } })
  })

  it("that has no address fails", async () => {
    expect(await asked("http://target.test/", { resolve: async () => [] })).toMatchObject({
      answer: { reason: "dns: the name has no address" },
    })
  })

  it("is refused by default when its address is private", async () => {
    const answered = await Asker.make()(Probe.make({ url: "http://127.0.0.1:9/" }))
    expect(answered).toMatchObject({
      answer: { ok: false, reason: expect.stringMatching(/^private address: /) },
    })
  })

  it("whose name is not in ASCII is looked up as name servers know it", async () => {
    const names: string[] = []
    const resolve = async (name: string) => {
      names.push(name)
      return []
    }
    for (const url of ["tcp://bücher.example.:80", "http://bücher.example/"]) await asked(url, { resolve })
    expect(names).toEqual(["xn--bcher-kva.example", "xn--bcher-kva.example"])
  })

  it("is given up in time also when its name server is silent", async () => {
    const resolve = () => new Promise<never>(() => {})
    expect(await asked("http://target.test/", { resolve, timeout: 50 })).toMatchObject({
      answer: { reason: "timeout" },
    })
  })

  it("leaves no connection behind", async () => {
    const closed: Promise<void>[] = []
    await using peer = await Peer.listen((socket) => {
      closed.push(new Promise((resolve) => socket.once("close", () => resolve())))
      socket.resume()
    })
    for (const url of [
      "http://target.test",
      "tcp://target.test",
      "https://target.test",
      "pop3://target.test",
    ])
      await asked(`${url}:${peer.port}`, { timeout: 100 })
    await asked("ping://target.test", { pingPorts: [peer.port] })
    await Promise.all(closed)
    expect(closed).toHaveLength(5)
  })
})
