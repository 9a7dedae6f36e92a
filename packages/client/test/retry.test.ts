import { ClientError, ping } from "@overdue/client"
import type { Patience } from "@overdue/client"
import { retryAfter } from "@overdue/client/retry"
import { connect } from "@overdue/client/management"
import { describe, expect, it } from "vitest"
import { listen, ok } from "../../../test/kit/Receiver.ts"

/** A clock that only the sleeper moves: waiting takes no time and is written down. */
const virtualTime = (start = 0): Patience & { readonly waits: number[] } => {
  const waits: number[] = []
  let now = start
  return {
    waits,
    now: () => now,
    random: () => 0,
    sleep: async (milliseconds) => {
      waits.push(milliseconds)
      now += milliseconds
    },
  }
}

describe("a server in trouble", () => {
  it.each([408, 429, 500, 502, 503, 504])(
    "that answers %d is asked again until it takes the signal",
    async (status) => {
      await using server = await listen([{ status }, { status }, ok])
      const patience = virtualTime()
      await ping(server.url, { ...patience, body: "kept" })
      expect(server.received.map(({ body }) => body)).toEqual(["kept", "kept", "kept"])
      expect(patience.waits).toEqual([500, 1000])
    },
  )

  it("that drops connections, also inside an answer, is asked again", async () => {
    await using server = await listen(["drop", "drop midway", ok])
    await ping(server.url, virtualTime())
    expect(server.received.length).toBe(3)
  })

  it("that breaks off its answer is not said to be out of reach", async () => {
    await using server = await listen("drop midway")
    await expect(ping(server.url, { attempts: 1 })).rejects.toMatchObject({
      _tag: "Unreachable",
      message: expect.stringContaining("the server answered in part"),
    })
  })

  it("is not asked again when a fetch of one's own knows better what is wrong with its answer", async () => {
    const error = new ClientError("Refused", "too long", { status: 200 })
    let asked = 0
    const fetch = async () => {
      asked++
      throw error
    }
    await expect(ping("http://127.0.0.1", { ...virtualTime(), fetch })).rejects.toBe(error)
    expect(asked).toBe(1)
  })

  it("that stays silent is given up after the time-out and asked again", async () => {
    await using server = await listen(["hang", ok])
    await ping(server.url, { ...virtualTime(), timeout: 50 })
    expect(server.received.length).toBe(2)
  })

  it("is left alone after four tries", async () => {
    await using server = await listen([{ status: 503 }])
    const patience = virtualTime()
    await expect(ping(server.url, patience)).rejects.toMatchObject({ _tag: "Unavailable", status: 503 })
    expect(server.received.length).toBe(4)
    expect(patience.waits).toEqual([500, 1000, 2000])
  })

  it("is left alone when the next wait would outlast the total", async () => {
    await using server = await listen([{ status: 503 }])
    const patience = virtualTime()
    await expect(ping(server.url, { ...patience, total: 1500 })).rejects.toMatchObject({
      _tag: "Unavailable",
    })
    expect(patience.waits).toEqual([500])
  })

  it.each([
    ["hang", "TimedOut", { timeout: 30 }],
    ["drop", "Unreachable", {}],
  ] as const)(
    "that only does '%s' ends in %s, and the address stays secret",
    async (answer, _tag, options) => {
      await using server = await listen([answer])
      const failure = ping(`${server.url}/ping/secret`, { ...virtualTime(), ...options, attempts: 2 })
      await expect(failure).rejects.toMatchObject({ _tag, status: undefined })
      await expect(failure).rejects.not.toMatchObject({ message: expect.stringContaining("secret") })
      expect(server.received.length).toBe(2)
    },
  )

  it("that is not there ends in Unreachable with the system's reason", async () => {
    const server = await listen()
    await server.close()
    await expect(ping(server.url, virtualTime())).rejects.toMatchObject({
      _tag: "Unreachable",
      message: "the server cannot be reached (ECONNREFUSED)",
    })
  })
})

