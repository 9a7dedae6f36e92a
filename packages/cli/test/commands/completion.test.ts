import { spawnSync } from "node:child_process"
import { chmodSync, readdirSync, writeFileSync } from "node:fs"
import { connect } from "@overdue/client/management"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import * as Folder from "../../../../test/kit/Folder.ts"
import { keys } from "../../../../test/kit/Keys.ts"
import * as Overdue from "../../../../test/kit/Overdue.ts"
import { OverdueServer } from "../../../../test/kit/OverdueServer.ts"
import { listen } from "../../../../test/kit/Receiver.ts"

const overdue = await Overdue.make()
afterAll(() => overdue[Symbol.asyncDispose]())

/** The command as the shell finds it. */
const program = `${overdue.folder}/overdue`
writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${Overdue.main}' "$@"\n`)
chmodSync(program, 0o755)
const { stdout } = await overdue.run(["completion", "bash"])

/** What bash offers for the words typed so far, the last one unfinished. */
const offered = (...words: readonly string[]): readonly string[] => offeredWith({}, ...words)

const offeredWith = (environment: Overdue.Environment, ...words: readonly string[]): readonly string[] => {
  const script = `${stdout}
COMP_WORDS=('${program}' ${words.map((word) => `'${word}'`).join(" ")})
COMP_CWORD=${words.length}
_overdue
printf '%s\\n' "\${COMPREPLY[@]}"`
  const {
    status,
    stdout: said,
    stderr,
  } = spawnSync("bash", ["-c", script], {
    encoding: "utf8",
    cwd: overdue.folder,
    env: { PATH: process.env["PATH"], HOME: overdue.folder, ...environment },
  })
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
    [
      ["checks", "list", "--status", ""],
      ["new", "up", "grace", "down", "paused"],
    ],
    [["checks", "list", "--status", "d"], ["down"]],
    [["checks", "list", "--status", "=", "d"], ["down"]],
    [
      ["checks", "update", "x", "--runs", ""],
      ["latest", "every"],
    ],
    [["channels", "add", "web"], ["webhook"]],
    [["schedule", "next", "--tz", "Europe/Rig"], ["Europe/Riga"]],
    [
      ["ping", "s"],
      ["success", "start"],
    ],
    [
      ["spool", ""],
      ["list", "send", "clear"],
    ],
    // Nothing is known of a name, so bash offers files; and of checks without a key.
    [["checks", "create", "--name", ""], []],
    [["checks", "show", ""], []],
    [["nonesuch", "x"], []],
  ])("after %j offers %j", (words, expected) => {
    expect(offered(...words)).toEqual(expected)
  })
})

describe("completion with a server", () => {
  const home = Folder.make()
  let server: OverdueServer
  let environment: Overdue.Environment
  beforeAll(async () => {
    server = await OverdueServer.start(home.path)
    environment = {
      OVERDUE_URL: server.url,
      OVERDUE_API_KEY: keys.readOnly,
      // What is offered must not depend on how busy the machine is.
      OVERDUE_COMPLETION_WAIT: "30s",
    }
    const api = connect({ baseUrl: server.url, apiKey: keys.readWrite })
    await api.checks.create({ slug: "backup", tags: "db nightly" })
    await api.checks.create({ slug: "bank", tags: "$(touch\tpwned) `touch\tpwned` $(>pwned) db *" })
    await api.checks.create({ slug: "report" })
  })
  afterAll(async () => {
    await server.stop()
    home[Symbol.dispose]()
  })

  it.each([
    [
      ["checks", "show", "ba"],
      ["backup", "bank"],
    ],
    [["checks", "pause", "backup", "r"], ["report"]],
    [
      ["pings", ""],
      ["backup", "bank", "report"],
    ],
    [["run", "--slug", "re"], ["report"]],
    [["run", "-s", "re"], ["report"]],
    [["events", "--check", "re"], ["report"]],
    [
      ["checks", "list", "--tag", ""],
      ["db", "nightly"],
    ],
    [["checks", "show", "--js"], ["--json"]],
  ])("after %j offers %j, and runs nothing that stands in a name", (words, expected) => {
    expect(offeredWith(environment, ...words)).toEqual(expected)
    expect(readdirSync(overdue.folder)).not.toContain("pwned")
  })

  it("is silent when the server refuses, or is not there", () => {
    const wrong = [
      { OVERDUE_API_KEY: "y".repeat(32) },
      { OVERDUE_URL: "http://127.0.0.1:1" },
      { OVERDUE_URL: "nonsense" },
    ]
    for (const other of wrong)
      expect(offeredWith({ ...environment, ...other }, "checks", "show", "")).toEqual([])
  })

  it("does not wait for a server that does not answer", async () => {
    await using silent = await listen("hang")
    const slow = { ...environment, OVERDUE_URL: silent.url, OVERDUE_COMPLETION_WAIT: "" }
    const asked = await overdue.run(["completion", "words", "checks"], slow)
    expect(asked).toMatchObject({ code: 0, stdout: "", stderr: "" })
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
    expect(fish).toContain(
      "complete -c overdue -n '__overdue_at \\'checks\\' \\'list\\'' -s t -l tag -x -a '(overdue completion words tags 2>/dev/null)' -d ",
    )
  })

  it("is refused for a shell that is none", async () => {
    const { code, stderr } = await overdue.run(["completion", "bahs"])
    expect(code).toBe(2)
    expect(stderr).toContain("name one shell: bash, zsh, fish; did you mean bash?")
  })
})
