import { spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "vitest"
import * as Asked from "./Asked.ts"

describe("a benchmark", () => {
  it("runs on SQLite unless another store is asked for", () => {
    expect(Asked.read(["ping"])).toEqual({ name: "ping", store: "sqlite", nodes: 1 })
    expect(Asked.read(["--", "ping", "--store", "postgres", "--nodes", "4"])).toEqual({
      name: "ping",
      store: "postgres",
      nodes: 4,
    })
  })

  it.each([
    ["an unknown store", ["ping", "--store", "tape"], '--store: expected sqlite, postgres, not "tape"'],
    [
      "a store of which nothing is left",
      ["ping", "--store", "memory"],
      '--store: expected sqlite, postgres, not "memory"',
    ],
    ["three nodes", ["ping", "--store", "postgres", "--nodes", "3"], '--nodes: expected 1, 2, 4, not "3"'],
    [
      "several nodes on a file",
      ["ping", "--nodes", "2"],
      "several nodes share a database in PostgreSQL: --store postgres",
    ],
    [
      "a flag that it does not take",
      ["step", "--store", "postgres"],
      "--store is a flag of list, outage, ping, sweep, not of step",
    ],
    ["two names", ["ping", "list"], 'one benchmark at a time, not also "list"'],
    ["an unknown name", ["pong"], 'there is no benchmark "pong"'],
    ["no name", [], "expected the name of a benchmark"],
  ])("does not run with %s, and says what can be asked for", (_, args, why) => {
    const command = fileURLToPath(new URL("../run.ts", import.meta.url))
    const { status, stderr } = spawnSync(process.execPath, [command, ...args], { encoding: "utf8" })
    expect([status, stderr.split("\n")[0]]).toEqual([2, why])
    expect(stderr).toContain("--store  of list, outage, ping, sweep: sqlite or postgres")
  })
})
