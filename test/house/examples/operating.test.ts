/** The commands in the document for operators work, in its order; what configures other programs is what those take. */
import { execFile, spawn, type ChildProcess } from "node:child_process"
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { once } from "node:events"
import { join } from "node:path"
import { promisify } from "node:util"
import { describe, expect, it } from "vitest"
import { parse } from "yaml"
import { keys } from "../../kit/Keys.ts"
import * as FreePort from "../../kit/FreePort.ts"
import * as Folder from "../../kit/Folder.ts"
import { main } from "../../kit/Overdue.ts"
import { Unavailable } from "../../kit/postgres/Binaries.ts"
import * as Databases from "../../kit/postgres/Databases.ts"
import { OverdueServer } from "../../kit/OverdueServer.ts"

const file = new URL("../../../packages/server/OPERATING.md", import.meta.url)
const document = readFileSync(file, "utf8")
const run = promisify(execFile)

const blocks = (language: string): readonly string[] =>
  [...document.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, "gm"))].map(([, text]) => text!)

const adminKey = "A".repeat(32)

/** A machine: a folder in the place of its root, and the programs that the document names. */
const machine = () => {
  const folder = Folder.make("operating")
  for (const name of ["bin", "var/lib/overdue", "var/lib/overdue-new", "var/backups", "data"]) {
    mkdirSync(folder.file(name), { recursive: true })
  }
  const program = (name: string, text: string): void => {
    writeFileSync(folder.file(`bin/${name}`), `#!/bin/sh\n${text}\n`)
    chmodSync(folder.file(`bin/${name}`), 0o755)
  }
  program("overdue", `exec ${process.execPath} ${main} "$@"`)
  program("node", `exec ${process.execPath} "$@"`)
  // Asked to install or to start something, and does not.
  program("npm", `[ "$1 $2" = "install --global" ] && echo "$3" >> ${folder.file("npm")}`)
  program("systemctl", `[ "$2" = overdue ] && echo "$1" >> ${folder.file("systemctl")}`)
  const here = (text: string): string =>
    text.replaceAll(/(?<![\w/])\/(var|data|usr\/bin\/env)\b/g, (path, name: string) =>
      name === "usr/bin/env" ? path : folder.file(name),
    )
  return { folder, here, path: `${folder.file("bin")}:${process.env["PATH"]}` }
}

/** Starts a command and resolves once it prints that it listens. */
const listening = (
  command: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<ChildProcess> =>
  new Promise((resolve, reject) => {
    const child = spawn(command[0]!, command.slice(1), { env, stdio: ["ignore", "pipe", "inherit"] })
    child.stdout.once("data", () => resolve(child))
    child.once("exit", (code) => reject(new Error(`it ended with ${code}`)))
  })

const stopped = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => {
    child.once("exit", (code) => resolve(code))
    child.kill("SIGTERM")
  })

