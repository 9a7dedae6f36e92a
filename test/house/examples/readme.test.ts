/** The README, run as a newcomer would: every command and every program in it, with the output that it shows. */
import { execFile, spawnSync } from "node:child_process"
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { promisify } from "node:util"
import { describe, expect, it } from "vitest"
import * as Config from "@overdue/cli/serve/Config"
import * as Limits from "@overdue/core/Limits"
import * as Folder from "../../kit/Folder.ts"
import { keys } from "../../kit/Keys.ts"
import { main } from "../../kit/Overdue.ts"
import { OverdueServer } from "../../kit/OverdueServer.ts"
import * as Receiver from "../../kit/Receiver.ts"

const root = new URL("../../..", import.meta.url).pathname
const readme = readFileSync(join(root, "README.md"), "utf8")
const run = promisify(execFile)
const hasCurl = spawnSync("curl", ["--version"]).status === 0

const blocks = (language: string): readonly string[] =>
  [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, "gm"))].map((match) => match[1]!)

interface Line {
  readonly command: string
  readonly output: string
}

/** A console block: commands behind `$ `, and below each what it prints. */
const transcript = (block: string): readonly Line[] =>
  block
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const end = part.indexOf("\n")
      return { command: part.slice(0, end), output: part.slice(end + 1) }
    })

const noKeys = { OVERDUE_API_KEY: "", OVERDUE_API_KEY_READONLY: "", OVERDUE_PING_KEY: "" }
const [started, firstCheck, firstChannel] = blocks("console")

describe("the README", () => {
  it("shows what the first start prints", async () => {
    using folder = Folder.make()
    await using overdue = await OverdueServer.start(folder.path, { environment: noKeys })
    const { stdout } = await overdue.stop()
    const shown = transcript(started!)[0]!
    const general = stdout
      .replace(overdue.url, "http://127.0.0.1:8000")
      .replaceAll(/(hc[wr]_)\w+/g, "$1…")
      .replace(/(ping key +)\w+/, "$1…")
    expect(general).toBe(shown.output)
  })

  it.skipIf(!hasCurl)("leads to a first check that is down (needs curl)", async () => {
    using folder = Folder.make()
    await using overdue = await OverdueServer.start(folder.path)
    const lines = transcript(firstCheck!)
    const script = lines
      .map(({ command }) => command.replace("hcw_…", keys.readWrite))
      .map((command) => command.replaceAll("http://127.0.0.1:8000", overdue.url))
      .map((command) => `${command}\nprintf '\\036'`)
    const { stdout } = await run("bash", ["-c", script.join("\n")])
    const printed = stdout.split("\u001e").slice(0, -1)
    expect(printed.map((output) => output.trim())).toEqual(lines.map(({ output }) => output.trim()))
  })

  it("leads to a check that tells somebody, by the command line", async () => {
    using folder = Folder.make()
    await using overdue = await OverdueServer.start(folder.path)
    await using receiver = await Receiver.listen()
    const { status } = await overdue.api("POST", "/api/v3/checks/", { name: "backup", timeout: 3600 })
    expect(status).toBe(201)
    const script = transcript(firstChannel!)
      .map(({ command }) => command.replace("hcw_…", keys.readWrite))
      .map((command) => command.replace("npx -y pnpm@12 overdue", `'${process.execPath}' '${main}'`))
      .map((command) => command.replaceAll("https://example.org/alerts", receiver.url))
    const { stdout } = await run("bash", ["-ec", script.join("\n")], {
      cwd: folder.path,
      env: { ...process.env, HOME: folder.path, OVERDUE_URL: overdue.url },
    })
    expect(stdout).toMatch(
      /^added ops\n[^]*backup: changed channels\n[^]*\nnew +backup .* ops [^]*\nops: the test alert was delivered\n$/,
    )
    expect(receiver.received.map(({ body }) => body)).toEqual(["TEST is down (missed). "])
  })

  it("embeds an engine in ten lines", async () => {
    const [program] = blocks("ts")
    expect(
      program!.split("\n").filter((line) => line !== "" && !line.startsWith("import")).length,
    ).toBeLessThanOrEqual(10)
    // Below the tests, so that the packages resolve by name.
    const folder = join(root, "test", ".tmp", "readme")
    mkdirSync(folder, { recursive: true })
    try {
      writeFileSync(join(folder, "program.ts"), program!)
      const { stdout } = await run(process.execPath, ["program.ts"], { cwd: folder })
      expect(stdout).toBe("the report is written\nup\n")
      // The second start finds the check of the first.
      expect((await run(process.execPath, ["program.ts"], { cwd: folder })).stdout).toBe(stdout)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  it("states flags of the server with their variables and defaults as they are", () => {
    const rows = [...readme.matchAll(/^\| `--([a-z-]+)` \|.*$/gm)]
    expect(rows.length).toBeGreaterThanOrEqual(7)
    const flags: Readonly<Record<string, { readonly env?: string; readonly default?: string }>> = Config.flags
    for (const [row, name] of rows) {
      const flag = flags[name!]
      expect(flag, `--${name}`).toBeDefined()
      expect(row).toContain(`\`${flag!.env}\``)
      if (flag!.default !== undefined) expect(row).toContain(`\`${flag!.default}\``)
    }
    expect(readme).toContain(`\`${Limits.pingBody}\` bytes`)
  })

  it("shows the workflow that the documentation of the action shows, and lints", () => {
    const [workflow] = blocks("yaml")
    const documented = readFileSync(join(root, "actions/ping/README.md"), "utf8")
    for (const line of workflow!.trimEnd().split("\n")) expect(documented).toContain(`${line}\n`)
  })

  it("lists every command of the repository", () => {
    const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: object }
    const listed = [...readme.matchAll(/^\| `pnpm (\w+)[^`]*` \|/gm)].map((match) => match[1])
    expect(new Set(listed)).toEqual(new Set(Object.keys(scripts)))
  })

  it("points at what is there", () => {
    for (const [, path] of readme.matchAll(/\]\(((?:packages|test|actions)[^)]*)\)/g)) {
      expect(existsSync(join(root, path!)), path).toBe(true)
    }
  })
})
