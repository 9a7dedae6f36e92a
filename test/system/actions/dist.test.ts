import { readdir, readFile } from "node:fs/promises"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import * as Folder from "../../kit/Folder.ts"
import { actions, build, folder } from "./build.ts"

async function files(path: string): Promise<Readonly<Record<string, string>>> {
  const names = (await readdir(path)).toSorted()
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(join(path, name), "utf8")])),
  )
}

describe.each(actions)("the committed bundle of %s", (action) => {
  it("is what its sources build, byte for byte", async () => {
    using fresh = Folder.make()
    await build(action, fresh.path)
    const [built, committed] = [await files(fresh.path), await files(join(folder(action), "dist"))]
    expect(Object.keys(built)).toEqual(["index.js", "index.js.map", "licenses.txt"])
    for (const name of Object.keys(built)) {
      // Not toEqual on the texts: a difference of half a megabyte is nothing to print.
      expect(committed[name] === built[name], `${name} differs: run node test/system/actions/build.ts`).toBe(
        true,
      )
    }
  })

  it("names no place on the machine that built it", async () => {
    const { "index.js": code, "index.js.map": map } = await files(join(folder(action), "dist"))
    expect(code).not.toMatch(/\.pnpm|file:\/\//)
    const { sources }: { readonly sources: readonly string[] } = JSON.parse(map!)
    for (const source of sources) expect(source).toMatch(/^(actions|packages|node_modules)\//)
  })

  it("comes with the licence of everything in it", async () => {
    const { "index.js.map": map, "licenses.txt": licences } = await files(join(folder(action), "dist"))
    const { sources }: { readonly sources: readonly string[] } = JSON.parse(map!)
    const packages = sources.flatMap(
      (source) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source)?.[1] ?? [],
    )
    expect(packages.length).toBeGreaterThan(0)
    for (const name of packages)
      expect(licences).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(\\w+\\)\\n\\n.`, "m"))
  })

  it("imports nothing that is not part of Node", async () => {
    const { "index.js": code } = await files(join(folder(action), "dist"))
    const imported = [...code!.matchAll(/^import .*? from "([^"]+)"/gm)].map(([, from]) => from!)
    const { builtinModules } = await import("node:module")
    for (const from of imported) expect(builtinModules).toContain(from.replace(/^node:/, ""))
  })
})
