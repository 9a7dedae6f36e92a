import { describe, expect, it } from "vitest"
import * as Overdue from "../../../../test/kit/Overdue.ts"
import { OverdueServer } from "../../../../test/kit/OverdueServer.ts"

describe("a server that listens on every address", () => {
  it.each(["0.0.0.0", "::"])("hands out links that lead somewhere, and says which: %s", async (host) => {
    await using overdue = await Overdue.make()
    const args = ["--host", host]
    const running = overdue.start(["serve", "--port", "0", ...args])
    const [, port] = await running.printed(/listening on http:\/\/\S+:(\d+)\n/)
    const { stdout } = await overdue.run(["keys", "create"])
    const answer = await fetch(`http://127.0.0.1:${port}/api/v3/checks/`, {
      method: "POST",
      headers: { "x-api-key": stdout.trim() },
      body: "{}",
    }).catch(() => undefined)
    running.child.kill("SIGTERM")
    const { stderr, code } = await running.ended
    expect(stderr).toMatch(
      /links in answers and alerts begin with http:\/\/\S+:\d+, because .* give --site-root/,
    )
    expect(code).toBe(0)
    // IPv6 may be all that `::` listens on.
    if (answer === undefined) return
    const { ping_url } = (await answer.json()) as { readonly ping_url: string }
    expect(ping_url).not.toMatch(/0\.0\.0\.0|\[::\]/)
    expect(new URL(ping_url).port).toBe(port)
  })

  it("says nothing when the site has an address", async () => {
    await using overdue = await Overdue.make()
    const args = ["--host", "0.0.0.0", "--site-root", "https://overdue.example.org/sub/"]
    await using server = await OverdueServer.start(overdue.folder, { args })
    expect(server.output.stderr).toBe("")
  })
})

describe("a setting that cannot be", () => {
  it.each([
    [{ OVERDUE_SITE_ROOT: "https://example.org/?x=1" }, "--site-root is a URL such as"],
    [{ OVERDUE_SITE_ROOT: "https://example.org/#x" }, "--site-root is a URL such as"],
    [{ OVERDUE_SITE_ROOT: "https://me@example.org" }, "--site-root is a URL such as"],
    [{ OVERDUE_ADMIN_KEY: "short" }, "OVERDUE_ADMIN_KEY must be 32 printable characters"],
  ])("keeps the server from starting: %j", async (environment, sentence) => {
    await using overdue = await Overdue.make()
    const { code, stderr } = await overdue.run(["serve", "--port", "0"], environment)
    expect([code, stderr]).toEqual([2, expect.stringContaining(sentence)])
    expect(stderr).not.toContain("short")
  })
})

describe("servers that start at once on a new database", () => {
  it("make one project, whose keys one of them prints", async () => {
    for (let round = 0; round < 3; round++) {
      await using overdue = await Overdue.make()
      const started = await Promise.all(
        [1, 2, 3].map(async () => {
          const server = overdue.start(["serve", "--port", "0"])
          await server.printed(/^overdue is listening on /)
          return server
        }),
      )
      const { stdout } = await overdue.run(["projects", "list", "--json"])
      expect(JSON.parse(stdout)).toMatchObject([{ name: "default" }])
      for (const { child, ended } of started) {
        child.kill()
        await ended
      }
      const printed = started.filter(({ output }) => output.stdout.includes("API key"))
      expect(printed).toHaveLength(1)
    }
  })
})
