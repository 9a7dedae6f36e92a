/** One handwriting in every package and action: lint keeps what it can, and is shown to; these tests read the rest. */
import { apiKey, projectName, urlKey } from "@overdue/core/Project"
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

/** The parts of a syntax tree that are looked at here. */
interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly declaration?: (Node & { readonly declarations?: readonly Node[] }) | null
  readonly id?: { readonly name?: string } | null
  readonly typeAnnotation?: { readonly typeName?: { readonly name?: string } }
}

const programOf = (file: string): readonly Node[] =>
  // safe because every node of a syntax tree has a type and a place
  parseAst(textOf(file), { lang: "ts", astType: "ts" }, file).body as readonly Node[]

/** Every node of a type, outermost first; nodes inside of a found one are left out. */
const nodesOf = (type: string, part: unknown): readonly Node[] => {
  if (typeof part !== "object" || part === null) return []
  if ("type" in part && part.type === type) return [part as Node] // safe because a node has a type
  return Object.values(part).flatMap((inner) => nodesOf(type, inner))
}

const header = /^(?:#!.*\n)?\/\*\*[^]*?\*\/\n/

describe("every source file", () => {
  /** An index that only lists namespaces says by their names what it is. */
  const isList = (file: string): boolean =>
    programOf(file).every(({ type }) => type === "ExportAllDeclaration")

  it("says in its first lines what it is", () => {
    expect(sources.filter((file) => !header.test(textOf(file)) && !isList(file))).toEqual([])
  })

  it("says of every cast why it is safe, at most three lines above it", () => {
    const bare = sources.flatMap((file) => {
      const text = textOf(file)
      const lines = text.split("\n")
      const lineOf = (place: number): number => text.slice(0, place).split("\n").length
      return nodesOf("TSAsExpression", programOf(file))
        .filter(({ typeAnnotation }) => typeAnnotation?.typeName?.name !== "const")
        .map(({ start, end }) => ({ first: lineOf(start), last: lineOf(end) }))
        .filter(({ first, last }) => {
          const around = lines.slice(Math.max(0, first - 4), last + 1)
          return !around.some((line) => line.includes("// safe because "))
        })
        .map(({ first }) => `${file}:${first}`)
    })
    expect(bare).toEqual([])
  })
})

describe("every export", () => {
  const exportsOf = (file: string) => {
    const text = textOf(file)
    const body = text.replace(header, (found) => " ".repeat(found.length))
    return programOf(file).flatMap(({ type, start, declaration }) => {
      if (type !== "ExportNamedDeclaration" || !declaration) return []
      const name = declaration.id?.name ?? declaration.declarations?.[0]?.id?.name ?? ""
      return [{ name, isDocumented: /\*\/\s*(?:\/\/ safe because .*\s*)?$/.test(body.slice(0, start)) }]
    })
  }

  // A command's own `description` is its documentation, and what users read.
  const isCommand = (file: string, name: string): boolean =>
    file.startsWith("packages/cli/src/commands/") && name === "command"

  it("has a docstring", () => {
    const undocumented = sources.flatMap((file) =>
      exportsOf(file)
        .filter(({ name, isDocumented }) => !isDocumented && !isCommand(file, name))
        .map(({ name }) => `${file} ${name}`),
    )
    expect(undocumented).toEqual([])
  })
})

it("a pattern in a schema has the flag u and no other: with others JSON Schema would lose it", () => {
  const patterns = sources.flatMap((file) =>
    Array.from(textOf(file).matchAll(/isPattern\(\s*(.*)$/gm), ([, given]) => ({ file, given: given! })),
  )
  expect(patterns.length).toBeGreaterThan(0)
  const isByName = ({ given }: { readonly given: string }): boolean => given.startsWith("pattern,")
  expect(patterns.filter((one) => !isByName(one) && !/^\/.*\/u[,)]/.test(one.given))).toEqual([])
  expect(patterns.filter(isByName)).toHaveLength(1)
  expect([apiKey, projectName, urlKey].map(({ pattern }) => pattern.flags)).toEqual(["u", "u", "u"])
})
