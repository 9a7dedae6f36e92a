/** What a package declares of the others is what its sources import: whoever installs the one gets no other besides. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { parseAst } from "rolldown/parseAst"
import { describe, expect, it } from "vitest"
import * as Folder from "../kit/Folder.ts"

const root = new URL("../..", import.meta.url).pathname

interface Manifest {
  readonly name: string
  readonly dependencies?: Readonly<Record<string, string>>
}

const manifestOf = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, "package.json"), "utf8"))

/** Folders of packages, such as `packages/core`. */
const folders = ["packages", "actions"].flatMap((parent) =>
  readdirSync(join(root, parent)).map((name) => join(parent, name)),
)
const workspace: ReadonlySet<string> = new Set(folders.map((folder) => manifestOf(join(root, folder)).name))

/** Returns what the modules of a tree are imported from, be it for a type only; comments do not count. */
const sourcesIn = (tree: unknown): readonly string[] => {
  if (Array.isArray(tree)) return tree.flatMap(sourcesIn)
  if (typeof tree !== "object" || tree === null) return []
  const { type, source } = tree as { readonly type?: unknown; readonly source?: { readonly value?: unknown } }
  const isImport = typeof type === "string" && /^(Import|Export|TSImportType)/.test(type)
  const own = isImport && typeof source?.value === "string" ? [source.value] : []
  return [...own, ...Object.values(tree).flatMap(sourcesIn)]
}

/** Returns the packages of the workspace that the sources of a package import, itself left out. */
const importedBy = (folder: string): readonly string[] => {
  const source = join(folder, "src")
  const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".ts"),
  )
  const sources = files.flatMap((file) =>
    sourcesIn(parseAst(readFileSync(join(source, file), "utf8"), { lang: "ts", astType: "ts" }, file)),
  )
  const names = new Set(sources.map((from) => from.split("/").slice(0, 2).join("/")))
  return [...names].filter((name) => workspace.has(name) && name !== manifestOf(folder).name)
}

/** Returns what is wrong with a manifest, one sentence each. */
const faultsOf = (folder: string): readonly string[] => {
  const declared = Object.keys(manifestOf(folder).dependencies ?? {}).filter((name) => workspace.has(name))
  const imported = importedBy(folder)
  return [
    ...declared
      .filter((name) => !imported.includes(name))
      .map((name) => `${name} is declared, and no source imports it`),
    ...imported
      .filter((name) => !declared.includes(name))
      .map((name) => `${name} is imported, and not declared`),
  ]
}

describe("the manifest of", () => {
  it.each(folders)(
    "%s declares the packages of this repository that its sources import, and no other",
    (folder) => {
      expect(faultsOf(join(root, folder))).toEqual([])
    },
  )
})

describe("a manifest", () => {
  const source = `
    /** Not imported: \`import * as Server from "@overdue/server/Server"\`. */
    import * as Effect from "effect/Effect"
    import type { Check } from "@overdue/core/Check"
    export * from "@overdue/client"
    export const late = async (): Promise<unknown> => import("@overdue/cli/Table")
    export type Site = import("@overdue/notifiers").Links
    export const itself = (await import("@overdue/planted/Other")) as Check | typeof Effect
  `
  const imported = ["core", "client", "cli", "notifiers"]

  /** Returns what is wrong with a package of that source that declares these. */
  const faults = (...declared: readonly string[]): readonly string[] => {
    using folder = Folder.make("manifest")
    mkdirSync(folder.file("src/deep"), { recursive: true })
    writeFileSync(folder.file("src/deep/Planted.ts"), source)
    const dependencies = Object.fromEntries(declared.map((name) => [`@overdue/${name}`, "workspace:^"]))
    const manifest = { name: "@overdue/planted", dependencies: { effect: "^4.1.0", ...dependencies } }
    writeFileSync(folder.file("package.json"), JSON.stringify(manifest))
    return faultsOf(folder.path)
  }

  it("that declares exactly what is imported is right", () => {
    expect(faults(...imported)).toEqual([])
  })

  it("that declares one too many is found, even when a comment names it", () => {
    expect(faults(...imported, "server")).toEqual(["@overdue/server is declared, and no source imports it"])
  })

  it.each(imported)("that does not declare %s, which is imported, is found", (name) => {
    expect(faults(...imported.filter((other) => other !== name))).toEqual([
      `@overdue/${name} is imported, and not declared`,
    ])
  })
})
