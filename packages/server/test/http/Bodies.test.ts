import type { IncomingMessage } from "node:http"
import { PassThrough } from "node:stream"
import type { Outbound } from "@overdue/server/http/Http"
import * as Bodies from "@overdue/server/http/Bodies"
import { describe, expect, it } from "vitest"

/** A request as far as its body goes. */
const request = (headers: Readonly<Record<string, string>> = {}) =>
  Object.assign(new PassThrough(), { headers })

const asRequest = (sender: unknown): IncomingMessage => sender as IncomingMessage // safe because nothing else is read

const reading = (
  bodies: Bodies.Bodies,
  limit: number,
  { isKnown = true, length }: { readonly isKnown?: boolean; readonly length?: number } = {},
) => {
  const sender = request(length === undefined ? {} : { "content-length": String(length) })
  const refusals: Outbound[] = []
  const refuse = (refusal: Outbound) => void refusals.push(refusal)
  const body = bodies.read(asRequest(sender), { limit, isKnown, refuse })
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
    const turnedAway: string[] = []
    const bodies = new Bodies.Bodies({ bytes: 100, turnAway: (why) => void turnedAway.push(why) })
    const first = reading(bodies, 60)
    const second = reading(bodies, 60)
    await expect(second.body).rejects.toThrow("too many requests at once")
    expect(second.refusals).toMatchObject([{ status: 503, headers: { "retry-after": "5" } }])
    expect(turnedAway).toEqual(["request bodies took all the memory that they may take"])
    second.sender.write(Buffer.alloc(60))
    first.sender.end(Buffer.alloc(60))
    expect((await first.body).bytes).toHaveLength(60)
    expect([first.refusals, second.refusals.length]).toEqual([[], 1])

    await Promise.all([first.sender, second.sender].map(close))
    const third = reading(bodies, 100)
    third.sender.end(Buffer.alloc(100))
    expect((await third.body).bytes).toHaveLength(100)
  })

  it("that have begun are read to their end, however many others come meanwhile", async () => {
    const bodies = new Bodies.Bodies({ bytes: 100 })
    const first = reading(bodies, 60)
    first.sender.write(Buffer.alloc(10))
    for (let other = 0; other < 10; other++) await expect(reading(bodies, 60).body).rejects.toThrow()
    first.sender.end(Buffer.alloc(50))
    expect((await first.body).bytes).toHaveLength(60)
  })

  it("of strangers leave room for those of clients", async () => {
    const bodies = new Bodies.Bodies({ bytes: 100, strangers: 40 })
    const strangers = [1, 2, 3].map(() => reading(bodies, 20, { isKnown: false }))
    await expect(strangers[2]!.body).rejects.toThrow("too many requests at once")
    expect([bodies.isCrowded(20), bodies.isCrowded(0)]).toEqual([true, false])
    const clients = [1, 2, 3].map(() => reading(bodies, 20))
    for (const { sender, body } of clients) {
      sender.end("abc")
      expect(Buffer.from((await body).bytes).toString()).toBe("abc")
    }
    const gone = Promise.allSettled(strangers.map(({ body }) => body))
    await Promise.all([...strangers, ...clients].map(({ sender }) => close(sender)))
    await gone
    expect(bodies.isCrowded(40)).toBe(false)
  })

  it("take as much room as they say that they are long", async () => {
    const bodies = new Bodies.Bodies({ bytes: 100 })
    const ten = Array.from({ length: 10 }, () => reading(bodies, 1_000, { length: 10 }))
    await expect(reading(bodies, 1_000, { length: 1 }).body).rejects.toThrow("too many requests at once")
    for (const { sender, body } of ten) {
      sender.end("0123456789")
      expect((await body).bytes).toHaveLength(10)
    }
  })

  it("are put together from pieces of any size", async () => {
    for (const size of [1, 2, 3, 7, 100]) {
      const { sender, body } = reading(new Bodies.Bodies(), 50)
      const text = Array.from({ length: 60 }, (_, index) => String.fromCharCode(33 + index)).join("")
      for (let at = 0; at < text.length; at += size) sender.write(text.slice(at, at + size))
      sender.end()
      const { bytes, isCut } = await body
      expect([Buffer.from(bytes).toString(), isCut]).toEqual([text.slice(0, 50), true])
    }
  })

  it("count for no more than their limit, however long they are", async () => {
    const { sender, body } = reading(new Bodies.Bodies({ bytes: 100 }), 10)
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
