/** What would be published, rather than the tree: packed, looked through, and used. */
import { execFile } from "node:child_process"
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { promisify } from "node:util"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import * as Folder from "../../kit/Folder.ts"

const root = new URL("../../..", import.meta.url).pathname
const bin = (name: string): string => join(root, "node_modules", ".bin", name)
const run = promisify(execFile)
const packages = readdirSync(join(root, "packages"))

const packed = Folder.make("packed")
const folder = packed.path

beforeAll(async () => {
  await run(bin("tsc"), ["-b", "test"], { cwd: root })
  // Beside each other, a few at a time: each is a process that mostly waits.
  await Promise.all(
    packages.map((name) =>
      run("npx", ["-y", "pnpm@12", "pack", "--pack-destination", folder], {
        cwd: join(root, "packages", name),
      }),
    ),
  )
}, 180_000)

afterAll(() => packed[Symbol.dispose]())

const tarball = (name: string): string => {
  const file = readdirSync(folder).find(
    (file) => file.startsWith(`overdue-${name}-`) && file.endsWith(".tgz"),
  )
  if (file === undefined) throw new Error(`${name} was not packed`)
  return join(folder, file)
}

describe.each(packages)("the packed package %s", (name) => {
  it("is sound by publint", async () => {
    const { publint } = await import("publint")
    const { messages } = await publint({ pack: { tarball: toArrayBuffer(tarball(name)) } })
    expect(messages.filter(({ type }) => type !== "suggestion")).toEqual([])
  })

  // The command is run, not imported.
  it.skipIf(name === "cli")("has types that match its code, for whoever imports modules", async () => {
    const checked = run(bin("attw"), ["--profile", "esm-only", tarball(name)])
    await expect(checked).resolves.toBeDefined()
  })

  it("carries its licence and neither tests nor build information", async () => {
    const { stdout } = await run("tar", ["-tzf", tarball(name)])
    const files = stdout.trim().split("\n")
    expect(files).toContain(name === "cli" ? "package/dist/main.js" : "package/dist/index.js")
    expect(files).toContain("package/LICENSE")
    expect(files.filter((file) => /tsbuildinfo|\.test\./.test(file))).toEqual([])
  })
})

describe("the packed packages together", () => {
  it("are imported as their README says", { timeout: 120_000 }, async () => {
    const app = join(folder, "app")
    for (const name of packages) {
      const target = join(app, "node_modules", "@overdue", name)
      mkdirSync(target, { recursive: true })
      await run("tar", ["-xzf", tarball(name), "-C", target, "--strip-components=1"])
    }
    // What a registry would bring is taken from here.
    for (const [name, dependencies] of packages.map((name) => [name, dependenciesOf(name)] as const)) {
      for (const dependency of dependencies) await link(app, name, dependency)
    }
    writeFileSync(
      join(app, "app.mjs"),
      `import * as Monitor from "@overdue/engine/Monitor"
       import * as Sqlite from "@overdue/storage/Sqlite"
       await using monitor = await Monitor.make({ store: Sqlite.layer({ filename: "app.db" }) })
       const check = await monitor.ensure({ slug: "backup", every: "1 day" })
       await monitor.success(check.id)
       process.stdout.write(await monitor.status(check.id))`,
    )
    const { stdout } = await run(join(root, "node_modules/.bin/node"), ["app.mjs"], { cwd: app })
    expect(stdout).toBe("up")
  })
})

const dependenciesOf = (name: string): readonly string[] => {
  const manifest = JSON.parse(readFileSync(join(root, "packages", name, "package.json"), "utf8")) as {
    dependencies?: Record<string, string>
  }
  return Object.keys(manifest.dependencies ?? {}).filter((dependency) => !dependency.startsWith("@overdue/"))
}

const link = async (app: string, name: string, dependency: string): Promise<void> => {
  const target = join(app, "node_modules", dependency)
  if (existsSync(target)) return
  mkdirSync(join(target, ".."), { recursive: true })
  const { symlink, realpath } = await import("node:fs/promises")
  await symlink(await realpath(join(root, "packages", name, "node_modules", dependency)), target)
}

const toArrayBuffer = (file: string): ArrayBuffer => {
  const bytes = readFileSync(file)
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer
}
