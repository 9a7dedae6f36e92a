import { address, ping } from "@overdue/client"
import type { PingOptions } from "@overdue/client"
import { assert, describe, expect, it } from "vitest"
import { listen, ok } from "../../../test/kit/Receiver.ts"

const id = "7a3f2c1e-0b5d-4f6a-9c8b-1d2e3f4a5b6c"
const rid = "123e4567-e89b-42d3-a456-426614174000"

describe("the address of a signal", () => {
  it.each([
    [{ baseUrl: "https://x.test", id }, `https://x.test/ping/${id}`],
    [{ baseUrl: "https://x.test/overdue/", id }, `https://x.test/overdue/ping/${id}`],
    [{ baseUrl: "https://x.test/ping", id }, `https://x.test/ping/${id}`],
    [{ baseUrl: "https://hc-ping.com", id }, `https://hc-ping.com/${id}`],
    [{ baseUrl: "https://x.test", pingKey: "k", slug: "db" }, "https://x.test/ping/k/db"],
    [
      { baseUrl: "https://x.test", pingKey: "k", slug: "db", create: true },
      "https://x.test/ping/k/db?create=1&defaults=own",
    ],
    [
      { baseUrl: "https://x.test", pingKey: "k", slug: "a/b", create: { schedule: "5 4 * * *", grace: 60 } },
      "https://x.test/ping/k/a%2Fb?create=1&defaults=own&schedule=5+4+*+*+*&grace=60",
    ],
  ])("%j is %s", (target, url) => {
    expect(address(target).href).toBe(url)
  })

  it.each(["", "example", "ftp://x.test/y", "http://"])(
    "%j is refused before anything is sent, without repeating it",
    (text) => {
      expect(() => address(text)).toThrow(
        expect.objectContaining({
          _tag: "InvalidTarget",
          message: "a ping URL begins with http or https and has no /start",
        }),
      )
    },
  )
})

describe("a ping URL that ends with a kind of signal", () => {
  it.each(["start", "fail", "log", "cancel", "0", "255", "start/"])("/%s is refused", (end) => {
    for (const url of [
      `https://x.test/ping/${id}/${end}`,
      `https://x.test/a/ping/k/db/${end}?x=1`,
      `https://hc-ping.com/${id}/${end}`,
    ]) {
      expect(() => address(url)).toThrow("has no /start")
    }
  })

  it.each([
    `https://x.test/ping/${id}`,
    "https://x.test/ping/k/start",
    "https://x.test/ping/k/7",
    "https://x.test/ping/k/restart",
  ])("%s does not", (url) => {
    expect(address(url).href).toBe(url)
  })
})

describe("the key of a signal", () => {
  const keyOf = async (options: PingOptions, answers: readonly number[]) => {
    const keys: (string | undefined)[] = []
    const fetch = async (_: unknown, { headers }: { headers?: Record<string, string> }) => {
      keys.push(headers?.["Idempotency-Key"])
      return new Response("", { status: answers[keys.length - 1] ?? 200 })
    }
    await ping("https://x.test/ping/x", { fetch, sleep: async () => {}, ...options })
    return keys
  }

  it("is the same for each try, and another for each signal", async () => {
    const one = await keyOf({}, [503, 503])
    const other = await keyOf({}, [])
    expect(one).toHaveLength(3)
    expect(new Set(one).size).toBe(1)
    expect(one[0]).toMatch(/^[0-9a-f-]{36}$/)
    expect(other[0]).not.toBe(one[0])
  })

  it("is the given one, and one of the headers goes first", async () => {
    expect(await keyOf({ key: "k" }, [])).toEqual(["k"])
    expect(await keyOf({ key: "k", headers: { "Idempotency-Key": "mine" } }, [])).toEqual(["mine"])
  })

  it("is none in a browser, which would ask for leave first", async () => {
    Object.defineProperty(globalThis, "location", { value: {}, configurable: true })
    try {
      expect(await keyOf({}, [])).toEqual([undefined])
    } finally {
      Reflect.deleteProperty(globalThis, "location")
    }
  })
})

