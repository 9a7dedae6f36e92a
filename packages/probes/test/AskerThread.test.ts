/** The thread that asks: what becomes of questions when it dies, is stopped, or one is given up. */
import { Worker } from "node:worker_threads"
import * as Probe from "@overdue/core/Probe"
import * as AskerThread from "@overdue/probes/AskerThread"
import { afterEach, describe, expect, it, vi } from "vitest"
import * as Receiver from "../../../test/kit/Receiver.ts"
import * as Peer from "./Peer.ts"

afterEach(() => {
  vi.restoreAllMocks()
})

const probe = (url: string) => Probe.make({ url })

/** Starts a peer that is silent, and what resolves once somebody has connected to it, and once they have left. */
const silent = async () => {
  const came = Promise.withResolvers<void>()
  const left = Promise.withResolvers<void>()
  const peer = await Peer.listen((socket) => {
    socket.resume()
    socket.on("close", () => left.resolve())
    came.resolve()
  })
  return { peer, url: `http://127.0.0.1:${peer.port}`, came: came.promise, left: left.promise }
}

describe("a thread that asks", () => {
  it("that dies is started again by the next question, and nothing is known of those before", async () => {
    const posted = vi.spyOn(Worker.prototype, "postMessage")
    const { ask, stop } = AskerThread.make({ allowPrivateTargets: true })
    const { peer, url, came } = await silent()
    await using _peer = peer
    await using receiver = await Receiver.listen()
    const asked = [ask(probe(url)), ask(probe(url))]
    await came
    const thread = posted.mock.contexts[0] as Worker // safe because nothing else here has a thread
    await thread.terminate()
    const unknown = { type: "unknown", why: "The thread that asks has ended." }
    expect(await Promise.all(asked)).toEqual([unknown, unknown])
    expect(await ask(probe(receiver.url))).toMatchObject({ type: "answer", answer: { ok: true } })
    expect(posted.mock.contexts.at(-1)).not.toBe(thread)
    stop()
  })

  it("closes what is open of a question that is given up, and goes on with the others", async () => {
    const { ask, stop } = AskerThread.make({ allowPrivateTargets: true })
    const { peer, url, came, left } = await silent()
    await using _peer = peer
    await using receiver = await Receiver.listen()
    const controller = new AbortController()
    const asked = ask(probe(url), controller.signal)
    await came
    controller.abort()
    const unknown = { type: "unknown", why: "The attempt was stopped." }
    expect(await asked).toEqual(unknown)
    await left
    expect(await ask(probe(url), controller.signal)).toEqual(unknown)
    expect(await ask(probe(receiver.url))).toMatchObject({ answer: { ok: true, statusCode: 200 } })
    stop()
  })

  it("closes all that is open when it is stopped", async () => {
    const { ask, stop } = AskerThread.make({ allowPrivateTargets: true })
    const { peer, url, came, left } = await silent()
    await using _peer = peer
    const asked = ask(probe(url))
    await came
    stop()
    expect(await asked).toEqual({ type: "unknown", why: "The prober was stopped." })
    await left
  })

  it("refuses private targets, and redirects to them, unless they are allowed", async () => {
    const { ask, stop } = AskerThread.make({ allowPrivateTargets: false })
    for (const host of ["127.0.0.1", "[::1]", "localhost", "169.254.169.254"]) {
      const answered = await ask(probe(`http://${host}:9`))
      expect([host, answered]).toMatchObject([
        host,
        { type: "answer", answer: { ok: false, reason: expect.stringContaining("private address") } },
      ])
    }
    stop()
  })

  it("says how long it has waited for a target that is silent", async () => {
    const { ask, stop } = AskerThread.make({ allowPrivateTargets: true, timeout: 100 })
    const { peer, url } = await silent()
    await using _peer = peer
    expect(await ask(probe(url))).toMatchObject({ answer: { ok: false, reason: "timeout" } })
    stop()
  })
})
