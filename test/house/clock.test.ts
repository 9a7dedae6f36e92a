/** No package and no action reads or writes a time on the clock of the machine that it happens to run on. */
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { parseAst } from "rolldown/parseAst"
import { describe, expect, it } from "vitest"

const root = new URL("../..", import.meta.url).pathname

const sources = ["packages", "actions"].flatMap((folder) =>
  readdirSync(join(root, folder)).flatMap((name) => {
    const source = join(folder, name, "src")
    return readdirSync(join(root, source), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => join(source, file))
  }),
)

/** Files that may, with the reason. */
const allowed: Readonly<Record<string, string>> = {
  "packages/client/src/retry.ts": "Date.parse: a date in HTTP is in GMT, and says so (RFC 9110 §5.6.7)",
  "packages/core/src/HttpDate.ts": "Date.parse: a date in HTTP is in GMT, and says so (RFC 9110 §5.6.7)",
  "packages/cli/src/CheckView.ts": "Date.parse: instants in answers of the server have an offset",
  "packages/cli/src/installation/OfServer.ts": "Date.parse: instants in answers of the server have an offset",
  "actions/assert/src/Answer.ts": "Date.parse: instants in answers of the server have an offset",
  "actions/assert/src/Summary.ts": "Date.parse: instants in answers of the server have an offset",
}

/** The parts of a syntax tree that are looked at here. */
interface Node {
  readonly type: string
  readonly start: number
  readonly callee?: Node
  readonly object?: Node
  readonly property?: Node
  readonly name?: string
  readonly key?: Node
  readonly properties?: readonly Node[]
  readonly arguments?: readonly Node[]
}

const nodesOf = function* (value: unknown): Generator<Node> {
  if (typeof value !== "object" || value === null) return
  if ("type" in value) yield value as Node // safe because everything with a type is a node
  for (const part of Object.values(value)) yield* nodesOf(part)
}

/** `Date.parse` of the node of `Date.parse`; of other objects than names only the property: `.getHours`. */
const nameOf = (node: Node | undefined): string => {
  if (node?.type === "Identifier") return node.name ?? ""
  if (node?.type !== "MemberExpression") return ""
  return `${node.object?.type === "Identifier" ? node.object.name : ""}.${node.property?.name ?? ""}`
}

const hasZone = (options: Node | undefined): boolean =>
  options?.properties?.some(({ key }) => key?.name === "timeZone") ?? false

const onItsClock =
  /\.(?:[gs]et(?:Hours|Minutes|Seconds|Date|Day|Month|Year|FullYear|TimezoneOffset)|to(?:Date|Time)String)$/

/** Returns what a node reads or writes on the clock of the machine; `undefined` when it does neither. */
const judged = (node: Node): string | undefined => {
  if (node.type === "MemberExpression") {
    const name = nameOf(node)
    if (name === "Date.parse") return name
    return onItsClock.exec(name)?.[0]
  }
  if (node.type !== "CallExpression" && node.type !== "NewExpression") return undefined
  const [name, given = []] = [nameOf(node.callee), node.arguments]
  if (/(?:^|\.)DateTimeFormat$|\.toLocale(?:Date|Time)?String$/.test(name)) {
    return hasZone(given[1]) ? undefined : name
  }
  if (name !== "Date") return undefined
  const isText = given[0]?.type === "Literal" || given[0]?.type === "TemplateLiteral"
  return node.type === "CallExpression" || given.length > 1 || isText ? "Date" : undefined
}

const findings = (source: string): readonly string[] =>
  [...nodesOf(parseAst(source, { lang: "ts", astType: "ts" }).body)].flatMap((node) => {
    const found = judged(node)
    return found === undefined ? [] : [`${source.slice(0, node.start).split("\n").length}: ${found}`]
  })

const inSources = new Map(
  sources.map((file) => [file, findings(readFileSync(join(root, file), "utf8"))] as const),
)

describe("the clock of the machine", () => {
  it("is neither read nor shown by any source", () => {
    const found = [...inSources].flatMap(([file, found]) =>
      file in allowed ? [] : found.map((finding) => `${file}:${finding}`),
    )
    expect(found).toEqual([])
  })

  it.each(Object.entries(allowed))(
    "is allowed where it does no harm, and for nothing else: %s",
    (file, why) => {
      const found = new Set(inSources.get(file)?.map((finding) => finding.replace(/^\d+: /, "")))
      expect([...found]).toEqual([why.split(":")[0]])
    },
  )
})

describe("planted in a source, it is found:", () => {
  it.each([
    ["const at = Date.parse(text)", "1: Date.parse"],
    ["const parse = Date.parse", "1: Date.parse"],
    ["// planted\nnew Date(2026, 1, 30)", "2: Date"],
    ["new Date('2026-02-28T12:00')", "1: Date"],
    ["new Date(`${day} 12:00`)", "1: Date"],
    ["const now = Date()", "1: Date"],
    ["new Date(at).getHours()", "1: .getHours"],
    ["date.setMonth(1)", "1: .setMonth"],
    ["at.getTimezoneOffset()", "1: .getTimezoneOffset"],
    ["new Date(at).toDateString()", "1: .toDateString"],
    ["new Date(at).toLocaleString('en')", "1: .toLocaleString"],
    ["date.toLocaleTimeString('en', { hour: 'numeric' })", "1: date.toLocaleTimeString"],
    ["new Intl.DateTimeFormat('en', { hour: 'numeric' })", "1: Intl.DateTimeFormat"],
    ["Intl.DateTimeFormat().resolvedOptions()", "1: Intl.DateTimeFormat"],
  ])("%s", (source, finding) => {
    expect(findings(source)).toEqual([finding])
  })

  it.each([
    "new Date(at).toISOString()",
    "new Date()",
    "Date.UTC(2026, 1, 28)",
    "date.getUTCHours()",
    "LocalTime.parse(text)",
    "new Intl.DateTimeFormat('en', { timeZone: name, hour: 'numeric' })",
    "date.toLocaleString('en', { timeZone: 'UTC' })",
  ])("but not %s", (source) => {
    expect(findings(source)).toEqual([])
  })
})
