/** The spool of the agent when its folder fails, and when two agents want it. */
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import * as Backlog from "@overdue/probes/agent/Backlog"
import * as SpoolLock from "@overdue/probes/agent/SpoolLock"
import { describe, expect, it } from "vitest"
import * as Folder from "../../../../test/kit/Folder.ts"
import * as Fixture from "./Fixture.ts"

/** Returns a queue over a folder, and what it has said. */
const open = (folder: Folder.Folder) => {
  const said: string[] = []
  return { said, backlog: Backlog.open({ folder: folder.path, say: (line) => said.push(line) }) }
}

const [one, two] = ["000000000001.json", "000000000002.json"]

describe("a spool", () => {
  it.each([
    [
      "holds what cannot be removed",
      (folder: Folder.Folder) => mkdirSync(folder.file("draft")),
      "ERR_FS_EISDIR",
    ],
    ["is gone", (folder: Folder.Folder) => rmSync(folder.path, { recursive: true }), "ENOENT"],
  ] as const)("that %s leaves reports in memory", (_, harm, code) => {
    using folder = Folder.make("agent")
    writeFileSync(folder.file(one), '"a"')
    harm(folder)
    const { backlog, said } = open(folder)
    backlog.add('"b"')
    expect([backlog.first()?.text, backlog.keep()]).toEqual(['"b"', 1])
    expect(said).toEqual([
      `the spool cannot be used (${code}): what is in it stays there, and reports wait in memory`,
    ])
  })

  it("with a file that cannot be read leaves it alone, and names it", () => {
    using folder = Folder.make("agent")
    mkdirSync(folder.file(one))
    writeFileSync(folder.file(two), '"b"')
    const { backlog, said } = open(folder)
    expect(backlog.first()?.text).toBe('"b"')
    expect(said).toEqual([`${one} of the spool cannot be read (EISDIR), and is left out`])
    expect(existsSync(folder.file(one))).toBe(true)
  })

  it("whose files cannot be deleted goes on with the next, and says so once", () => {
    using folder = Folder.make("agent")
    for (const name of [one, two]) writeFileSync(folder.file(name), JSON.stringify(name))
    const { backlog, said } = open(folder)
    for (const name of [one, two]) {
      const report = backlog.first()!
      expect(report.text).toBe(JSON.stringify(name))
      rmSync(folder.file(name))
      mkdirSync(folder.file(name))
      backlog.done(report)
    }
    expect([backlog.size(), said]).toEqual([
      0,
      [`${one} of the spool cannot be deleted (ERR_FS_EISDIR): the next start sends it again`],
    ])
  })

  it("that has lost many reports names ten of them", () => {
    using folder = Folder.make("agent")
    for (let n = 10; n < 30; n++) writeFileSync(folder.file(`0000000000${n}.json`), "")
    const { backlog, said } = open(folder)
    expect(backlog.first()).toBeUndefined()
    expect([said.length, said.at(-1)]).toEqual([11, "more reports of the spool are left out"])
  })
})

/** A process that wants a lock, on a machine with others. */
const machine = (pid: number, { startedAt = 100, boot = "b", others = {} }: Options = {}) =>
  Fixture.make({
    "/proc/sys/kernel/random/boot_id": `${boot}\n`,
    "/proc/self/stat": Fixture.process(pid, "agent", { startedAt }),
    ...others,
  })

interface Options {
  readonly startedAt?: number
  readonly boot?: string
  readonly others?: Fixture.Files
}

describe("the lock of a spool", () => {
  const first = { "/proc/7/stat": Fixture.process(7, "agent", { startedAt: 100 }) }

  it("is for one process, until it gives it back", () => {
    using folder = Folder.make("agent")
    const giveBack = SpoolLock.take(folder.path, machine(7))
    expect(() => SpoolLock.take(folder.path, machine(8, { others: first }))).toThrow(SpoolLock.Held)
    giveBack()
    SpoolLock.take(folder.path, machine(8, { others: first }))()
    expect(readdirSync(folder.path)).toEqual([])
  })

  it.each([
    ["is dead", {}],
    [
      "is dead, and its parent has not heard of it",
      { others: { "/proc/7/stat": first["/proc/7/stat"].replace(") S ", ") Z ") } },
    ],
    [
      "had a number that another process has now",
      { others: { "/proc/7/stat": Fixture.process(7, "x", { startedAt: 101 }) } },
    ],
    ["ran before the machine was started anew", { others: first, boot: "c" }],
  ])("is free when the process that took it %s", (_, options) => {
    using folder = Folder.make("agent")
    SpoolLock.take(folder.path, machine(7))
    SpoolLock.take(folder.path, machine(8, options))()
    expect(readdirSync(folder.path)).toEqual([])
  })

  it("is not taken where the folder is of no use", () => {
    using folder = Folder.make("agent")
    expect(() => SpoolLock.take(folder.file("missing"), machine(7))).toThrow("ENOENT")
  })
})
