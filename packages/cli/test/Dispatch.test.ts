import { commands } from "@overdue/cli/commands/index"
import { describe, expect, it } from "vitest"
import * as Overdue from "./Overdue.ts"

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
      `overdue: a command comes first, and there is no flag --port; the commands are ${Object.keys(commands).join(", ")}\n`,
    ],
  ])("answers %s with what was meant, or could have been", async (word, sentence) => {
    expect(await overdue.run([word])).toMatchObject({ code: 2, stdout: "", stderr: sentence })
    expect(await overdue.run(["help", word])).toMatchObject({ code: 2, stderr: sentence })
  })
})

describe.each(Object.keys(commands))("overdue %s", (name) => {
  it("has a page of help that fits a terminal and names every flag and its environment variable", async () => {
    const { command } = await commands[name]!.load()
    const { code, stdout } = await overdue.run(["help", name])
    expect(code).toBe(0)
    expect(command.name).toBe(name)
    expect((await overdue.run([name, "--help"])).stdout).toBe(stdout)
    expect(stdout.split("\n").filter((line) => line.length > 110)).toEqual([])
    for (const [flag, { env = "" }] of Object.entries(command.flags)) {
      expect(stdout).toMatch(new RegExp(`--(no-)?${flag}\\b`))
      expect(stdout).toContain(env)
    }
  })
})
