import { spawnSync } from "node:child_process"
import { describe, expect, it } from "vitest"
import * as Overdue from "../../../../test/kit/Overdue.ts"

const overdue = await Overdue.make()

/** What bash offers for the words typed so far, the last one unfinished. */
const offered = async (...words: readonly string[]): Promise<readonly string[]> => {
  const { stdout } = await overdue.run(["completion", "bash"])
  const script = `${stdout}
COMP_WORDS=(overdue ${words.map((word) => `'${word}'`).join(" ")})
COMP_CWORD=${words.length}
_overdue
printf '%s\\n' "\${COMPREPLY[@]}"`
  const { status, stdout: said, stderr } = spawnSync("bash", ["-c", script], { encoding: "utf8" })
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" })
  return said.split("\n").filter((line) => line !== "")
}

describe("completion in bash", () => {
  it.each([
    [["se"], ["serve"]],
    [["sch"], ["schedule"]],
    [
      ["checks", ""],
      ["list", "show", "create", "update", "pause", "resume", "delete"],
    ],
    [["checks", "li"], ["list"]],
    [
      ["checks", "list", "--s"],
      ["--slug", "--status", "--sort"],
    ],
    [
      ["run", "--no-s"],
      ["--no-start", "--no-spool"],
    ],
    [["run", "--slug", "x", "--", ""], []],
    [["nonesuch", "x"], []],
  ])("after %j offers %j", async (words, expected) => {
    expect(await offered(...words)).toEqual(expected)
  })
})

describe("completion in other shells", () => {
  it("names every command with what it is for", async () => {
    const zsh = (await overdue.run(["completion", "zsh"])).stdout
    expect(zsh).toMatch(/^#compdef overdue\n/)
    expect(zsh).toContain("'ping:send one signal to a check'")
    const fish = (await overdue.run(["completion", "fish"])).stdout
    expect(fish).toContain(
      "complete -c overdue -n '__fish_use_subcommand' -f -a 'ping' -d 'send one signal to a check'\n",
    )
    expect(fish).toContain("complete -c overdue -n '__overdue_at \\'checks\\' \\'list\\'' -l tag -d ")
  })

  it("is refused for a shell that is none", async () => {
    const { code, stderr } = await overdue.run(["completion", "bahs"])
    expect(code).toBe(2)
    expect(stderr).toContain("name one shell: bash, zsh, fish; did you mean bash?")
  })
})
