import { chmodSync, existsSync, readFileSync, rmSync, statSync } from "node:fs"
import { DatabaseSync } from "node:sqlite"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { keys } from "../../../../test/kit/Keys.ts"
import * as Overdue from "../../../../test/kit/Overdue.ts"
import { OverdueServer } from "../../../../test/kit/OverdueServer.ts"

const secret = { OVERDUE_SECRET: "a secret that is long enough" }

/** A folder with a database that a server has made under a secret, and stopped. */
const furnished = async (environment: Overdue.Environment = {}) => {
  const overdue = await Overdue.make()
  const server = await OverdueServer.start(overdue.folder, { environment })
  await server.stop()
  return overdue
}

const database = (overdue: Overdue.Commands) => join(overdue.folder, "overdue.db")

/** As if a version from before there were fingerprints had written it. */
const forget = (overdue: Overdue.Commands) => {
  using sqlite = new DatabaseSync(database(overdue))
  sqlite.exec("DELETE FROM settings")
}

const fingerprints = (overdue: Overdue.Commands) => {
  using sqlite = new DatabaseSync(database(overdue))
  return sqlite.prepare("SELECT value FROM settings").all().length
}

const commands: readonly (readonly string[])[] = [
  ["serve", "--port", "0"],
  ["keys", "list"],
  ["keys", "create"],
  ["projects", "list"],
  ["projects", "create", "x"],
  ["channels", "list"],
  ["advise", "x"],
  ["replay", "x", "--grace", "1h"],
]

describe("a database without its secret", () => {
  it.each(commands)("is not opened by %s %s", async (...args) => {
    await using overdue = await furnished()
    rmSync(`${database(overdue)}.secret`)
    const before = readFileSync(database(overdue))
    const { code, stderr, stdout } = await overdue.run(args)
    expect([code, stdout]).toEqual([1, ""])
    expect(stderr).toContain("cannot be opened without its secret")
    expect(stderr).toContain("./overdue.db.secret")
    expect(existsSync(`${database(overdue)}.secret`)).toBe(false)
    expect(readFileSync(database(overdue)).equals(before)).toBe(true)
  })

  it("is not opened either when it is from before there were fingerprints", async () => {
    await using overdue = await furnished()
    forget(overdue)
    rmSync(`${database(overdue)}.secret`)
    const { code, stderr } = await overdue.run(["serve", "--port", "0"])
    expect([code, stderr]).toEqual([1, expect.stringContaining("cannot be opened without its secret")])
    expect(existsSync(`${database(overdue)}.secret`)).toBe(false)
  })
})

describe("a database with another secret than its own", () => {
  it.each(commands)("is not opened by %s %s", async (...args) => {
    await using overdue = await furnished(secret)
    const { code, stderr, stdout } = await overdue.run(args, {
      OVERDUE_SECRET: "wrongwrongwrongwrongwrong",
    })
    expect([code, stdout]).toEqual([1, ""])
    expect(stderr).toContain("cannot be opened with the secret in OVERDUE_SECRET")
    expect(stderr).not.toContain("wrongwrong")
  })

  it("is opened again once it has its own", async () => {
    await using overdue = await furnished(secret)
    await using server = await OverdueServer.start(overdue.folder, { environment: secret })
    expect((await server.api("GET", "/api/v3/checks/")).status).toBe(200)
  })
})

describe("a database from before there were fingerprints", () => {
  it("takes over the secret that a key of the environment proves", async () => {
    await using overdue = await furnished()
    forget(overdue)
    await using _ = await OverdueServer.start(overdue.folder)
    expect(fingerprints(overdue)).toBe(1)
  })

  it("takes over the secret that the first key proves which opens something, and no sooner", async () => {
    await using overdue = await furnished()
    forget(overdue)
    const none = { OVERDUE_API_KEY: "", OVERDUE_API_KEY_READONLY: "" }
    await using server = await OverdueServer.start(overdue.folder, { environment: none })
    const wrong = { headers: { "x-api-key": "W".repeat(32) } }
    expect((await fetch(`${server.url}/api/v3/checks/`, wrong)).status).toBe(401)
    expect(fingerprints(overdue)).toBe(0)
    expect((await server.api("GET", "/api/v3/checks/")).status).toBe(200)
    await expect.poll(() => fingerprints(overdue)).toBe(1)
  })

  it("is served under a secret that nothing proves, so that the right one can still be given", async () => {
    await using overdue = await furnished(secret)
    forget(overdue)
    const wrong = { OVERDUE_SECRET: "wrongwrongwrongwrongwrong", OVERDUE_API_KEY: "" }
    const server = await OverdueServer.start(overdue.folder, { environment: wrong })
    await server.stop()
    expect(fingerprints(overdue)).toBe(0)
  })
})

