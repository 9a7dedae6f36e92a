/** What would be published, rather than the tree: packed in a fresh copy of it, looked through, installed, and used. */
import { execFile, spawn } from "node:child_process"
import { once } from "node:events"
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs"
import { basename, join } from "node:path"
import { promisify } from "node:util"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import * as Folder from "../../kit/Folder.ts"
import { keys } from "../../kit/Keys.ts"

const root = new URL("../../..", import.meta.url).pathname
const bin = (name: string): string => join(root, "node_modules", ".bin", name)
const run = promisify(execFile)
const packages = readdirSync(join(root, "packages"))

const packed = Folder.make("packed")
const folder = packed.path
const clone = packed.file("clone")
/** What the first command in the clone printed on both streams, installation included. */
let first: { readonly stdout: string; readonly stderr: string }

/** Who clones has no pnpm around: the one that runs these tests tells those within it not to install. */
const outside = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !name.startsWith("pnpm_config_")),
)

const pnpm = (...args: readonly string[]) =>
  run("npx", ["-y", "pnpm@12", ...args], { cwd: clone, env: outside })

beforeAll(async () => {
  const left = new Set(["node_modules", "dist", ".git", ".types", ".tmp"])
  // The bundles of the actions are sources here: they are in git.
  const isKept = (path: string) => !left.has(basename(path)) || path.includes("/actions/")
  cpSync(root, clone, { recursive: true, filter: (path) => isKept(path) && !path.endsWith("node_modules") })
  first = await pnpm("overdue", "--version")
  // What an earlier build has left must not be published.
  for (const name of packages) {
    mkdirSync(join(clone, "packages", name, "dist"), { recursive: true })
    writeFileSync(join(clone, "packages", name, "dist", "Stale.js"), "")
  }
  await pnpm("-r", "--filter", "./packages/*", "pack", "--pack-destination", folder)
}, 240_000)

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
    expect(files.filter((file) => /tsbuildinfo|\.test\.|Stale|^package\/test\//.test(file))).toEqual([])
  })
})

describe("the packed packages, installed together,", () => {
  const app = packed.file("app")
  const node = bin("node")
  const overdue = join(app, "node_modules", ".bin", "overdue")

  beforeAll(async () => {
    for (const name of packages) {
      const target = join(app, "node_modules", "@overdue", name)
      mkdirSync(target, { recursive: true })
      await run("tar", ["-xzf", tarball(name), "-C", target, "--strip-components=1"])
    }
    // What a registry would bring is taken from here.
    for (const [name, dependencies] of packages.map((name) => [name, dependenciesOf(name)] as const)) {
      for (const dependency of dependencies) await link(app, name, dependency)
    }
    const cli = join(app, "node_modules", "@overdue", "cli")
    const manifest = JSON.parse(readFileSync(join(cli, "package.json"), "utf8"))
    mkdirSync(join(app, "node_modules", ".bin"))
    symlinkSync(join(cli, manifest.bin.overdue), overdue)
  }, 120_000)

  it("are imported as their README says", async () => {
    writeFileSync(
      join(app, "app.mjs"),
      `import * as Monitor from "@overdue/engine/Monitor"
       import * as Sqlite from "@overdue/storage/Sqlite"
       await using monitor = await Monitor.make({ store: Sqlite.layer({ filename: "app.db" }) })
       const check = await monitor.ensure({ slug: "backup", every: "1 day" })
       await monitor.success(check.id)
       process.stdout.write(await monitor.status(check.id))`,
    )
    const { stdout } = await run(node, ["app.mjs"], { cwd: app })
    expect(stdout).toBe("up")
  })

  it("bring the command, which tells its version and helps", async () => {
    expect((await run(node, [overdue, "--version"])).stdout).toMatch(/^overdue \d+\.\d+\.\d+\n$/)
    expect((await run(node, [overdue, "help"])).stdout).toContain("\nCommands\n")
  })

  it("serve, and ping what they serve", async () => {
    const environment = {
      ...process.env,
      HOME: app,
      OVERDUE_API_KEY: keys.readWrite,
      OVERDUE_PING_KEY: keys.ping,
    }
    const server = spawn(node, [overdue, "serve", "--port", "0"], { cwd: app, env: environment })
    try {
      const [line] = await once(server.stdout.setEncoding("utf8"), "data")
      const env = { ...environment, OVERDUE_URL: /http:\S+/.exec(String(line))?.[0] ?? "" }
      await run(node, [overdue, "ping", "--slug", "backup", "--create"], { env })
      // Widths of such letters are known to a package of its own.
      await run(node, [overdue, "checks", "create", "--slug", "wide", "--name", "日本"], { env })
      expect((await run(node, [overdue, "checks", "list"], { env })).stdout).toMatch(
        /\nup +backup [^]*\nnew +日本 /,
      )
    } finally {
      server.kill()
    }
    expect(await once(server, "exit")).toEqual([0, null])
  })

  it("say in one sentence what an old Node lacks", async () => {
    const versions = { ...process.versions, node: "20.20.2" }
    const old = `Object.defineProperty(process, "versions", { value: ${JSON.stringify(versions)} })`
    const started = run(node, ["--import", `data:text/javascript,${encodeURIComponent(old)}`, overdue])
    await expect(started).rejects.toMatchObject({ code: 1, stdout: "", stderr: sentence("20.20.2") })
  })

  it("are loaded far enough by a Node of this machine that is too old to say so", async () => {
    const outside = (process.env["PATH"] ?? "").split(":").filter((path) => !path.includes("node_modules"))
    const found = outside.map((path) => join(path, "node")).find((file) => existsSync(file)) ?? node
    const version = (await run(found, ["--version"])).stdout.trim().slice(1)
    const started = run(found, [overdue, "--version"]).catch((error: unknown) => error)
    await expect(started).resolves.toMatchObject(
      Number.parseFloat(version) < 22.19
        ? { code: 1, stdout: "", stderr: sentence(version) }
        : { stdout: expect.stringMatching(/^overdue /) },
    )
  })

  const sentence = (version: string) =>
    `overdue needs Node 22.19 or newer, and this is Node ${version}: install a newer one from https://nodejs.org\n`
})

describe("a fresh clone", () => {
  it("runs the command, with nothing else on stdout than what it prints after the installation", () => {
    expect(first.stdout).toMatch(/(^|\n)overdue \d+\.\d+\.\d+\n$/)
  })

  it("installs without a warning, whatever Node runs pnpm", () => {
    expect(first.stdout + first.stderr).not.toContain("WARN")
    const settings = readFileSync(join(root, "pnpm-workspace.yaml"), "utf8")
    const { version } = JSON.parse(readFileSync(join(root, "node_modules", "node", "package.json"), "utf8"))
    expect(settings).toContain(`\nnodeVersion: ${version}\n`)
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
