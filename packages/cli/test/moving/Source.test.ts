import * as Source from "@overdue/cli/moving/Source"
import { describe, expect, it } from "vitest"
import { listen, type Answers } from "../../../../test/kit/Receiver.ts"

const checks = { status: 200, body: '{"checks": [], "channels": [], "badges": {}}' }

/** Reads a server on a clock that only waits move, and returns what was said, what came of it and how long it took. */
const read = async (answers: Answers, path = "") => {
  await using server = await listen(answers)
  const said: string[] = []
  let time = 0
  const clock = { now: () => time, sleep: async (span: number) => (time += span), random: () => 0 }
  const say = (line: string) => void said.push(line.replace(server.url.slice(7), "hc"))
  const outcome = await Source.read({ url: server.url + path, key: "k", say, clock }).then(
    (source) => source.untold.join("; "),
    (error: Error) => error.message,
  )
  const asked = server.received.map(({ url }) => url)
  return { said, outcome: outcome.replaceAll(server.url, "http://hc"), seconds: time / 1000, asked }
}

const busy = (seconds: string) => ({ status: 429, headers: { "Retry-After": seconds } })

describe("a server that is busy", () => {
  it("is waited for as long as it asks, and each wait is said", async () => {
    const { said, seconds } = await read([busy("8"), { status: 502 }, checks])
    expect(said).toEqual([
      "hc: the server answered 429; trying again in 8s",
      "hc: the server answered 502; trying again in 1s",
    ])
    expect(seconds).toBe(9)
  })

  it("is given up when it asks for more patience than there is", async () => {
    const { said, outcome, seconds } = await read(busy("3600"))
    expect([said, seconds]).toEqual([[], 0])
    expect(outcome).toBe("http://hc: the server answered 429, and it asks to wait for 1h; import again then")
  })

  it("is given up after eight tries, or five minutes", async () => {
    const failing = await read({ status: 500 })
    expect([failing.said.length, failing.seconds]).toEqual([7, 63.5])
    expect(failing.outcome).toBe("http://hc: the server answered 500, also after 8 tries; import again later")
    const slow = await read(busy("70"))
    expect([slow.said.length, slow.seconds]).toEqual([4, 280])
    expect(slow.outcome).toContain("and it asks to wait for 1m 10s; import again then")
  })

  it("has five minutes for all its lists together", async () => {
    const { outcome, seconds } = await read(({ url }, n) =>
      url.includes("checks") ? (n < 4 ? busy("70") : checks) : busy("15"),
    )
    expect(seconds).toBeLessThanOrEqual(300)
    expect(outcome).toMatch(
      /^the channels: http:\/\/hc: the server answered 429, .*import again then; the key of/,
    )
  })
})

describe("a server whose answer cannot be read", () => {
  it.each<readonly [string, Answers, string]>([
    ["breaks off", "drop midway", "the server answered in part (ECONNRESET), also after 8 tries"],
    ["is not whole", { status: 200, body: '{"checks": [{' }, "is no valid JSON, and most likely not whole"],
    [
      "is a page to log in",
      { status: 200, body: "<!doctype html>" },
      "a web page answered, such as one to log in",
    ],
    ["is a text", { status: 200, body: "OK" }, "the server answered something else than JSON"],
    ["never comes", "drop", "the server cannot be reached (ECONNRESET), also after 8 tries"],
    ["is of something else", { status: 200, body: "{}" }, "answers, but not as Healthchecks does"],
  ])("because it %s, is told so", async (_, answers, sentence) => {
    expect((await read(answers)).outcome).toContain(sentence)
  })

  it("of the channels is told so, and is no reason not to move", async () => {
    const { outcome } = await read(({ url }) =>
      url.includes("channels") ? { status: 200, body: '{"channels": [' } : checks,
    )
    expect(outcome).toMatch(
      /^the channels: .* no valid JSON.*; the key of badges by tag: the server does not tell/,
    )
  })
})

describe("a server that leads elsewhere", () => {
  it.each(["http://", "ftp://127.0.0.1/x", "mailto:a@example.org"])(
    "is not asked again: %s",
    async (location) => {
      const { outcome, asked } = await read({ status: 302, headers: { Location: location } })
      expect([asked.length, outcome]).toEqual([1, expect.stringContaining("what is no address of a site")])
    },
  )
})

describe("the address of a server", () => {
  it.each(["", "/", "//", "/api", "/api/v3", "/api/v3/", "?a=b#c"])("may end in %j", async (end) => {
    expect((await read(checks, end)).asked[0]).toBe("/api/v3/checks/")
  })

  it("may have a path", async () => {
    expect((await read(checks, "/hc/")).asked[0]).toBe("/hc/api/v3/checks/")
  })
})
