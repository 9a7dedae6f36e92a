/** The arrows between packages, and the purity of core, are kept by tools: each is shown to catch a violation. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import * as PlantedWorkspace from "../kit/PlantedWorkspace.ts"

const root = new URL("../..", import.meta.url).pathname

const workspace = PlantedWorkspace.make()
afterAll(() => workspace[Symbol.dispose]())

/** Paths of planted files that the linter refuses, below the workspace. */
let refused: ReadonlySet<string>

const packages = ["core", "engine", "laws", "storage", "notifiers", "probes", "server", "client", "cli"]

const arrows: Readonly<Record<string, readonly string[]>> = {
  core: [],
  engine: ["core"],
  laws: ["core", "engine"],
  storage: ["core"],
  notifiers: ["core"],
  probes: ["core", "engine"],
  server: ["core", "engine"],
  client: [],
  cli: ["core", "engine", "storage", "notifiers", "probes", "server", "client"],
}

const unstable = [
  "effect/http/HttpRouter",
  "effect/sql/SqlClient",
  "effect/cli/Command",
  "effect/FileSystem",
  "effect",
]

const importing = (module: string): string => `import { x } from "${module}"\nx()\n`

const arrowFile = (from: string, to: string): string => `packages/${from}/src/To${to}.ts`
const moduleFile = (from: string, module: string): string =>
  `packages/${from}/src/Uses-${module.replaceAll(/\W/g, "-")}.ts`

/** Returns the path of a file in a dialect's folder, `depth` folders deep. */
const inDialect = (depth: number, name: string): string =>
  `packages/server/src/dialects/one/${"deep/".repeat(depth)}${name}.ts`
const depths = [0, 1, 2]

/** Paths from the folder of dialects, and whether a dialect may import them. */
const besideDialects: readonly (readonly [name: string, path: string, isAllowed: boolean])[] = [
  ["Another", "two/Api.ts", false],
  ["AnotherPart", "two/pings/PingApi.ts", false],
  ["Shared", "Body.ts", true],
  ["Http", "../http/Http.ts", true],
]

beforeAll(() => {
  for (const depth of depths) {
    for (const [name, path] of besideDialects) {
      workspace.plant(inDialect(depth, name), importing("../".repeat(depth + 1) + path))
    }
    workspace.plant(inDialect(depth, "Storage"), importing("@overdue/storage/Sqlite"))
    workspace.plant(inDialect(depth, "Own"), importing(depth === 0 ? "./pings/X.ts" : "../pings/X.ts"))
  }
  for (const from of Object.keys(arrows)) {
    for (const to of packages) {
      if (to !== from) workspace.plant(arrowFile(from, to), importing(`@overdue/${to}/X`))
    }
  }
  for (const from of ["core", "engine"]) {
    for (const module of [...unstable, "node:fs", "effect/Result"]) {
      workspace.plant(moduleFile(from, module), importing(module))
    }
  }
  const found = workspace.lint("packages").filter(({ rule }) => rule === "no-restricted-imports")
  refused = new Set(found.map(({ file }) => file))
})

describe("the linter lets a file of", () => {
  it.each(Object.keys(arrows))("%s import what its arrows point at, and nothing else", (from) => {
    for (const to of packages.filter((name) => name !== from)) {
      expect(refused.has(arrowFile(from, to)), `${from} → ${to}`).toBe(!arrows[from]!.includes(to))
    }
  })

  it.each(["core", "engine"])("%s use no unstable module of Effect, and no barrel", (from) => {
    for (const module of unstable) expect(refused.has(moduleFile(from, module)), module).toBe(true)
  })

  it.each(["core", "engine"])("%s import nothing of Node", (from) => {
    expect(refused.has(moduleFile(from, "node:fs"))).toBe(true)
  })

  it.each(["core", "engine"])("%s use the stable, pure modules of Effect", (from) => {
    expect(refused.has(moduleFile(from, "effect/Result"))).toBe(false)
  })
})

describe("the linter lets a dialect", () => {
  it.each(depths)("import what dialects share, and no other dialect, %i folders deep", (depth) => {
    for (const [name, path, isAllowed] of besideDialects) {
      expect(refused.has(inDialect(depth, name)), path).toBe(!isAllowed)
    }
    expect(refused.has(inDialect(depth, "Own"))).toBe(false)
  })

  it.each(depths)("import no more packages than the rest of server, %i folders deep", (depth) => {
    expect(refused.has(inDialect(depth, "Storage"))).toBe(true)
  })
})

describe("the compiler", () => {
  const compile = (source: string): string => {
    workspace.plant("compiled/package.json", '{ "type": "module" }')
    workspace.plant("compiled/src/Planted.ts", source)
    const config = JSON.parse(readFileSync(join(root, "packages/core/tsconfig.json"), "utf8")) as object
    workspace.plant("compiled/tsconfig.json", JSON.stringify({ ...config, extends: "../tsconfig.base.json" }))
    const { isRefused, output } = workspace.run("tsc", ["-p", "compiled", "--noEmit"])
    return isRefused ? output : ""
  }

  it.each([
    ["the network", "export const x = () => fetch('http://localhost')"],
    ["the process", "export const x = () => process.env"],
    ["a timer", "export const x = () => setTimeout(() => {}, 1)"],
    ["the console", "export const x = () => console.log('')"],
    ["cryptographic chance", "export const x = () => crypto.randomUUID()"],
  ])("does not know %s in core", (_, source) => {
    expect(compile(`${source}\n`)).toContain("Cannot find name")
  })

  it("knows the rest of the language there", () => {
    expect(compile("export const x = (): number => Math.max(...[1, 2])\n")).toBe("")
  })
})
