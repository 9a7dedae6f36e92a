/** The programs in the packages' READMEs print what stands below them. */
import { execFile } from "node:child_process"
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { promisify } from "node:util"
import { commands } from "@overdue/cli/commands/index"
import { kinds } from "@overdue/notifiers"
import { describe, expect, it } from "vitest"

const root = new URL("../../..", import.meta.url).pathname
const run = promisify(execFile)

const programs = readdirSync(join(root, "packages")).flatMap((name) => {
  const file = join(root, "packages", name, "README.md")
  if (!existsSync(file)) return []
  const found = readFileSync(file, "utf8").matchAll(/^```ts\n([^]*?)^```\n\n```text\n([^]*?)^```/gm)
  return [...found].map(([, program, output], index) => ({ name, index, program: program!, output: output! }))
})

describe("a program in the README of", () => {
  it.each(programs)(
    "$name prints what stands below it ($index)",
    async ({ name, index, program, output }) => {
      // Below the tests, so that the packages resolve by name.
      const folder = join(root, "test", ".tmp", `${name}-${index}`)
      mkdirSync(folder, { recursive: true })
      try {
        writeFileSync(join(folder, "program.ts"), program)
        expect((await run(process.execPath, ["program.ts"], { cwd: folder })).stdout).toBe(output)
      } finally {
        rmSync(folder, { recursive: true, force: true })
      }
    },
  )
})

describe("the README of the notifiers", () => {
  it("lists every kind with the fields of its value, as the kind describes itself", () => {
    const readme = readFileSync(join(root, "packages/notifiers/README.md"), "utf8")
    for (const { description } of kinds) {
      const { kind, title, documentation, value } = description
      const fields = Object.entries(value["properties"] as Record<string, { readonly description: string }>)
      expect(readme).toContain(`### [${title}](${documentation}): \`${kind}\`\n`)
      for (const [field, { description }] of fields) {
        expect(readme).toContain(`| \`${field}\` | ${description} |\n`)
      }
    }
  })
})

describe("the README of the command", () => {
  it("lists every command with its summary", () => {
    const readme = readFileSync(join(root, "packages/cli/README.md"), "utf8")
    for (const [name, { summary }] of Object.entries(commands)) {
      expect(readme).toContain(`| \`overdue ${name}\` | ${summary} |`)
    }
  })
})
