import type { IncomingMessage } from "node:http"
import { PassThrough } from "node:stream"
import type { Outbound } from "@overdue/server/http/Http"
import * as Bodies from "@overdue/server/http/Bodies"
import { describe, expect, it } from "vitest"

/** A request as far as its body goes. */
const request = (headers: Readonly<Record<string, string>> = {}) =>
  Object.assign(new PassThrough(), { headers })

const asRequest = (sender: unknown): IncomingMessage => sender as IncomingMessage // safe because nothing else is read

const reading = (bodies: Bodies.Bodies, limit: number) => {
  const sender = request()
  const refusals: Outbound[] = []
  const body = bodies.read(asRequest(sender), limit, (refusal) => refusals.push(refusal))
  return { sender, body, refusals }
}

const close = (sender: PassThrough): Promise<void> =>
  new Promise((resolve) => {
    if (sender.closed) return resolve()
    sender.once("close", resolve)
    sender.destroy()
  })

describe("bodies on their way in", () => {
  it("are each read up to their limit", async () => {
    const { sender, body } = reading(new Bodies.Bodies(), 4)
    sender.write("abc")
    sender.end("def")
    const { bytes, isCut } = await body
    expect([Buffer.from(bytes).toString(), isCut]).toEqual(["abcd", true])
  })

  it("may together take only so much memory, and give it back", async () => {
    const bodies = new Bodies.Bodies(100)
    const first = reading(bodies, 1_000)
    const second = reading(bodies, 1_000)
    first.sender.write(Buffer.alloc(60))
    second.sender.write(Buffer.alloc(60))
    await expect(second.body).rejects.toThrow("too many requests at once")
    expect(second.refusals).toMatchObject([{ status: 503, headers: { "retry-after": "5" } }])
    second.sender.write(Buffer.alloc(60))
    first.sender.end()
    expect((await first.body).bytes).toHaveLength(60)
    expect([first.refusals, second.refusals.length]).toEqual([[], 1])

    await Promise.all([first.sender, second.sender].map(close))
    const third = reading(bodies, 1_000)
    third.sender.end(Buffer.alloc(100))
    expect((await third.body).bytes).toHaveLength(100)
  })

  it("count for no more than their limit, however long they are", async () => {
    const { sender, body } = reading(new Bodies.Bodies(100), 10)
    for (let sent = 0; sent < 100; sent++) sender.write(Buffer.alloc(50))
    sender.end()
    expect(await body).toMatchObject({ isCut: true })
  })

  it("are given up when their sender goes away", async () => {
    const { sender, body, refusals } = reading(new Bodies.Bodies(), 10)
    sender.write("abc")
    sender.destroy()
    await expect(body).rejects.toThrow("the sender went away")
    expect(refusals).toEqual([])
  })

  it.each([
    [{}, false, false],
    [{ "content-length": "0" }, false, false],
    [{ "content-length": "1" }, true, false],
    [{ "content-length": "67108864" }, true, false],
    [{ "content-length": "67108865" }, true, true],
    [{ "transfer-encoding": "chunked" }, true, false],
  ])("are known by their headers: %j", (headers, isPresent, isTooLarge) => {
    const given = asRequest(request(headers))
    expect([Bodies.isPresent(given), Bodies.isAnnouncedTooLarge(given)]).toEqual([isPresent, isTooLarge])
  })
})
