/** The examples in docstrings run, and print what the arrows in them say. */
import { execFile } from "node:child_process"
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { promisify } from "node:util"
import { describe, expect, it } from "vitest"

const root = new URL("../..", import.meta.url).pathname
const run = promisify(execFile)

/** Where people start, and so must find an example. */
const starts = [
  "client/src/index.ts ping",
  "core/src/Machine.ts step",
  "core/src/Replay.ts compare",
  "core/src/Schedule.ts next",
  "engine/src/Monitor.ts ensure",
  "engine/src/Monitor.ts make",
  "engine/src/monitor/Signals.ts wrap",
  "laws/src/storeLaws.ts storeLaws",
  "notifiers/src/index.ts layer",
  "server/src/Server.ts handler",
]

interface Example {
  /** File and name of what it is an example of. */
  readonly of: string
  readonly program: string
  /** What its arrows say, line by line. */
  readonly printed: readonly string[]
}

/** A docstring with an example, and the name of what is declared below it. */
const docstring =
  /\/\*\*((?:(?!\*\/)[^])*@example(?:(?!\*\/)[^])*)\*\/\s+(?:export |const |class |async )*(\w+)/g

const examplesIn = (file: string): readonly Example[] =>
  [...readFileSync(join(root, "packages", file), "utf8").matchAll(docstring)].flatMap(
    ([, text = "", name]) => {
      const lines = text.replaceAll(/^ *\* ?/gm, "")
      return [...lines.matchAll(/^@example\n```ts\n([^]*?)^```$/gm)].map(([, program = ""]) => ({
        of: `${file} ${name}`,
        program,
        printed: [...program.matchAll(/\/\/ → (.*)$/gm)].map(([, line = ""]) => line),
      }))
    },
  )

const files = readdirSync(join(root, "packages")).flatMap((name) =>
  readdirSync(join(root, "packages", name, "src"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => join(name, "src", file)),
)

const examples = files.flatMap(examplesIn)

/** Below the tests, so that the packages resolve by name. */
const folderOf = (index: number): string => join(root, "test", ".tmp", `example-${index}`)

/** Suites are for vitest, which prints the sentence of each test; all others are programs. */
const isSuite = ({ of }: Example): boolean => of.startsWith("laws/")

const config = 'export default { test: { include: ["program.ts"], reporters: ["verbose"] } }\n'

const outputOf = async (example: Example, folder: string): Promise<string> => {
  mkdirSync(folder, { recursive: true })
  try {
    writeFileSync(join(folder, "program.ts"), example.program)
    writeFileSync(join(folder, "vitest.config.ts"), config)
    const suite = [join(root, "node_modules", "vitest", "vitest.mjs"), "run", "--root", folder]
    const { stdout } = await run(process.execPath, isSuite(example) ? suite : ["program.ts"], {
      cwd: folder,
      env: { ...process.env, NO_COLOR: "1" },
    })
    return stdout
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

describe("the docstring of", () => {
  it.each(starts)("%s has an example", (start) => {
    expect(examples.map(({ of }) => of)).toContain(start)
  })

  it("whatever has an example fences it, so that it is found here", () => {
    const marks = files.flatMap(
      (file) => readFileSync(join(root, "packages", file), "utf8").match(/@example$/gm) ?? [],
    )
    expect(examples).toHaveLength(marks.length)
  })
})

describe("the example in the docstring of", () => {
  it.each(examples.map((example, index) => ({ ...example, index })))(
    "$of prints what its arrows say",
    async ({ index, ...example }) => {
      const output = await outputOf(example, folderOf(index))
      expect(example.printed).not.toEqual([])
      if (isSuite(example)) for (const line of example.printed) expect(output).toContain(`> ${line}`)
      else expect(output).toBe(`${example.printed.join("\n")}\n`)
    },
  )
})
