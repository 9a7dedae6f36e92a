import { describe, expect, it } from "vitest"
import { keys } from "../../../../test/kit/Keys.ts"
import * as Overdue from "../../../../test/kit/Overdue.ts"
import { OverdueServer } from "../../../../test/kit/OverdueServer.ts"

const adminKey = "A".repeat(32)

/** A server with an operator's key, its command on another machine, and the same command beside its database. */
const open = async () => {
  const machine = await Overdue.make()
  const laptop = await Overdue.make()
  const server = await OverdueServer.start(machine.folder, { environment: { OVERDUE_ADMIN_KEY: adminKey } })
  const remote = { OVERDUE_URL: server.url, OVERDUE_ADMIN_KEY: adminKey }
  return {
    machine,
    server,
    beside: (...args: readonly string[]) => machine.run(args),
    afar: (...args: readonly string[]) => laptop.run(args, remote),
    laptop,
    status: async (key: string) =>
      (await fetch(`${server.url}/api/v3/checks/`, { headers: { "x-api-key": key } })).status,
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]()
      await laptop[Symbol.asyncDispose]()
      await machine[Symbol.asyncDispose]()
    },
  }
}

const ways = ["beside", "afar"] as const

describe.each(ways)("projects, managed %s the server's database,", (way) => {
  it("are created, changed and deleted, and the server follows at once", async () => {
    await using house = await open()
    const run = house[way]
    const made = JSON.parse(
      (await run("projects", "create", "staging", "--check-limit", "1", "--json")).stdout,
    )
    expect(made).toMatchObject({ name: "staging", checkLimit: 1, pingLogLimit: 100, checks: 0 })
    expect([await house.status(made.apiKey), await house.status(made.apiKeyReadOnly)]).toEqual([200, 200])
    const set = await run("projects", "set", "staging", "--check-limit", "20000", "--name", "stage")
    expect(set.stdout).toBe("stage has 0 of 20000 checks, and keeps 100 pings of each\n")
    const rotated = await run("projects", "set", "stage", "--rotate-ping-key", "--json")
    expect(JSON.parse(rotated.stdout).pingKey).not.toBe(made.pingKey)
    const renamed = JSON.parse((await run("projects", "set", "stage", "--ping-limit", "5", "--json")).stdout)
    expect(renamed).toMatchObject({ pingLogLimit: 5, pingKey: expect.stringMatching(/^\w{4}…$/) })
    const listed = JSON.parse((await run("projects", "list", "--json")).stdout)
    expect(listed.map(({ name }: { name: string }) => name)).toEqual(["default", "stage"])
    expect((await run("projects", "delete", "stage")).stderr).toContain("add --yes")
    expect(await house.status(made.apiKey)).toBe(200)
    const deleted = await run("projects", "delete", "stage", "--yes")
    expect(deleted.stdout).toBe("deleted stage with 0 checks, 0 channels, 2 API keys\n")
    expect(await house.status(made.apiKey)).toBe(401)
    expect(await house.status(keys.readWrite)).toBe(200)
  })

  it.each([
    [["projects", "set", "default"], 2, "nothing is to be changed"],
    [["projects", "set", "default", "--check-limit", "0"], 2, "--check-limit is a whole number"],
    [["projects", "set", "default", "--ping-key", "a b"], 2, "--ping-key is 1 to 64 characters"],
    [["projects", "set", "default", "--badge-key", "a/b"], 2, "--badge-key is 1 to 64 characters"],
    [["projects", "set", "default", "--name", "x".repeat(101)], 2, "has at most 100 characters"],
    [["keys", "create", "--label", "x".repeat(101)], 2, "the label of a key has at most 100 characters"],
    [["projects", "set", "default", "--ping-key", "a", "--rotate-ping-key"], 2, "give one of them"],
    [["projects", "set", "nowhere", "--name", "x"], 1, 'there is no project "nowhere"'],
    [["projects", "create", "default"], 1, 'there is a project "default" already'],
    [["projects", "create", "x", "--ping-key", keys.ping], 1, "another project has this ping key"],
    [["keys", "create", "--from", "NOWHERE"], 2, "the environment variable NOWHERE must hold a key"],
  ])("are not changed by %j", async (args, expected, sentence) => {
    await using house = await open()
    const { code, stderr } = await house[way](...args)
    expect(stderr).toContain(sentence)
    expect(code).toBe(expected)
  })

  it("have keys with a label, which are rotated and revoked by it", async () => {
    await using house = await open()
    const run = house[way]
    const first = (await run("keys", "create", "--label", "laptop")).stdout.trim()
    expect((await run("keys", "list")).stdout).toMatch(
      new RegExp(`^${first.slice(0, 8)}… +read-write +laptop +\\d{4}-`, "m"),
    )
    const second = (await run("keys", "rotate", "laptop", "--yes")).stdout.trim()
    expect([await house.status(first), await house.status(second)]).toEqual([401, 200])
    expect((await run("keys", "revoke", second, "--yes")).stdout).toBe(`revoked ${second.slice(0, 8)}…\n`)
    expect(await house.status(second)).toBe(401)
  })
})

describe("which installation is managed", () => {
  it("is said where both could be meant", async () => {
    await using house = await open()
    expect((await house.afar("projects", "list")).stderr).toBe(`on the server ${house.server.url}\n`)
    const environment = { OVERDUE_URL: house.server.url }
    const { stderr } = await house.machine.run(["projects", "list"], environment)
    expect(stderr).toBe(
      "on the database ./overdue.db, not on the server of --url or OVERDUE_URL: no --admin-key or OVERDUE_ADMIN_KEY is given\n",
    )
    const named = { ...environment, OVERDUE_ADMIN_KEY: adminKey }
    expect(
      (await house.machine.run(["projects", "list", "--database", "sqlite:overdue.db"], named)).stderr,
    ).toContain("it is named")
    expect((await house.beside("projects", "list")).stderr).toBe("")
  })

  it.each([
    ["of a project", keys.readWrite],
    ["of another length", "operator"],
  ])("is refused with the sentence of the server when the key is one %s", async (_, key) => {
    await using house = await open()
    const given = ["--url", house.server.url, "--admin-key", key]
    const { code, stderr } = await house.laptop.run(["projects", "list", ...given])
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining("the server answered 403: this is for the operator"),
    ])
  })
})
