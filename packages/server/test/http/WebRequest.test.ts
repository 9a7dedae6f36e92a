/** Answers as web-standard responses. */
import type { HeaderFields, Outbound } from "@overdue/server/http/Http"
import * as WebRequest from "@overdue/server/http/WebRequest"
import { describe, expect, it } from "vitest"
import { Producer } from "./Producer.ts"

const responseTo = (outbound: Partial<Outbound>, method = "GET"): Response =>
  WebRequest.response(new Request("https://example.org/", { method }), {
    status: 200,
    headers: {},
    body: "",
    ...outbound,
  })

describe("a response", () => {
  it("has several headers of one name", () => {
    const headers: HeaderFields = { "set-cookie": ["a=1", "b=2, c"], "x-one": "1" }
    const response = responseTo({ headers })
    expect(response.headers.getSetCookie()).toEqual(["a=1", "b=2, c"])
    expect(response.headers.get("x-one")).toBe("1")
  })

  it("that is a stream asks for a chunk when its reader wants one", async () => {
    const producer = new Producer()
    const reader = responseTo({ body: producer }).body!.getReader()
    expect(producer.asked).toBe(0)
    producer.give("one")
    producer.give("two")
    expect(new TextDecoder().decode((await reader.read()).value)).toBe("one")
    expect(producer.asked).toBe(1)
    producer.give(undefined)
    await reader.read()
    expect((await reader.read()).done).toBe(true)
    expect(producer.returned).toBe(0)
  })

  it("that is cancelled ends the producer, though that is waiting", async () => {
    const producer = new Producer()
    const reader = responseTo({ body: producer }).body!.getReader()
    const read = reader.read()
    await producer.started
    await reader.cancel()
    await producer.ended
    expect((await read).done).toBe(true)
  })

  it("fails its reader when its producer fails", async () => {
    const producer = new Producer()
    producer.give("half of it")
    producer.give(new Error("the disk is gone"))
    await expect(responseTo({ body: producer }).text()).rejects.toThrow("the disk is gone")
  })

  it.each([
    ["a HEAD", "HEAD", 200],
    ["a 204", "GET", 204],
    ["a 304", "GET", 304],
  ])("to %s has no body, and starts no stream", (_case, method, status) => {
    const producer = new Producer()
    expect(responseTo({ status, body: producer }, method).body).toBeNull()
    expect(producer.asked).toBe(0)
  })
})