describe("a key of the environment that is none of the database's", () => {
  it("is refused aloud, and the server starts with those that the database has", async () => {
    await using overdue = await furnished()
    const environment = { OVERDUE_API_KEY: "N".repeat(32), OVERDUE_PING_KEY: "another" }
    await using server = await OverdueServer.start(overdue.folder, { environment })
    expect(server.output.stderr).toContain("OVERDUE_API_KEY is not a key of this database")
    expect(server.output.stderr).toContain("OVERDUE_PING_KEY is not the ping key")
    expect(server.output.stderr).not.toContain("OVERDUE_API_KEY_READONLY")
    expect(server.output.stderr).not.toContain("NNNN")
    expect((await server.api("GET", "/api/v3/checks/")).status).toBe(200)
  })

  it("becomes one by `keys create --from`", async () => {
    await using overdue = await furnished()
    const added = "N".repeat(32)
    const environment = { OVERDUE_API_KEY: added }
    expect(await overdue.run(["keys", "create", "--from", "OVERDUE_API_KEY"], environment)).toMatchObject({
      code: 0,
      stdout: `${added}\n`,
    })
    await using server = await OverdueServer.start(overdue.folder, { environment })
    expect(server.output.stderr).toBe("")
    const answer = await fetch(`${server.url}/api/v3/checks/`, { headers: { "x-api-key": added } })
    expect([answer.status, keys.readWrite === added]).toEqual([200, false])
  })
})

describe("a key that clients of another service hold", () => {
  it("opens what they ask for, and is too short for the API of Healthchecks, which is said", async () => {
    await using overdue = await furnished()
    const brought = "ch_5b73b46baf0c00.55022502"
    const made = await overdue.run(["keys", "create", "--from", "OLD_KEY"], { OLD_KEY: brought })
    expect(made).toMatchObject({ code: 0, stdout: `${brought}\n` })
    expect(made.stderr).toContain("clients of Healthchecks cannot use this key, which must have 32 printable")
    await using server = await OverdueServer.start(overdue.folder)
    const ask = (path: string) => fetch(server.url + path, { headers: { "x-api-key": brought } })
    const monitors = await ask("/ch/api/v1/monitors")
    expect([monitors.status, await monitors.json()]).toEqual([200, { success: true, response: [] }])
    expect((await ask("/api/v3/checks/")).status).toBe(401)
    const short = await overdue.run(["keys", "create", "--from", "OLD_KEY"], { OLD_KEY: "ch_5b73b46baf0" })
    expect(short).toMatchObject({ code: 2, stdout: "" })
    expect(short.stderr).toContain("must hold a key: 16 to 64 printable characters")
  })
})

describe("the files of a database", () => {
  const modes = (overdue: Overdue.Commands) =>
    ["", "-wal", "-shm", ".secret"].map((end) => (statSync(database(overdue) + end).mode & 0o777).toString(8))

  it("are for their owner alone", async () => {
    await using overdue = await Overdue.make()
    await using server = await OverdueServer.start(overdue.folder)
    expect(modes(overdue)).toEqual(["600", "600", "600", "600"])
    // From the first moment on, or it would say that others could read them until then.
    expect(server.output.stderr).not.toContain("could be read by other users")
  })

  it("are taken from others who could read them, which is said", async () => {
    await using overdue = await furnished()
    chmodSync(database(overdue), 0o644)
    await using server = await OverdueServer.start(overdue.folder)
    expect(modes(overdue)).toEqual(["600", "600", "600", "600"])
    expect(server.output.stderr).toMatch(/level=WARN .*could be read by other users of this machine/)
  })
})
