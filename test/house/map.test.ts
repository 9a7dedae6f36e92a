/** The documents for whoever changes the project say what is so. */
import { existsSync, globSync, readFileSync } from "node:fs"
import { join, normalize } from "node:path"
import { defaultPolicy, healthchecksPolicy, noFilters, type Policy } from "@overdue/core/Check"
import * as Schedule from "@overdue/core/Schedule"
import * as Wording from "@overdue/core/Wording"
import { parseAst } from "rolldown/parseAst"
import { describe, expect, it } from "vitest"

const root = new URL("../..", import.meta.url).pathname
const textOf = (file: string): string => readFileSync(join(root, file), "utf8")

const documents = ["README.md", "ARCHITECTURE.md", "DOMAIN.md", "CONTRIBUTING.md"]

describe.each(documents)("%s", (file) => {
  it("links to what exists", () => {
    const links = Array.from(textOf(file).matchAll(/\]\((?!https?:)([^)#]+)\)/g), ([, link]) => link!)
    expect(links.length).toBeGreaterThan(3)
    expect(links.filter((link) => !existsSync(join(root, normalize(link))))).toEqual([])
  })

  it("names only scripts that package.json has, or tools that are installed", () => {
    const { scripts } = JSON.parse(textOf("package.json"))
    const named = Array.from(
      textOf(file).matchAll(/`(?:npx -y )?pnpm(?:@12)? ([a-z]+)/g),
      ([, name]) => name!,
    )
    const known = [...Object.keys(scripts), "install"]
    expect(
      named.filter((name) => !known.includes(name) && !existsSync(join(root, "node_modules/.bin", name))),
    ).toEqual([])
  })
})

describe("the table of defaults in DOMAIN.md", () => {
  const rows = Array.from(
    textOf("DOMAIN.md").matchAll(/^\| `(\w+)` \| ([^|]+) \| ([^|]+) \|$/gm),
    ([, field, own, healthchecks]) => [field!, [own!, healthchecks!]] as const,
  )
  const said = ({ schedule, grace, early, alert, methods, filters, quiet, probe, ...policy }: Policy) => ({
    ...Object.fromEntries(
      Object.entries(policy).map(([field, value]) => [field, value === undefined ? "none" : String(value)]),
    ),
    schedule: Schedule.print(schedule),
    grace: Wording.span(grace),
    early: Wording.span(early),
    maxRuntime: policy.maxRuntime === undefined ? "as long as grace" : String(policy.maxRuntime),
    alert: `${alert.failures} of ${alert.outOf}, ${alert.recoveries} recovery`,
    methods: methods.length === 0 ? "any" : methods.join(),
    filters: filters === noFilters ? "none" : "some",
    quiet: quiet.length === 0 ? "none" : "some",
    probe: probe === undefined ? "none" : "some",
  })

  it("has every field of a policy, with what it is in both", () => {
    const [own, theirs] = [said(defaultPolicy), said(healthchecksPolicy)]
    const expected = Object.keys(own).map((field) => [
      field,
      [own[field as keyof typeof own], theirs[field as keyof typeof theirs]],
    ])
    expect(Object.fromEntries(rows)).toEqual(Object.fromEntries(expected))
  })
})

interface Node {
  readonly type: string
  readonly callee?: { readonly name?: string }
  readonly arguments?: readonly { readonly type: string; readonly value?: unknown }[]
}

const nodesOf = function* (value: unknown): Generator<Node> {
  if (typeof value !== "object" || value === null) return
  if (Array.isArray(value)) for (const item of value) yield* nodesOf(item)
  else {
    if ("type" in value) yield value as Node // safe because everything with a type is a node
    for (const part of Object.values(value)) yield* nodesOf(part)
  }
}

/** The numbered laws that tests show, as their titles. */
const shown = globSync(["test/{domain,system}/**/*.test.ts", "packages/laws/src/**/*.ts"], {
  cwd: root,
}).flatMap((file) =>
  [...nodesOf(parseAst(textOf(file), { lang: "ts" }))].flatMap(({ type, callee, arguments: given = [] }) => {
    const [first, second] = given.map(({ value }) => value)
    if (type !== "CallExpression") return []
    if (callee?.name === "it" && /^\d+\. /.test(String(first))) return [String(first)]
    const isLaw = ["holds", "shown"].includes(callee?.name ?? "") && typeof first === "number"
    return isLaw && typeof second === "string" ? [`${first}. ${second}`] : []
  }),
)

describe("a law in DOMAIN.md", () => {
  const laws: string[] = []
  for (const line of textOf("DOMAIN.md").split("\n")) {
    const [, number, sentence = ""] = /^(\d+)\. (.*)$/.exec(line) ?? []
    const [, part] = /^ {4}- (.*)$/.exec(line) ?? []
    if (number !== undefined) laws.push(`${number}. ${sentence}`)
    // A law in parts is each of them: its own line only introduces them.
    if (part !== undefined)
      laws.push(
        `${Number.parseInt(
          laws.findLast((law) => !law.startsWith("-"))!,
          10,
        )}. ${part}`,
      )
  }
  const sentences = laws.filter((law) => !law.endsWith(":"))

  it("has a number, from 1 on, and none is left out", () => {
    const numbers = [...new Set(laws.map((law) => Number.parseInt(law, 10)))]
    expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, index) => index + 1))
    expect(numbers.length).toBeGreaterThanOrEqual(13)
  })

  it.each(sentences)("is the title of a test: %s", (law) => {
    expect(shown).toContain(law)
  })

  it("is there for every number that a test has", () => {
    const numbers = new Set(laws.map((law) => Number.parseInt(law, 10)))
    expect(shown.filter((law) => !numbers.has(Number.parseInt(law, 10)))).toEqual([])
  })
})

/** Examples in docstrings may import more than the code. */
const withoutComments = (source: string): string => source.replaceAll(/^ +\*.*$/gm, "")

describe("ARCHITECTURE.md", () => {
  const rows = Array.from(
    textOf("ARCHITECTURE.md").matchAll(/^\| \[([a-z]+)\]\((packages\/[a-z]+|actions)\) \|.*\| ([^|]+) \|$/gm),
    ([, name, folder, may = ""]) => ({
      name: name!,
      folder: folder!,
      may: may === "nothing" ? [] : may.split(", "),
    }),
  )

  it("has a row for every package", () => {
    const packages = globSync("packages/*", { cwd: root }).map((path) => path.replace("packages/", ""))
    expect(rows.map(({ name }) => name).toSorted()).toEqual([...packages, "actions"].toSorted())
  })

  it.each(rows)("says what $name imports", ({ name, folder, may }) => {
    const files = globSync(`${folder}/**/src/**/*.ts`, { cwd: root })
    const imported = files.flatMap((file) =>
      Array.from(
        withoutComments(textOf(file)).matchAll(/(?:from|import)\s*\(?"@overdue\/([a-z-]+)/g),
        ([, other]) => other!.replace(/^action-.*/, "actions"),
      ),
    )
    expect([...new Set(imported)].filter((other) => other !== name).toSorted()).toEqual(may.toSorted())
  })

  it("has the picture that the README has", () => {
    const picture = /```\n( +┌── storage[^`]*)```/
    expect(picture.exec(textOf("ARCHITECTURE.md"))?.[1]).toBe(picture.exec(textOf("README.md"))?.[1])
  })
})
