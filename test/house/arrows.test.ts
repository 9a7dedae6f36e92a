/** The arrows between packages, and the purity of core, are kept by tools: each is shown to catch a violation. */
import { execFileSync } from "node:child_process"
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"

const root = new URL("../..", import.meta.url).pathname
const bin = (name: string): string => join(root, "node_modules", ".bin", name)

let workspace: string

/** Paths of planted files that the linter refuses, below the workspace. */
let refused: ReadonlySet<string>

const packages = ["core", "engine", "laws", "storage", "notifiers", "server", "client", "cli"]

const arrows: Readonly<Record<string, readonly string[]>> = {
  core: [],
  engine: ["core"],
  laws: ["core", "engine"],
  storage: ["core"],
  notifiers: ["core"],
  server: ["core", "engine"],
  client: [],
  cli: ["core", "engine", "storage", "notifiers", "server", "client"],
}

const unstable = [
  "effect/http/HttpRouter",
  "effect/sql/SqlClient",
  "effect/cli/Command",
  "effect/FileSystem",
  "effect",
]

const plant = (path: string, source: string): void => {
  const file = join(workspace, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, source)
}

const importing = (module: string): string => `import { x } from "${module}"\nx()\n`

const arrowFile = (from: string, to: string): string => `packages/${from}/src/To${to}.ts`
const moduleFile = (from: string, module: string): string =>
  `packages/${from}/src/Uses-${module.replaceAll(/\W/g, "-")}.ts`

beforeAll(() => {
  workspace = mkdtempSync(join(tmpdir(), "overdue-arrows-"))
  cpSync(join(root, ".oxlintrc.json"), join(workspace, ".oxlintrc.json"))
  cpSync(join(root, "tsconfig.base.json"), join(workspace, "tsconfig.base.json"))
  symlinkSync(join(root, "node_modules"), join(workspace, "node_modules"))
  for (const from of Object.keys(arrows)) {
    for (const to of packages) {
      if (to !== from) plant(arrowFile(from, to), importing(`@overdue/${to}/X`))
    }
  }
  for (const from of ["core", "engine"]) {
    for (const module of [...unstable, "node:fs", "effect/Result"]) {
      plant(moduleFile(from, module), importing(module))
    }
  }
  refused = new Set(linted())
})

afterAll(() => rmSync(workspace, { recursive: true, force: true }))

/** What a command prints, and whether it refused. */
const ran = (
  file: string,
  args: readonly string[],
): { readonly isRefused: boolean; readonly output: string } => {
  try {
    return {
      isRefused: false,
      output: execFileSync(file, args, { cwd: workspace, encoding: "utf8", stdio: "pipe" }),
    }
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string }
    return { isRefused: true, output: stdout + stderr }
  }
}

const linted = (): readonly string[] => {
  const { output } = ran(bin("oxlint"), ["--format", "json", "packages"])
  const { diagnostics } = JSON.parse(output) as {
    diagnostics: readonly { readonly code: string; readonly filename: string }[]
  }
  return diagnostics
    .filter(({ code }) => code.includes("no-restricted-imports"))
    .map(({ filename }) => filename.replace(`${workspace}/`, ""))
}

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

describe("the compiler", () => {
  const compile = (source: string): string => {
    plant("compiled/package.json", '{ "type": "module" }')
    plant("compiled/src/Planted.ts", source)
    const config = JSON.parse(readFileSync(join(root, "packages/core/tsconfig.json"), "utf8")) as object
    plant("compiled/tsconfig.json", JSON.stringify({ ...config, extends: "../tsconfig.base.json" }))
    const { isRefused, output } = ran(bin("tsc"), ["-p", "compiled", "--noEmit"])
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
