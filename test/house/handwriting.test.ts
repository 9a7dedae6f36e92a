/** One handwriting in every package and action: lint keeps what it can, and is shown to; these tests read the rest. */
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { parseAst } from "rolldown/parseAst"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import * as PlantedWorkspace from "../kit/PlantedWorkspace.ts"

const root = new URL("../..", import.meta.url).pathname

/** Source files of a folder such as `packages` or `actions`, as paths below the repository. */
const sourcesOf = (folder: string): readonly string[] =>
  readdirSync(join(root, folder)).flatMap((name) => {
    const source = join(folder, name, "src")
    return readdirSync(join(root, source), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => join(source, file))
  })

const sources = [...sourcesOf("packages"), ...sourcesOf("actions")].toSorted()

const textOf = (file: string): string => readFileSync(join(root, file), "utf8")

describe("the linter refuses, in a package and in an action,", () => {
  /** A name for the file, the rule that must refuse it, and its source. */
  const violations = [
    ["a function declaration", "func-style", "function x(): number {\n  return 1\n}\nx()\n"],
    ["an exported function declaration", "func-style", "export function x(): number {\n  return 1\n}\n"],
    ["a list written as Array<T>", "array-type", "export const x: Array<string> = []\n"],
    ["a list written as ReadonlyArray<T>", "array-type", "export const x: ReadonlyArray<string> = []\n"],
    ["a file of more than 300 lines", "max-lines", "export const x = 1\n".padEnd(320, "\n")],
    [
      "a function of more than 80 lines",
      "max-lines-per-function",
      `export const x = (): void => {${"\n".repeat(81)}}\n`,
    ],
  ] as const

  /** What is written instead, and must pass. */
  const allowed = {
    arrow: "export const x = (): readonly string[] => []\n",
    generator: "export const x = function* (): Generator<number> {\n  yield 1\n}\n",
    method: "export const x = {\n  y(): number {\n    return 1\n  },\n}\n",
    overload:
      "export function x(y: string): string\nexport function x(y: number): number\n" +
      "export function x(y: string | number): string | number {\n  return y\n}\n",
  }

  const places = ["packages/core/src", "packages/cli/src/commands", "actions/ping/src"]
  const workspace = PlantedWorkspace.make()
  afterAll(() => workspace[Symbol.dispose]())
  /** `file rule` of everything that the linter found. */
  let found: ReadonlySet<string>

  beforeAll(() => {
    for (const place of places) {
      for (const [index, [, , source]] of violations.entries())
        workspace.plant(`${place}/Violation${index}.ts`, source)
      workspace.plant(
        `${place}/Chicken.ts`,
        'import type { Egg } from "./Egg.ts"\nexport type Chicken = Egg | undefined\n',
      )
      workspace.plant(
        `${place}/Egg.ts`,
        'import type { Chicken } from "./Chicken.ts"\nexport type Egg = readonly Chicken[]\n',
      )
      for (const [name, source] of Object.entries(allowed))
        workspace.plant(`${place}/Allowed-${name}.ts`, source)
    }
    found = new Set(workspace.lint("packages", "actions").map(({ file, rule }) => `${file} ${rule}`))
  })

  it.each(violations.map(([what, rule], index) => ({ what, rule, index })))("$what", ({ rule, index }) => {
    for (const place of places) expect(found).toContain(`${place}/Violation${index}.ts ${rule}`)
  })

  it("two files that import each other, be it for a type only", () => {
    for (const place of places) {
      expect(found).toContain(`${place}/Chicken.ts no-cycle`)
      expect(found).toContain(`${place}/Egg.ts no-cycle`)
    }
  })

  it.each(Object.keys(allowed))("but not an %s", (name) => {
    for (const place of places) {
      const about = [...found].filter((line) => line.startsWith(`${place}/Allowed-${name}.ts`))
      expect(about).toEqual([])
    }
  })
})

/** The part of a syntax tree that is looked at here. */
interface Node {
  readonly type: string
}

const programOf = (file: string): readonly Node[] =>
  // safe because every node of a syntax tree has these parts
  parseAst(textOf(file), { lang: "ts", astType: "ts" }, file).body as readonly Node[]

describe("every source file", () => {
  /** An index that only lists namespaces says by their names what it is. */
  const isList = (file: string): boolean =>
    programOf(file).every(({ type }) => type === "ExportAllDeclaration")

  it("says in its first lines what it is", () => {
    const silent = sources.filter((file) => !/^(?:#!.*\n)?\/\*\*/.test(textOf(file)) && !isList(file))
    expect(silent).toEqual([])
  })
})
