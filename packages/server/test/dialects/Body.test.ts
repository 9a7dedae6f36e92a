/** Bodies of requests, as dialects read them. */
import type { Inbound } from "@overdue/server/http/Http"
import * as Body from "@overdue/server/dialects/Body"
import * as WebRequest from "@overdue/server/http/WebRequest"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"

const request = (body: BodyInit, type?: string): Inbound =>
  WebRequest.inbound(
    new Request("https://example.org/", {
      method: "POST",
      body,
      ...(type === undefined ? {} : { headers: { "content-type": type } }),
    }),
  )

const fields = (inbound: Inbound, longest?: number): Promise<unknown> =>
  Effect.runPromise(
    Body.fields(inbound, { longest, isKnown: true }).pipe(
      Effect.catchTag("BodyInvalid", ({ reason }) => Effect.succeed(reason)),
    ),
  )

const multipart = (parts: readonly (readonly [name: string, value: string | Blob])[]): FormData => {
  const data = new FormData()
  for (const [name, value] of parts) data.append(name, value)
  return data
}

const urlencoded = "application/x-www-form-urlencoded"

describe("the fields of a body", () => {
  it.each([
    ["JSON", request('{"a": 1, "b": ["x"]}', "application/json"), { a: 1, b: ["x"] }],
    ["JSON of no type", request(new Blob(['{"a": "ä"}'])), { a: "ä" }],
    ["a form", request("a=1&b=%C3%A4+x", `${urlencoded};charset=UTF-8`), { a: "1", b: "ä x" }],
    ["a form that names one several times", request("a=1&a=2&b=", urlencoded), { a: ["1", "2"], b: "" }],
    [
      "a form in parts",
      request(
        multipart([
          ["a", "1"],
          ["b", "two\r\nlines"],
        ]),
      ),
      { a: "1", b: "two\r\nlines" },
    ],
    [
      "a form with a file, which is left out",
      request(
        multipart([
          ["a", "1"],
          ["f", new Blob(["x"])],
        ]),
      ),
      { a: "1" },
    ],
    ["nothing", request("", "application/json"), {}],
    ["a form of nothing", request("", urlencoded), {}],
  ])("are read from %s", async (_case, inbound, expected) => {
    expect(await fields(inbound)).toEqual(expected)
  })

  it("are own ones, whatever their names", async () => {
    for (const inbound of [
      request("__proto__=1&constructor=2", urlencoded),
      request('{"__proto__": "1", "constructor": "2"}'),
      request(
        multipart([
          ["__proto__", "1"],
          ["constructor", "2"],
        ]),
      ),
    ]) {
      const read = await fields(inbound)
      expect(Object.entries(read as object)).toEqual([
        ["__proto__", "1"],
        ["constructor", "2"],
      ])
      expect(Object.getPrototypeOf(read)).toBe(Object.prototype)
    }
  })

  it.each([
    ["JSON that is cut", request('{"a": '), "unreadable"],
    ["JSON in bytes that are no UTF-8", request(Uint8Array.of(0x7b, 0xff, 0x7d)), "unreadable"],
    ["a list", request("[]"), "other"],
    ["null", request("null"), "other"],
    ["parts without a boundary", request("a", "multipart/form-data"), "unreadable"],
    ["parts that are none", request("a=1", "multipart/form-data; boundary=x"), "unreadable"],
    [
      "a part that does not end",
      request('--x\r\ncontent-disposition: form-data; name="a"\r\n\r\n1', "multipart/form-data; boundary=x"),
      "unreadable",
    ],
  ])("cannot be read from %s", async (_case, inbound, reason) => {
    expect(await fields(inbound)).toBe(reason)
  })

  it("are not read from more bytes than allowed", async () => {
    expect(await fields(request("a=12345", urlencoded), 7)).toEqual({ a: "12345" })
    expect(await fields(request("a=123456", urlencoded), 7)).toBe("too long")
  })

  it("are read from 128 KiB of JSON and 64 KiB of a form, unless said otherwise", async () => {
    const json = (size: number) => request(`{"a":"${"x".repeat(size - 8)}"}`, "application/json")
    const form = (size: number) => request(`a=${"x".repeat(size - 2)}`, urlencoded)
    expect(await fields(json(2 ** 17))).toHaveProperty("a")
    expect(await fields(json(2 ** 17 + 1))).toBe("too long")
    expect(await fields(form(2 ** 16))).toHaveProperty("a")
    expect(await fields(form(2 ** 16 + 1))).toBe("too long")
  })

  it("are read from 16 KiB of a stranger, and not waited for when they say that they are much longer", async () => {
    const isKnown = false
    const json = (size: number) => request(`{"a":"${"x".repeat(size - 8)}"}`, "application/json")
    const read = (inbound: Inbound) =>
      Effect.runPromise(
        Effect.result(Effect.map(Body.fields(inbound, { isKnown }), (read) => Object.keys(read))),
      )
    expect(await read(json(2 ** 14))).toMatchObject({ success: ["a"] })
    expect(await read(json(2 ** 14 + 1))).toMatchObject({ failure: { reason: "too long of a stranger" } })
    let kept: number | undefined
    const body = (limit: number) => {
      kept = limit
      return Promise.resolve({ bytes: new Uint8Array(), isCut: true })
    }
    const header = (name: string) => (name === "content-length" ? String(2 ** 20) : undefined)
    expect(await read({ ...json(10), header, body })).toMatchObject({
      failure: { reason: "too long of a stranger" },
    })
    expect(kept).toBe(0)
    const untouched = {
      ...json(10),
      header: (name: string) => (name === "content-length" ? String(2 ** 20 + 1) : undefined),
      body: () => Promise.reject(new Error("was read")),
    }
    expect(await read(untouched)).toMatchObject({ failure: { reason: "too long of a stranger" } })
  })

  it("are read from a form of as many names as fit, without a pause that others would notice", async () => {
    const names = Array.from({ length: 10_000 }, (_, index) => `${index.toString(36)}=`)
    expect(Object.keys((await fields(request(names.join("&"), urlencoded))) as object)).toHaveLength(10_000)
  })

  it("are not read when the sender goes away", async () => {
    const inbound = { ...request("a=1", urlencoded), body: () => Promise.reject(new Error("gone")) }
    expect(await fields(inbound)).toBe("unreadable")
  })
})
