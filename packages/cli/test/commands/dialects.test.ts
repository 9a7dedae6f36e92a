/** The list of APIs that a server speaks: every address in it answers. */
import { describe, expect, it } from "vitest"
import * as Overdue from "../../../../test/kit/Overdue.ts"
import { OverdueServer } from "../../../../test/kit/OverdueServer.ts"

interface Row {
  readonly name: string
  readonly urls: readonly string[]
  readonly docs: string
}

const rows = async (overdue: Overdue.Commands, ...args: readonly string[]): Promise<readonly Row[]> => {
  const { code, stdout } = await overdue.run(["dialects", "--json", ...args])
  expect(code).toBe(0)
  return JSON.parse(stdout)
}

describe("overdue dialects", () => {
  it("lists where each API is, and its page", async () => {
    await using overdue = await Overdue.make()
    const { code, stdout, stderr } = await overdue.run([
      "dialects",
      "--site-root",
      "https://overdue.example.org/",
      "--host-of",
      "cronhub=cron.example.org",
    ])
    expect([code, stderr]).toEqual([0, ""])
    expect(stdout).toMatch(/^DIALECT +API OF +REACHED AT +PAGE\n/)
    expect(stdout).toMatch(
      /\ncronhub +Cronhub +https:\/\/overdue\.example\.org\/ch, https:\/\/cron\.example\.org +https:\/\/overdue\.example\.org\/ch\/docs\n/,
    )
  })

  it("says nothing that is not so", async () => {
    await using overdue = await Overdue.make()
    await using server = await OverdueServer.start(overdue.folder)
    const found = await rows(overdue, "--site-root", server.url)
    expect(found.map(({ name }) => name)).toEqual(expect.arrayContaining(["healthchecks", "cronhub"]))
    for (const { urls, docs } of found) {
      expect([docs, (await fetch(docs)).status]).toEqual([docs, 200])
      for (const url of urls)
        expect([url, (await fetch(`${url}/`)).url]).toEqual([url, expect.stringContaining("/docs")])
    }
  })

  it("names the port of a host as well", async () => {
    await using overdue = await Overdue.make()
    const [, cronhub] = await rows(overdue, "--port", "8123", "--host-of", "cronhub=cron.test")
    expect(cronhub?.urls).toEqual(["http://127.0.0.1:8123/ch", "http://cron.test:8123"])
  })

  it.each([
    ["--host-of", "nothing=x.example.org", "no dialect is named"],
    ["--site-root", "example.org", "--site-root is a URL"],
    ["--port", "70000", "--port"],
  ])("refuses %s %s, and says why", async (flag, value, why) => {
    await using overdue = await Overdue.make()
    const { code, stderr } = await overdue.run(["dialects", flag, value])
    expect([code, stderr]).toEqual([2, expect.stringContaining(why)])
  })
})