describe("waiting", () => {
  it("is as long as Retry-After asks in seconds, when that is longer", async () => {
    await using server = await listen([{ status: 429, headers: { "Retry-After": "7" } }, ok])
    const patience = virtualTime()
    await ping(server.url, patience)
    expect(patience.waits).toEqual([7000])
  })

  it("is as long as Retry-After asks by a date", async () => {
    const now = Date.UTC(2026, 0, 1)
    await using server = await listen([
      { status: 503, headers: { "Retry-After": new Date(now + 9000).toUTCString() } },
      ok,
    ])
    const patience = virtualTime(now)
    await ping(server.url, patience)
    expect(patience.waits).toEqual([9000])
  })

  it("knows why it begins and for how long", async () => {
    await using server = await listen(["drop", { status: 429, headers: { "Retry-After": "7" } }, ok])
    const told: unknown[] = []
    const sleep: NonNullable<Patience["sleep"]> = async (wait, _, error) => told.push([error?._tag, wait])
    await ping(server.url, { ...virtualTime(), sleep })
    expect(told).toEqual([
      ["Unreachable", 500],
      ["RateLimited", 7000],
    ])
  })

  it("is not begun when Retry-After asks for more than the total", async () => {
    await using server = await listen([{ status: 429, headers: { "Retry-After": "3600" } }])
    const patience = virtualTime()
    await expect(ping(server.url, patience)).rejects.toMatchObject({ _tag: "RateLimited", status: 429 })
    expect(patience.waits).toEqual([])
  })

  it("loses up to half of itself to chance", async () => {
    await using server = await listen([{ status: 500 }, ok])
    const patience = { ...virtualTime(), random: () => 0.999_999 }
    await ping(server.url, patience)
    expect(patience.waits[0]).toBeCloseTo(250, 2)
  })

  it("ends at once when the caller's signal says so, with its reason", async () => {
    await using server = await listen([{ status: 500 }])
    const control = new AbortController()
    const { sleep: _, ...patience } = virtualTime()
    const failure = ping(server.url, {
      ...patience,
      backoff: 1e9,
      total: 1e10,
      signal: control.signal,
      random: () => {
        queueMicrotask(() => control.abort(new Error("enough")))
        return 0
      },
    })
    await expect(failure).rejects.toThrow("enough")
    expect(server.received.length).toBe(1)
  })

  it.each([
    [null, 0],
    ["", 0],
    ["0", 0],
    [" 12 ", 12_000],
    ["soon", 0],
    ["Thu, 01 Jan 1970 00:00:05 GMT", 4000],
    ["Thu, 01 Jan 1970 00:00:00 GMT", 0],
  ])("reads Retry-After %j at one second past the epoch as %d ms", (value, milliseconds) => {
    expect(retryAfter(value, 1000)).toBe(milliseconds)
  })
})

describe("a refusal", () => {
  it.each([
    [400, "invalid url format", "Invalid", "the server answered 400: invalid url format"],
    [401, '{"error": "wrong api key"}', "Denied", "the server answered 401: wrong api key"],
    [
      400,
      '{"error": "tz is \\"wrong\\"", "detail": "write Europe/Riga"}',
      "Invalid",
      'the server answered 400: tz is "wrong" (write Europe/Riga)',
    ],
    [403, "", "Denied", "the server answered 403"],
    [404, "not found", "NotFound", "the server answered 404: not found"],
    [404, "<!doctype html><h1>x</h1>", "NotFound", "the server answered 404"],
    [409, "ambiguous slug", "Conflict", "the server answered 409: ambiguous slug"],
    [418, "teapot", "Refused", "the server answered 418: teapot"],
  ])("with %d and %j is %s at once", async (status, body, _tag, message) => {
    await using server = await listen([{ status, body }])
    await expect(ping(server.url, virtualTime())).rejects.toMatchObject({ _tag, status, message })
    expect(server.received.length).toBe(1)
  })
})

describe("a request that must not arrive twice", () => {
  it.each([[500], [408]])("is not repeated after %d", async (status) => {
    await using server = await listen([{ status }])
    const api = connect({ baseUrl: server.url, apiKey: "k", ...virtualTime() })
    await expect(api.checks.create({ name: "a" })).rejects.toMatchObject({ status })
    expect(server.received.length).toBe(1)
  })

  it("is not repeated after a lost connection", async () => {
    await using server = await listen(["drop"])
    const api = connect({ baseUrl: server.url, apiKey: "k", ...virtualTime() })
    await expect(api.checks.create({ name: "a" })).rejects.toMatchObject({ _tag: "Unreachable" })
    expect(server.received.length).toBe(1)
  })

  it.each([[429], [503]])("is repeated after %d, which says that nothing was done", async (status) => {
    await using server = await listen([{ status }, { status: 201, body: "{}" }])
    const api = connect({ baseUrl: server.url, apiKey: "k", ...virtualTime() })
    await api.checks.create({ name: "a" })
    expect(server.received.length).toBe(2)
  })

  it("is repeated when it finds what it already made by its unique fields", async () => {
    await using server = await listen([{ status: 500 }, { status: 200, body: "{}" }])
    const api = connect({ baseUrl: server.url, apiKey: "k", ...virtualTime() })
    await api.checks.create({ name: "a", unique: ["name"] })
    expect(server.received.length).toBe(2)
  })
})
