/** The PostgreSQL server that tests use: one for all of them, gone afterwards, and missed aloud. */
import { execFile, spawn } from "node:child_process"
import { once } from "node:events"
import { existsSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { text } from "node:stream/consumers"
import { promisify } from "node:util"
import { describe, expect, it } from "vitest"
import { eventually } from "../../kit/Eventually.ts"
import * as Folder from "../../kit/Folder.ts"
import * as Databases from "../../kit/postgres/Databases.ts"
import { onPostgres } from "../../kit/postgres/onPostgres.ts"
import * as Server from "../../kit/postgres/Server.ts"

const kit = (name: string): string => new URL(`../../kit/postgres/${name}.ts`, import.meta.url).href
const root = new URL("../../..", import.meta.url).pathname

const isThere = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

await onPostgres("a PostgreSQL server for tests", ({ url, fresh }) => {
  it("is the same for whoever asks during a run", async () => {
    expect((await Databases.open()).url).toBe(url)
  })

  it("has another schema for each who asks, which is made with the store", async () => {
    expect(fresh()).not.toBe(fresh())
    expect(await Databases.run(fresh(), "SELECT current_schema()")).toEqual([[null]])
  })

  it("goes with its folder when the process that started it is killed", async () => {
    const program = `
      const server = await (await import(${JSON.stringify(kit("Server"))})).start()
      const { run } = await import(${JSON.stringify(kit("Databases"))})
      const [[folder]] = await run(server.url, "SHOW data_directory")
      console.log(JSON.stringify([server.pid(), folder]))
      setInterval(() => {}, 1000)`
    const user = spawn(process.execPath, ["--input-type=module", "-e", program])
    const said = await new Promise<string>((resolve) =>
      user.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString())),
    )
    const [pid, data] = JSON.parse(said)
    expect([isThere(pid), existsSync(data)]).toEqual([true, true])
    user.kill("SIGKILL")
    await eventually(
      () => [isThere(pid), existsSync(join(data, ".."))],
      (found) => !found.includes(true),
    )
  })

  it("of one's own can break and is mended with what it had, on the same port", async () => {
    await using server = await Server.start({ isDurable: true })
    expect(await Databases.run(server.url, "SHOW fsync")).toEqual([["on"]])
    await Databases.run(server.url, "CREATE TABLE kept (n int)", "INSERT INTO kept VALUES (7)")
    const before = server.pid()
    await server.break()
    expect(isThere(before)).toBe(false)
    await server.mend()
    expect(await Databases.run(server.url, "SELECT n FROM kept")).toEqual([[7]])
    expect(server.pid()).not.toBe(before)
  })

  it("may be an external one, in which nothing is left behind", async () => {
    await using server = await Server.start()
    using folder = Folder.make()
    const scenario = { id: "a check", start: "2026-06-15T12:31:02Z", steps: [] }
    writeFileSync(folder.file("two.jsonl"), `${JSON.stringify(scenario)}\n${JSON.stringify(scenario)}\n`)
    const { OVERDUE_TEST_POSTGRES_DOOR: _, ...environment } = process.env
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["test/truth/conformance.ts", "--store", "postgres", folder.file("two.jsonl")],
      { cwd: root, env: { ...environment, OVERDUE_TEST_POSTGRES: server.url } },
    )
    expect(stdout).toBe("2 passed, 0 failed\n")
    const statistics = "SELECT count(*) FROM pg_stat_user_tables"
    const schemas = "SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'overdue%'"
    expect(await Databases.run(server.url, statistics, schemas)).toEqual([[0]])
    const made = await Databases.run(
      server.url,
      "SELECT xact_commit > 20 FROM pg_stat_database WHERE datname = 'postgres'",
    )
    expect(made).toEqual([[1]])
  })
})

describe("where no PostgreSQL can run", () => {
  /** Runs tests in a folder of their own, where the programs of PostgreSQL are looked for in vain. */
  const run = async (environment: Readonly<Record<string, string>>) => {
    using folder = Folder.make()
    writeFileSync(
      folder.file("one.test.ts"),
      `import { expect, it } from ${JSON.stringify(import.meta.resolve("vitest"))}
       import { onPostgres } from ${JSON.stringify(kit("onPostgres"))}
       await onPostgres("a store", ({ fresh }) => it("is there", () => expect(fresh()).toBe("")))`,
    )
    const { OVERDUE_TEST_POSTGRES_DOOR: _, OVERDUE_TEST_POSTGRES: __, ...others } = process.env
    const child = spawn(
      process.execPath,
      [join(root, "node_modules/vitest/vitest.mjs"), "run", "--root", folder.path],
      {
        cwd: folder.path,
        env: { ...others, OVERDUE_TEST_POSTGRES_BIN: "/nowhere", ...environment },
        stdio: ["ignore", "pipe", "pipe"],
      },
    )
    const closed = once(child, "close")
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
    const [code] = await closed
    return { code, output: stdout + stderr }
  }

  it("its tests are skipped, and the reason is said", async () => {
    const { code, output } = await run({ CI: "" })
    expect(output).toContain(
      "SKIPPED, as no PostgreSQL can run: a store. The reason: there is no program /nowhere/initdb",
    )
    expect(output).toContain("1 skipped")
    expect(code).toBe(0)
  })

  it("they fail in CI", async () => {
    const { code, output } = await run({ CI: "true" })
    expect(output).toContain("there is no program /nowhere/initdb")
    expect(code).toBe(1)
  })
})
