/** The schedule vectors, all of them, and what the command says when a row is wrong. */
import { spawnSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "vitest"
import * as Vector from "./Vector.ts"

const file = (name: string): string =>
  fileURLToPath(new URL(`vectors/${name}.vectors.jsonl`, import.meta.url))

describe("the schedule vectors", () => {
  it.each([
    ["cron", 3973],
    ["oncalendar", 3971],
  ] as const)("%s: all %d rows give the listed occurrences", (language, rows) => {
    const report = Vector.check(language, readFileSync(file(language), "utf8"))
    expect(report).toEqual({ passed: rows, differences: [] })
  })
})

describe("the vectors command", () => {
  const run = (...args: ReadonlyArray<string>): ReturnType<typeof spawnSync> =>
    spawnSync(process.execPath, [fileURLToPath(new URL("vectors.ts", import.meta.url)), ...args], {
      encoding: "utf8",
    })

  it("ends with the counts and exits with 0 when every row passes", () => {
    const { status, stdout } = run("oncalendar", file("oncalendar"))
    expect([status, stdout]).toEqual([0, "3971 passed, 0 failed\n"])
  })

  it("prints at most twenty differences and exits with 1 when rows fail", () => {
    const { status, stdout } = run("oncalendar", file("cron"))
    expect(status).toBe(1)
    expect(String(stdout).match(/^ {2}expected/gm)).toHaveLength(20)
    expect(String(stdout)).toMatch(/\n… and \d+ more\n\d+ passed, \d+ failed\n$/)
  })

  it("says which file cannot be read, and which kind is unknown", () => {
    expect(run("cron", "/nowhere/at/all.jsonl")).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("cannot read /nowhere/at/all.jsonl: ENOENT"),
    })
    expect(run("quartz", file("cron"))).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('no vectors for "quartz"'),
    })
  })
})

describe("a row that is wrong", () => {
  const difference = (row: string): unknown => Vector.check("cron", `\n${row}\n`).differences[0]

  it("fails with its line when an occurrence differs", () => {
    const row = {
      expr: "0 0 * * *",
      tz: "UTC",
      after: "2024-01-01T00:00:00Z",
      next: ["2024-01-02T00:00:01Z"],
    }
    expect(difference(JSON.stringify(row))).toMatchObject({
      line: 2,
      expected: "2024-01-02T00:00:01Z",
      got: "2024-01-02T00:00:00Z",
    })
  })

  it("fails when the iteration goes on after the claimed end", () => {
    const row = { expr: "0 0 * * *", tz: "UTC", after: "2024-01-01T00:00:00Z", next: [], end: true }
    expect(difference(JSON.stringify(row))).toMatchObject({ expected: "end", got: "2024-01-02T00:00:00Z" })
  })

  it("fails with the reason when it cannot be read", () => {
    expect(difference("{")).toMatchObject({ line: 2, got: expect.stringContaining("not JSON") })
    expect(difference('{"expr":1}')).toMatchObject({ got: '"expr" is not a string' })
    expect(difference('{"expr":"* * * * *","tz":"UTC","after":"soon","next":[]}')).toMatchObject({
      got: '"after" is not an instant',
    })
  })

  it("fails when it names a zone that does not exist", () => {
    const row = { expr: "0 0 * * *", tz: "europe/riga", after: "2024-01-01T00:00:00Z", next: [] }
    expect(difference(JSON.stringify(row))).toMatchObject({ got: "no such zone: europe/riga" })
  })
})