describe("the document for operators", () => {
  it("has commands that work, one after the other, on a server and beside it", async () => {
    const { folder, here, path } = machine()
    using _ = folder
    const state = folder.file("var/lib/overdue")
    // Where no PostgreSQL can run, the same commands move the installation to another file.
    const databases = await Databases.open().catch((cause) => {
      if (cause instanceof Unavailable) return undefined
      throw cause
    })
    await using _closed = databases ?? { [Symbol.asyncDispose]: async () => {} }
    const moved = databases?.fresh() ?? `sqlite:${folder.file("var/lib/overdue-new/overdue.db")}`
    await using old = await OverdueServer.start(folder.file("data"))
    await old.api("POST", "/api/v3/checks/", { name: "moved", slug: "moved" })
    const environment = { OVERDUE_ADMIN_KEY: adminKey, OVERDUE_METRICS_KEY: "metrics".repeat(3) }
    let server = await OverdueServer.start(state, { environment })
    const env = {
      ...environment,
      PATH: path,
      HOME: folder.path,
      HC_KEY: keys.readWrite,
      HC_PING_KEY: "0ldpingkey",
      OVERDUE_API_KEY: keys.readWrite,
    }
    // With --plan there is something to do, which is told by 3.
    const parts = blocks("sh").flatMap((text) =>
      here(text)
        .replaceAll("--plan\n", "--plan || [ $? = 3 ]\n")
        .split(/^(?=systemctl )/m),
    )
    expect(parts.length).toBeGreaterThan(9)
    for (const part of parts) {
      if (part.startsWith("systemctl stop")) await server.stop()
      if (part.startsWith("systemctl start")) server = await OverdueServer.start(state, { environment })
      const script = part
        .replaceAll("https://overdue.example.org", server.url)
        .replaceAll("https://hc.example.org", old.url)
        .replaceAll("postgres://overdue@db.example.org/overdue", moved)
      // A shell that goes on is the operator's own; the port of the server is another after each start.
      const before = `[ ! -e env ] || . ./env; [ -z "\${OVERDUE_URL-}" ] || OVERDUE_URL=${server.url}`
      await run("sh", ["-eu", "-c", `${before}\n${script}\nexport -p > env`], { cwd: folder.path, env })
    }
    const { json } = await server.api("GET", "/api/v3/checks/")
    expect(json["checks"]).toMatchObject([{ name: "moved" }])
    await server.stop()
    const secret = readFileSync(join(state, "overdue.db.secret"), "utf8").trim()
    const elsewhere = await run(folder.file("bin/overdue"), ["keys", "list", "--database", moved, "--json"], {
      env: { ...env, OVERDUE_SECRET: secret },
    })
    expect(JSON.parse(elsewhere.stdout)).toHaveLength(2)
    expect(readFileSync(folder.file("systemctl"), "utf8")).toBe("stop\nstart\nrestart\nstop\nstart\n")
    expect(readFileSync(folder.file("npm"), "utf8")).toBe("@overdue/cli@latest\n")
    expect(statSync(folder.file("var/backups/before-upgrade.backup")).mode & 0o777).toBe(0o600)
  }, 120_000)

  it("has a unit for systemd whose command serves with its environment", async () => {
    const { folder, here, path } = machine()
    using _ = folder
    const unit = here(blocks("ini")[0]!)
    const settings = [...unit.matchAll(/^Environment=(\w+)=(.*)$/gm)].map(([, name, value]) => [name, value])
    const command = /^ExecStart=(.*)$/m.exec(unit)![1]!.split(" ")
    const env = { ...Object.fromEntries(settings), OVERDUE_PORT: "0", PATH: path, HOME: folder.path }
    expect(await stopped(await listening(command, env))).toBe(0)
    expect(existsSync(folder.file("var/lib/overdue/overdue.db.secret"))).toBe(true)
    if (!existsSync("/usr/bin/systemd-analyze")) return
    writeFileSync(folder.file("overdue.service"), blocks("ini")[0]!)
    const { stderr } = await run("systemd-analyze", ["verify", folder.file("overdue.service")])
    expect(stderr).not.toMatch(/overdue\.service.*(?:Unknown|Invalid|Failed to parse)/)
  })

  it("has a unit for a prober elsewhere, which asks for the check that is shown with its key", async () => {
    const { folder, path } = machine()
    using _ = folder
    const key = "P".repeat(48)
    const environment = { OVERDUE_PROBER_KEY: key }
    await using server = await OverdueServer.start(folder.path, { args: ["--probes", "0"], environment })
    const unit = blocks("ini")[1]!
    writeFileSync(folder.file("key"), key)
    const command = /^ExecStart=(.*)$/m
      .exec(unit)![1]!
      .replace("%d", folder.path)
      .replace("https://overdue.example.org", server.url)
      .split(" ")
    expect(unit).toMatch(/^LoadCredential=key:/m)
    const child = await listening(command, { PATH: path, HOME: folder.path })
    const shown = JSON.parse(blocks("json")[0]!)
    const [region] = shown.probe.regions
    expect(command).toContain(region)
    // Loopback is out of its reach, which is an answer as well.
    const probe = { ...shown.probe, url: server.url, regions: [region] }
    await server.api("POST", "/api/v3/checks/", { ...shown, probe })
    while (!server.output.stderr.includes("is down")) await once(server.child.stderr, "data")
    expect(await stopped(child)).toBe(0)
    if (!existsSync("/usr/bin/systemd-analyze")) return
    writeFileSync(folder.file("overdue-probe.service"), unit)
    const { stderr } = await run("systemd-analyze", ["verify", folder.file("overdue-probe.service")])
    expect(stderr).not.toMatch(/overdue-probe\.service.*(?:Unknown|Invalid|Failed to parse)/)
  })

  it("has an image whose steps serve and are healthy", async () => {
    const { folder, here, path } = machine()
    using _ = folder
    const image = here(blocks("dockerfile")[0]!)
    const port = await FreePort.find()
    const environment = Object.fromEntries(
      [...image.matchAll(/^ENV (\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]),
    )
    const env = {
      ...environment,
      OVERDUE_HOST: "127.0.0.1",
      OVERDUE_PORT: String(port),
      PATH: path,
      HOME: folder.path,
    }
    expect(environment).toMatchObject({ OVERDUE_HOST: "0.0.0.0", OVERDUE_PORT: "8000" })
    const [install = ""] = /(?<=^RUN )npm install --global \S+/m.exec(image) ?? []
    await run("sh", ["-c", install], { env })
    expect(readFileSync(folder.file("npm"), "utf8")).toBe("@overdue/cli\n")
    const command: readonly string[] = JSON.parse(/^CMD (\[.*\])$/m.exec(image)![1]!)
    const health: readonly string[] = JSON.parse(/^HEALTHCHECK CMD (\[.*\])$/m.exec(image)![1]!)
    const check = () =>
      run(health[0]!, health.slice(1), { env }).then(
        () => 0,
        ({ code }: { readonly code: number }) => code,
      )
    expect(await check()).toBe(1)
    const child = await listening(command, env)
    expect(await check()).toBe(0)
    expect(await stopped(child)).toBe(0)
    expect(existsSync(join(folder.file("data"), "overdue.db"))).toBe(true)
  })

  it("has a configuration for Prometheus by which it gets the metrics of a project", async () => {
    const { folder } = machine()
    using _ = folder
    await using server = await OverdueServer.start(folder.path)
    const { json } = await server.api("GET", "/api/v3/project/")
    const [scrape] = parse(blocks("yaml")[0]!).scrape_configs
    const path = String(scrape.metrics_path).replace("PROJECT", String(json["id"]))
    const authorization = `Bearer ${String(scrape.authorization.credentials).replace("READ_ONLY_KEY", keys.readOnly)}`
    const answer = await fetch(server.url + path, { headers: { authorization } })
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining("hc_checks_total 0")])
  })

  it("has proxies that say whom they forward for, to the port that the server has by default", () => {
    expect(blocks("nginx")[0]).toMatch(
      /proxy_pass http:\/\/127\.0\.0\.1:8000;[^]*X-Forwarded-For[^]*X-Forwarded-Proto/,
    )
    expect(blocks("caddyfile")[0]).toContain("reverse_proxy 127.0.0.1:8000")
  })
})
