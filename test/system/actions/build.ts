// Bundles an action into one file with its source map and the licences of what it contains.
import { mkdir, readFile, rm, writeFile } from "node:fs/promises"
import { dirname, join, relative, resolve } from "node:path"
import { fileURLToPath } from "node:url"
import { rolldown } from "rolldown"
import type { Plugin } from "rolldown"

export const actions = ["ping", "assert"] as const

export type Action = (typeof actions)[number]

const root = fileURLToPath(new URL("../../..", import.meta.url))

export function folder(action: Action): string {
  return join(root, "actions", action)
}

/** What starts slowly and is not needed, by what stands in for it; 60 ms of a start in all. */
const standIns: Readonly<Record<string, string>> = {
  // Imported by the toolkit's HTTP client for one function that is never called here: 1.5 MB.
  undici: "export const ProxyAgent = undefined",
  // The names that an import lists include WebSocket, and looking at that one loads all of Node's own undici.
  http: `export const { Agent, globalAgent, request } = process.getBuiltinModule("node:http")`,
  https: `export const { Agent, globalAgent, request } = process.getBuiltinModule("node:https")`,
}

const quickStart: Plugin = {
  name: "quick-start",
  resolveId: (id, _, { kind }) =>
    kind === "import-statement" && Object.hasOwn(standIns, id)
      ? { id: `\0${id}`, moduleSideEffects: false }
      : null,
  load: (id) => (id.startsWith("\0") ? (standIns[id.slice(1)] ?? null) : null),
}

/** Writes index.js, index.js.map and licenses.txt; the same sources give the same bytes in any folder. */
export async function build(action: Action, into: string): Promise<void> {
  const bundle = await rolldown({
    input: join(folder(action), "src", "main.ts"),
    cwd: root,
    platform: "node",
    onwarn: ({ message }) => {
      throw new Error(message)
    },
    plugins: [quickStart],
    // Region comments would carry the layout of the package store.
    experimental: { attachDebugInfo: "none" },
    treeshake: { moduleSideEffects: false },
  })
  const committed = join(folder(action), "dist")
  const { output } = await bundle.generate({
    dir: committed,
    format: "esm",
    sourcemap: true,
    codeSplitting: false,
    entryFileNames: "index.js",
    // Relative to the repository, without the layout of the package store, so that any checkout maps the same.
    sourcemapPathTransform: (source) => tidy(relative(root, resolve(committed, source))),
  })
  await bundle.close()
  await rm(into, { recursive: true, force: true })
  await mkdir(into, { recursive: true })
  const modules: string[] = []
  for (const item of output) {
    if (item.type === "chunk") {
      modules.push(...item.moduleIds)
      await writeFile(join(into, item.fileName), item.code)
    } else {
      await writeFile(join(into, item.fileName), item.source)
    }
  }
  await writeFile(join(into, "licenses.txt"), await licences(modules))
}

function tidy(path: string): string {
  return path
    .replaceAll("\\", "/")
    .replace(/^.*\/?node_modules\/\.pnpm\/[^/]+\/node_modules\//, "node_modules/")
}

/** Name, version and licence text of every package that is in the bundle, by name. */
async function licences(modules: readonly string[]): Promise<string> {
  const homes = new Set(
    modules
      .map((id) => /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id.split("?")[0]!)?.[1])
      .filter((home) => home !== undefined),
  )
  const texts = await Promise.all([...homes].map(licence))
  return [...new Set(texts)].toSorted().join(`\n${"-".repeat(80)}\n\n`)
}

async function licence(home: string): Promise<string> {
  const { name, version, license } = JSON.parse(await readFile(join(home, "package.json"), "utf8"))
  for (const file of ["LICENSE", "LICENSE.md", "LICENSE.txt", "license"]) {
    const text = await readFile(join(home, file), "utf8").catch(() => undefined)
    if (text !== undefined) return `${name} ${version} (${license})\n\n${text.trim()}\n`
  }
  return `${name} ${version} (${license})\n`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const wanted = process.argv.slice(2)
  for (const action of actions) {
    if (wanted.length > 0 && !wanted.includes(action)) continue
    await build(action, join(folder(action), "dist"))
    process.stdout.write(
      `built ${relative(process.cwd(), dirname(join(folder(action), "dist", "index.js")))}\n`,
    )
  }
}
