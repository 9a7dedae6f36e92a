import { once } from "node:events"
import { Worker } from "node:worker_threads"
import type { NotifyRequest, NotifyResponse } from "@overdue/notifiers/HttpKind"
import type { Sender } from "@overdue/notifiers/sending/Sender"
import * as SenderThread from "@overdue/notifiers/sending/SenderThread"
import type { Unsent } from "@overdue/notifiers/sending/Unsent"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Scope from "effect/Scope"
import { describe, expect, it } from "vitest"
import { cert, key } from "../../../../test/kit/Certificate.ts"
import * as Receiver from "../../../../test/kit/Receiver.ts"

/** A sender with a thread that ends with the test. */
const start = async (given: Partial<SenderThread.Options> = {}) => {
  const scope = Scope.makeUnsafe()
  const made = SenderThread.make({ allowPrivateTargets: true, ...given })
  const send: Sender = await Effect.runPromise(Effect.provideService(made, Scope.Scope, scope))
  const stop = () => Effect.runPromise(Scope.close(scope, Exit.void))
  return { send, stop, [Symbol.asyncDispose]: stop }
}

const request = (url: string, given: Partial<NotifyRequest> = {}): NotifyRequest => ({
  method: "POST",
  url,
  headers: { "X-Kind": "café" },
  body: "žluťoučký",
  ...given,
})

const run = (sent: Effect.Effect<NotifyResponse, Unsent>) => Effect.runPromise(sent)
const refusal = (sent: Effect.Effect<NotifyResponse, Unsent>) => Effect.runPromise(Effect.flip(sent))

describe("a thread that sends", () => {
  it("sends as the sender does, and brings back each answer to whoever asked", async () => {
    await using receiver = await Receiver.listen(({ url }) => ({ status: 200, body: `answer to ${url}` }))
    await using thread = await start()
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) => run(thread.send(request(`${receiver.url}/${n}`)))),
    )
    expect(answers.map(({ body }) => body)).toEqual(Array.from({ length: 50 }, (_, n) => `answer to /${n}`))
    expect(receiver.received[0]).toMatchObject({ method: "POST", body: "žluťoučký" })
    expect(receiver.received[0]?.headers["x-kind"]).toBe("café")
  })

  it("refuses private targets unless told otherwise, and says why a request was not sent", async () => {
    await using receiver = await Receiver.listen("drop")
    await using guarded = await start({ allowPrivateTargets: false })
    expect(await refusal(guarded.send(request(receiver.url)))).toMatchObject({
      permanent: true,
      why: expect.stringContaining("allowPrivateTargets"),
    })
    expect(receiver.received).toEqual([])
    await using open = await start()
    expect(await refusal(open.send(request(receiver.url)))).toMatchObject({
      permanent: false,
      why: "the connection was closed before an answer came (ECONNRESET)",
    })
    expect(await refusal(open.send(request(receiver.url, { headers: { "X-Bad": "a\nb" } })))).toMatchObject({
      why: "the request failed (ERR_INVALID_CHAR)",
    })
  })

  it("trusts the authorities that it is given, and keeps to the time that it is given", async () => {
    await using receiver = await Receiver.listenTls(Receiver.ok, { cert, key })
    await using thread = await start({ certificateAuthorities: [cert], timeout: 200 })
    // Trusted, though not for this host.
    expect(await refusal(thread.send(request(receiver.url)))).toMatchObject({
      why: "the certificate belongs to another host (ERR_TLS_CERT_ALTNAME_INVALID)",
    })
    await using hanging = await Receiver.listen("hang")
    expect(await refusal(thread.send(request(hanging.url)))).toMatchObject({ why: "no answer within 0.2 s" })
  })

  it("sends nothing that it was told too long ago, as when all threads were frozen meanwhile", async () => {
    await using receiver = await Receiver.listen()
    const program = new URL("../../src/sending/SenderWorker.ts", import.meta.url)
    const worker = new Worker(program, { workerData: { allowPrivateTargets: true } })
    const at = SenderThread.now()
    const orders: readonly SenderThread.Order[] = [
      { n: 1, request: request(`${receiver.url}/late`), at: at - SenderThread.sentWithin - 1_000 },
      { n: 2, request: request(`${receiver.url}/in-time`), at },
    ]
    const reports = new Map<number, SenderThread.Report>()
    const both = new Promise<void>((resolve) => {
      worker.on("message", (some: readonly SenderThread.Report[]) => {
        for (const report of some) reports.set(report.n, report)
        if (reports.size === 2) resolve()
      })
    })
    worker.postMessage(orders)
    await both
    await worker.terminate()
    expect(reports.get(1)).toMatchObject({
      why: "this node stood still before it was sent",
      permanent: false,
    })
    expect(receiver.received.map(({ url }) => url)).toEqual(["/in-time"])
  })

  it("gives up a request that nobody waits for any more", async () => {
    const closed = Promise.withResolvers<void>()
    await using receiver = await Receiver.listen({
      write: (response) => void response.on("close", () => closed.resolve()),
    })
    await using thread = await start()
    const fiber = Effect.runFork(thread.send(request(receiver.url)))
    await receiver.count(1)
    await Effect.runPromise(Fiber.interrupt(fiber))
    await closed.promise
  })

  it("that is stopped fails what it was sending, for now", async () => {
    await using receiver = await Receiver.listen("hang")
    const thread = await start()
    const failed = refusal(thread.send(request(receiver.url)))
    await receiver.count(1)
    await thread.stop()
    expect(await failed).toMatchObject({
      permanent: false,
      why: "the server was stopped before an answer came",
    })
  })

  it("that ends is started again, and what it was sending may be sent again", async () => {
    await using hanging = await Receiver.listen("hang")
    await using receiver = await Receiver.listen()
    const started = once(process, "worker")
    await using thread = await start()
    const failed = refusal(thread.send(request(hanging.url)))
    await hanging.count(1)
    // As when it runs out of memory.
    const [worker] = (await started) as [Worker]
    await worker.terminate()
    expect(await failed).toMatchObject({ permanent: false, why: "the thread that sends alerts has ended" })
    expect(await run(thread.send(request(receiver.url)))).toMatchObject({ status: 200 })
  })
})
