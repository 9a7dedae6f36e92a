import type { Command, Group, Registry } from "@overdue/cli/Command"
import { commands } from "@overdue/cli/commands/index"
import { page } from "@overdue/cli/Help"
import { describe, expect, it } from "vitest"
import * as Overdue from "../../../test/kit/Overdue.ts"

const overdue = await Overdue.make()

describe("the overdue command", () => {
  it("prints its version", async () => {
    expect(await overdue.run(["--version"])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^overdue \d+\.\d+\.\d+\n$/),
    })
  })

  it.each([["--help"], ["-h"], ["help"]])("with %s names every command and what it is for", async (word) => {
    const { code, stdout } = await overdue.run([word])
    expect(code).toBe(0)
    for (const [name, { summary }] of Object.entries(commands)) {
      expect(stdout).toMatch(new RegExp(`^ {2}${name} +${summary}$`, "m"))
    }
  })

  it("alone says the same on stderr and exits with 2", async () => {
    const { code, stdout, stderr } = await overdue.run([])
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" })
    expect(stderr).toContain("Usage\n  overdue COMMAND")
  })

  it.each([
    ["pign", "overdue: there is no command pign; did you mean ping?\n"],
    [
      "constructor",
      `overdue: there is no command constructor; the commands are ${Object.keys(commands).join(", ")}\n`,
    ],
    [
      "--port",
      `overdue: a command must come first, not the flag --port; the commands are ${Object.keys(commands).join(", ")}\n`,
    ],
  ])("answers %s with what was meant, or could have been", async (word, sentence) => {
    expect(await overdue.run([word])).toMatchObject({ code: 2, stdout: "", stderr: sentence })
    expect(await overdue.run(["help", word])).toMatchObject({ code: 2, stderr: sentence })
  })
})

/** Every command with the words that lead to it. */
const all = async (registry: Registry, path: readonly string[] = []) => {
  const found: { readonly path: readonly string[]; readonly command: Command | Group }[] = []
  for (const [name, { load }] of Object.entries(registry)) {
    const { command } = await load()
    found.push({ path: [...path, name], command })
    if (!("run" in command)) found.push(...(await all(command.commands, [...path, name])))
  }
  return found
}

const every = await all(commands)
const single = every.flatMap(({ path, command }) => ("run" in command ? [{ path, command }] : []))
const groups = every.flatMap(({ path, command }) => ("run" in command ? [] : [{ path, command }]))

describe.each(single)("overdue $path", ({ path, command }) => {
  it("has a page of help that fits a terminal and names every flag and its environment variable", async () => {
    const text = await page(command)
    expect(command.name).toBe(path.join(" "))
    for (const usage of command.usage) expect(usage.startsWith(command.name)).toBe(true)
    expect(text.split("\n").filter((line) => line.length > 110)).toEqual([])
    for (const [flag, { env = "" }] of Object.entries(command.flags)) {
      expect(text).toMatch(new RegExp(`--(no-|\\[no-\\])?${flag}\\b`))
      expect(text).toContain(env)
    }
  })
})

describe.each(groups)("overdue $path", ({ path, command }) => {
  it("names what is under it", async () => {
    const { code, stdout } = await overdue.run([...path, "--help"])
    expect(code).toBe(0)
    for (const [name, { summary }] of Object.entries(command.commands)) {
      expect(stdout).toMatch(new RegExp(`^ {2}${name} +${summary}$`, "m"))
    }
    expect((await overdue.run(["help", ...path])).stdout).toBe(stdout)
    expect(await overdue.run([...path])).toMatchObject({ code: 2, stdout: "", stderr: stdout })
  })
})

describe("help on a command", () => {
  it.each([[["help", "run"]], [["run", "--help"]], [["run", "--check", "x", "-h"]]])(
    "is printed by %j",
    async (words) => {
      expect(await overdue.run(words)).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/^Usage: overdue run /),
      })
    },
  )

  it("is not meant by what comes after --", async () => {
    expect(await overdue.run(["run", "--", "true", "--help"])).toMatchObject({ code: 2, stdout: "" })
  })

  it.each([
    [["checks", "lsit"], "overdue checks: there is no command lsit; did you mean list?\n"],
    [["help", "checks", "xyzzy"], "overdue checks: there is no command xyzzy; the commands are list, show,"],
  ])("that does not exist, %j, is answered with what does", async (words, sentence) => {
    const { code, stderr } = await overdue.run(words)
    expect(code).toBe(2)
    expect(stderr).toContain(sentence)
  })
})