describe("a signal", () => {
  it.each([
    [undefined, "/ping/x"],
    ["success", "/ping/x"],
    ["start", "/ping/x/start"],
    ["fail", "/ping/x/fail"],
    ["log", "/ping/x/log"],
    [0, "/ping/x/0"],
    [137, "/ping/x/137"],
  ] as const)("of kind %s goes to %s", async (kind, url) => {
    await using server = await listen()
    await ping(`${server.url}/ping/x`, kind === undefined ? {} : { kind })
    expect(server.received.map(({ method, url }) => [method, url])).toEqual([["POST", url]])
  })

  it("keeps the query of its URL and adds the run", async () => {
    await using server = await listen()
    await ping(`${server.url}/ping/k/s/?create=1`, { kind: "start", rid })
    expect(server.received[0]!.url).toBe(`/ping/k/s/start?create=1&rid=${rid}`)
  })

  it.each([200, 201])(
    "is not delivered when %d and a web page come back, as from a network that wants a login",
    async (status) => {
      await using server = await listen({ status, body: "\n<!doctype html><title>Welcome</title>" })
      await expect(ping(server.url)).rejects.toMatchObject({
        _tag: "Refused",
        status,
        message: "a web page answered",
      })
      expect(server.received.length).toBe(1)
    },
  )

  it.each(["OK", "Created", "OK (not found)", "OK (rate limited)", "", '{"ok":true}'])(
    "is delivered when a server answers %j",
    async (body) => {
      await using server = await listen({ status: 200, body })
      expect(await ping(server.url)).toMatchObject({ isNew: false })
    },
  )

  it("says whether it made its check and what the server keeps of a body", async () => {
    await using server = await listen([
      { status: 201, body: "Created" },
      { status: 200, headers: { "Ping-Body-Limit": "77" } },
    ])
    expect(await ping(server.url)).toEqual({ isNew: true, bodyLimit: undefined })
    expect(await ping(server.url)).toEqual({ isNew: false, bodyLimit: 77 })
  })

  it("takes its headers along", async () => {
    await using server = await listen()
    await ping(server.url, { headers: { "User-Agent": "night shift" } })
    expect(server.received[0]!.headers["user-agent"]).toBe("night shift")
  })
})

describe("the body of a signal", () => {
  const sent = async (answers: Parameters<typeof listen>[0], ...bodies: (string | Uint8Array)[]) => {
    await using server = await listen(answers)
    for (const body of bodies) await ping(server.url, { body })
    return server.received.map(({ bytes }) => bytes)
  }

  it("is cut at 10,000 bytes before the server has said what it keeps", async () => {
    const [first] = await sent([ok], `start${"x".repeat(20_000)}`)
    expect(first!.length).toBe(10_000)
    expect(first!.toString()).toMatch(/^startx/)
  })

  it.each([100, 100_000])("is cut at the %d bytes that the server last named", async (limit) => {
    const answer = { status: 200, headers: { "Ping-Body-Limit": String(limit) } }
    const [, second] = await sent([answer], "", "x".repeat(200_000))
    expect(second!.length).toBe(limit)
  })

  it("is never cut inside a character", async () => {
    const answer = { status: 200, headers: { "Ping-Body-Limit": "7" } }
    const [, ...cut] = await sent([answer], "", "äöüß", "€€€", "🙂🙂", "abcdefgh", "abcdefg")
    expect(cut.map(String)).toEqual(["äöü", "€€", "🙂", "abcdefg", "abcdefg"])
  })

  it("may be bytes that are no text", async () => {
    const [first] = await sent([ok], new Uint8Array(12_000).fill(0x80))
    expect(first!.length).toBeGreaterThan(9990)
    assert(first!.every((byte) => byte === 0x80))
  })

  it("obeys a limit named by the caller", async () => {
    await using server = await listen()
    await ping(server.url, { body: "abcdef", bodyLimit: 3 })
    expect(server.received[0]!.body).toBe("abc")
  })
})
