/** Every recording, on every store (on PostgreSQL a part of the transcripts), and what the command says of one that differs. */
import { spawnSync } from "node:child_process"
import { readFileSync, writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { afterAll, describe, expect, it } from "vitest"
import * as Folder from "../kit/Folder.ts"
import { onPostgres } from "../kit/postgres/onPostgres.ts"
import type { StoreName } from "../kit/StoreName.ts"
import * as Recording from "./Recording.ts"

const file = (name: string): string => fileURLToPath(new URL(`recordings/${name}.jsonl`, import.meta.url))
const recordings = [
  ["transcripts of Healthchecks", "healthchecks.transcripts"],
  ["examples of the dialects", "dialects.examples"],
] as const

/** Replays every so many of a recording, and returns how many it has and which of them differ. */
const replay = async (name: string, store: StoreName, every = 1) => {
  const rows = readFileSync(file(name), "utf8").trimEnd().split("\n")
  const differing: string[] = []
  for (const row of rows.filter((_, index) => index % every === 0)) {
    const [scenario] = Recording.parse(row)
    if ((await scenario!.run(store)) !== undefined) differing.push(scenario!.id)
  }
  return [rows.length > 100, differing]
}

describe.each(["memory", "sqlite"] as const)("on the store %s", (store) => {
  it.each(recordings)("the %s pass", async (_, name) => {
    expect(await replay(name, store)).toEqual([true, []])
  })
})

await onPostgres("on the store postgres", () => {
  // Each has connections of its own: all transcripts take ten times as long as on SQLite. `pnpm postgres` replays them.
  it.each([
    [...recordings[0], 3],
    [...recordings[1], 1],
  ])(
    "the %s pass",
    async (_, name, every) => {
      expect(await replay(name, "postgres", every)).toEqual([true, []])
    },
    180_000,
  )
})

describe("the conformance command", () => {
  const folder = Folder.make()
  afterAll(() => folder[Symbol.dispose]())

  const run = (...args: readonly string[]) => {
    const command = fileURLToPath(new URL("conformance.ts", import.meta.url))
    return spawnSync(process.execPath, [command, ...args], { encoding: "utf8" })
  }

  const written = (name: string, ...rows: readonly unknown[]): string => {
    const path = folder.file(name)
    writeFileSync(path, rows.map((row) => (typeof row === "string" ? row : JSON.stringify(row))).join("\n"))
    return path
  }

  const status = (text: string) => ({
    id: `status is ${text}`,
    start: "2026-06-15T12:31:02Z",
    steps: [
      {
        request: { method: "GET", path: "/api/v3/status/", headers: {} },
        expect: { status: 200, text },
      },
    ],
  })

  it("ends with the counts and exits with 0 when every scenario passes", () => {
    const { status: code, stdout } = run(written("passes.jsonl", status("OK"), "", status("OK")))
    expect([code, stdout]).toEqual([0, "2 passed, 0 failed\n"])
  })

  it("says where an answer differs and exits with 1", () => {
    const { status: code, stdout } = run(written("fails.jsonl", status("OK"), status("fine")))
    expect(code).toBe(1)
    expect(stdout).toContain("status is fine")
    expect(stdout).toContain("step 1, GET /api/v3/status/")
    expect(stdout).toContain('text\n    expected  "fine"\n    actual    "OK"\n')
    expect(stdout.endsWith("1 passed, 1 failed\n")).toBe(true)
  })

  it("prints at most twenty differences", () => {
    const rows = Array.from({ length: 25 }, (_, index) => status(`fine ${index}`))
    const { stdout } = run(written("many.jsonl", ...rows))
    expect(stdout.match(/^ {4}expected/gm)).toHaveLength(20)
    expect(stdout).toMatch(/… and 5 more differences\n0 passed, 25 failed\n$/)
  })

  it("runs the scenarios whose ids match, on the store that is asked for", () => {
    const path = written("grep.jsonl", status("OK"), status("fine"))
    const { stdout } = run("--grep", "OK", "--store", "sqlite", path)
    expect(stdout).toBe("1 passed, 0 failed\n")
  })

  it.each([
    ["a missing file", ["/nowhere/at/all.jsonl"], "cannot read /nowhere/at/all.jsonl: ENOENT"],
    ["no file", [], "expected at least one file"],
    ["an unknown store", ["--store", "tape", "x"], '--store: expected memory, sqlite, postgres, not "tape"'],
    ["an unknown flag", ["--loud"], "--loud"],
  ])("names %s and exits with 2", (_, args, why) => {
    expect(run(...args)).toMatchObject({ status: 2, stderr: expect.stringContaining(why) })
  })

  it.each([
    ["no JSON", "{", "no JSON: "],
    ["another document", { rows: [] }, "neither a transcript (steps) nor an example (setup)"],
    [
      "an unknown step",
      { ...status("OK"), steps: [{ wait: 1 }] },
      "steps[0]: expected one of advance_s, sweep",
    ],
    ["no start", { ...status("OK"), start: "noon" }, "start: expected an instant"],
  ])("names the line of a row that is %s", (_, row, why) => {
    const path = written("unreadable.jsonl", status("OK"), row)
    expect(run(path)).toMatchObject({ status: 2, stderr: expect.stringContaining(`${path}:2: ${why}`) })
  })
})
