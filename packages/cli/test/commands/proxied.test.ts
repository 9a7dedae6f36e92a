import { describe, expect, it } from "vitest"
import * as Overdue from "../../../../test/kit/Overdue.ts"
import { listen, status } from "../../../../test/kit/Receiver.ts"

const key = "A".repeat(32)
const server = "http://overdue.invalid"

/** Every command that talks to a server, in whichever way. */
const commands: readonly (readonly [words: string, address: string])[] = [
  ["ping --slug backup --ping-key key", server],
  ["run --slug backup --ping-key key -- true", server],
  ["checks list", server],
  ["pings backup --body last", server],
  ["alerts list", server],
  ["keys list --admin-key x", server],
  ["import healthchecks --url http://old.invalid --key k", "http://old.invalid"],
]

describe("a command on a network that has a proxy", () => {
  it.each(commands)("goes through it: %s", async (words, address) => {
    await using proxy = await listen(status(404))
    await using overdue = await Overdue.make({
      OVERDUE_URL: server,
      OVERDUE_API_KEY: key,
      http_proxy: proxy.url,
    })
    await overdue.run(words.split(" "))
    expect(proxy.received.map(({ url }) => new URL(url).origin)).toContain(address)
  })

  it("goes through it with the key of another server that is moved to", async () => {
    const empty = { status: 200, body: JSON.stringify({ checks: [], channels: [], badges: {} }) }
    await using proxy = await listen((request) => (request.url.startsWith(server) ? status(401) : empty))
    await using overdue = await Overdue.make({ http_proxy: proxy.url })
    const { code } = await overdue.run([
      "import",
      "healthchecks",
      "--url=http://old.invalid",
      "--key=k",
      `--to=${server}`,
      `--api-key=${key}`,
    ])
    expect([code, proxy.received.some(({ url }) => url.startsWith(`${server}/api/v3/`))]).toEqual([1, true])
  })
})

describe("a server that leads to what is no address", () => {
  it.each(["http://", "ftp://127.0.0.1/x"])("has answered, and is not out of reach: %s", async (location) => {
    await using house = await listen(status(302, { location }))
    await using overdue = await Overdue.make({ OVERDUE_URL: house.url, OVERDUE_API_KEY: key })
    const { code, stderr } = await overdue.run(["checks", "list"])
    expect([code, stderr, house.received.length]).toEqual([1, expect.stringContaining("answered 302"), 1])
  })
})

describe("a key that no request can carry", () => {
  it.each([
    "checks list --api-key",
    "channels list --api-key",
    "keys list --url http://127.0.0.1:9 --admin-key",
  ])("is refused before any is sent, and not repeated: %s", async (words) => {
    await using overdue = await Overdue.make({ OVERDUE_URL: "http://127.0.0.1:9" })
    const { code, stderr } = await overdue.run([...words.split(" "), `${key}\r`])
    expect([code, stderr]).toEqual([2, expect.stringContaining("a line break or another character")])
    expect(stderr).not.toContain(key)
  })
})

describe("a server that leads to another host", () => {
  it.each(["checks list", "pings backup --body last"])("does not get it the key: %s", async (words) => {
    await using thief = await listen(status(404))
    const location = `${thief.url.replace("127.0.0.1", "localhost")}/api/v3/checks/`
    await using house = await listen(status(302, { location }))
    await using overdue = await Overdue.make({ OVERDUE_URL: house.url, OVERDUE_API_KEY: key })
    await overdue.run(words.split(" "))
    expect(thief.received.length).toBeGreaterThan(0)
    expect(thief.received.map(({ headers }) => headers["x-api-key"])).not.toContain(key)
  })
})
