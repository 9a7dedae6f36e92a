import { once } from "node:events"
import { createServer } from "node:net"
import {
  copyFileSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
  rmSync,
} from "node:fs"
import { DatabaseSync } from "node:sqlite"
import { join } from "node:path"
import * as Backup from "@overdue/storage/sqlite/Backup"
import { describe, expect, it } from "vitest"
import * as Overdue from "../../../../test/kit/Overdue.ts"
import { OverdueServer } from "../../../../test/kit/OverdueServer.ts"

/** A folder with a database of two checks, which nothing serves from. */
const furnished = async () => {
  const overdue = await Overdue.make()
  const server = await OverdueServer.start(overdue.folder)
  for (const name of ["one", "two"]) await server.api("POST", "/api/v3/checks/", { name, slug: name })
  await server.stop()
  return overdue
}

const names = async (server: OverdueServer) => {
  const { json } = await server.api("GET", "/api/v3/checks/")
  return (json["checks"] as { readonly name: string }[]).map(({ name }) => name)
}

const badges = async (server: OverdueServer) => (await server.api("GET", "/api/v3/badges/")).json["badges"]

const withoutHost = (value: unknown) => JSON.stringify(value).replace(/http:\/\/[^/]+/g, "")

describe("a backup of a database that a server uses", () => {
  it("is restored elsewhere with its keys and badges, and nobody else can read it", async () => {
    await using overdue = await Overdue.make()
    await using server = await OverdueServer.start(overdue.folder)
    for (const name of ["one", "two"]) await server.api("POST", "/api/v3/checks/", { name, tags: "a" })
    const made = await overdue.run(["backup", "b.backup"])
    expect([made.code, made.stderr]).toEqual([0, ""])
    expect(made.stdout).toMatch(
      /^b\.backup is written: 1 project, 2 checks, 0 channels, 2 API keys, 0 pings, \d\.\d MB, schema version \d+\n$/,
    )
    expect(statSync(join(overdue.folder, "b.backup")).mode & 0o777).toBe(0o600)
    const before = withoutHost(await badges(server))
    const checked = await overdue.run(["backup", "--check", "b.backup", "--json"])
    expect(JSON.parse(checked.stdout)).toMatchObject({ projects: 1, checks: 2, keys: 2, secret: "proven" })
    expect(made.stdout + checked.stdout).not.toContain(
      readFileSync(join(overdue.folder, "overdue.db.secret"), "utf8").trim(),
    )

    await using other = await Overdue.make()
    copyFileSync(join(overdue.folder, "b.backup"), join(other.folder, "b.backup"))
    const restored = await other.run(["restore", "b.backup"])
    expect([restored.code, restored.stderr]).toEqual([0, ""])
    for (const end of ["", ".secret"])
      expect(statSync(join(other.folder, `overdue.db${end}`)).mode & 0o777).toBe(0o600)
    await using second = await OverdueServer.start(other.folder)
    expect(await names(second)).toEqual(["one", "two"])
    expect(withoutHost(await badges(second))).toBe(before)
  })

  it("leaves nothing of the secret in the database that is made from it", async () => {
    await using overdue = await furnished()
    await overdue.run(["backup", "b.backup"])
    const secret = readFileSync(join(overdue.folder, "overdue.db.secret"), "utf8").trim()
    expect(readFileSync(join(overdue.folder, "b.backup")).includes(secret)).toBe(true)
    await overdue.run(["restore", "b.backup", "--database", "sqlite:new.db"])
    expect(readFileSync(join(overdue.folder, "new.db")).includes(secret)).toBe(false)
  })

  it("lets it answer pings, though there is much to copy", async () => {
    await using overdue = await Overdue.make()
    await using server = await OverdueServer.start(overdue.folder)
    const { json } = await server.api("POST", "/api/v3/checks/", { name: "pinged" })
    const desc = "x".repeat(100_000)
    for (let n = 0; n < 100; n++) await server.api("POST", "/api/v3/checks/", { name: `${n}`, desc })
    const progress: { stdout?: string } = {}
    void overdue.run(["backup", "b.backup", "--json"]).then(({ stdout }) => (progress.stdout = stdout))
    const statuses: number[] = []
    while (progress.stdout === undefined) statuses.push((await fetch(String(json["ping_url"]))).status)
    const content = JSON.parse(progress.stdout)
    expect(content.bytes).toBeGreaterThan(10_000_000)
    expect(statuses.length).toBeGreaterThan(10)
    expect(new Set(statuses)).toEqual(new Set([200]))
  }, 60_000)
})

/** Something that has a name among files and is none. */
const listening = async (path: string): Promise<Disposable> => {
  const server = createServer().listen(path)
  await once(server, "listening")
  return { [Symbol.dispose]: () => void server.close() }
}

describe("a backup that cannot be written", () => {
  it.each([
    [["backup", "taken"], "taken exists already. Name another file, or add --force to replace it."],
    [["backup", "folder"], "folder is a directory. Name a file."],
    [["backup", "nowhere/b"], "the directory nowhere does not exist"],
    [["backup", "socket", "--force"], "socket is no file. Name a file."],
    [["backup"], "name the file by its path"],
    [["backup", "b", "--database", "sqlite:other.db"], "there is no database in other.db"],
    [["backup", "b", "--database", "sqlite::memory:"], "a database in memory"],
  ])("is refused: %j", async (args, sentence) => {
    await using overdue = await furnished()
    writeFileSync(join(overdue.folder, "taken"), "mine")
    mkdirSync(join(overdue.folder, "folder"))
    using _ = await listening(join(overdue.folder, "socket"))
    const before = readdirSync(overdue.folder)
    const { code, stderr } = await overdue.run(args)
    expect(stderr).toContain(sentence)
    expect(code).not.toBe(0)
    expect(readFileSync(join(overdue.folder, "taken"), "utf8")).toBe("mine")
    expect(readdirSync(overdue.folder)).toEqual(before)
  })

  it("never replaces what it is made from, by whatever name", async () => {
    await using overdue = await furnished()
    const path = (name: string) => join(overdue.folder, name)
    symlinkSync(path("overdue.db"), path("symlink"))
    linkSync(path("overdue.db"), path("hardlink"))
    for (const target of [
      "overdue.db",
      path("overdue.db"),
      "./x/../overdue.db",
      "overdue.db-wal",
      "overdue.db-shm",
      "overdue.db.secret",
      "symlink",
      "hardlink",
    ]) {
      const { code, stderr } = await overdue.run(["backup", target, "--force"])
      expect([target, code, stderr]).toEqual([
        target,
        1,
        expect.stringMatching(/is the same file as|does not exist/),
      ])
    }
    await overdue.run(["backup", "b.backup"])
    const onto = await overdue.run(["restore", "b.backup", "--database", "sqlite:b.backup", "--force"])
    expect([onto.code, onto.stderr]).toEqual([1, expect.stringContaining("is the same file as")])
    expect((await overdue.run(["backup", "--check", "b.backup"])).code).toBe(0)
    await using server = await OverdueServer.start(overdue.folder)
    expect(await names(server)).toEqual(["one", "two"])
  })

  it("replaces a file with --force only, and then as a whole", async () => {
    await using overdue = await furnished()
    writeFileSync(join(overdue.folder, "taken"), "mine")
    expect((await overdue.run(["backup", "taken", "--force"])).code).toBe(0)
    expect((await overdue.run(["backup", "--check", "taken"])).code).toBe(0)
  })
})

describe("a database whose files are links to another disk", () => {
  /** A folder whose `overdue.db` and secret are links into `disk`, where nothing is yet. */
  const linked = async () => {
    const overdue = await Overdue.make()
    mkdirSync(join(overdue.folder, "disk"))
    for (const end of ["", ".secret"])
      symlinkSync(join("disk", `kept.db${end}`), join(overdue.folder, `overdue.db${end}`))
    return overdue
  }
  const modes = (folder: string) =>
    Object.fromEntries(
      readdirSync(join(folder, "disk")).map((name) => [
        name,
        (statSync(join(folder, "disk", name)).mode & 0o777).toString(8),
      ]),
    )
  const isStillLinked = (folder: string) =>
    ["overdue.db", "overdue.db.secret"].every((name) => lstatSync(join(folder, name)).isSymbolicLink())

  it("is served from there, and nobody else can read it", async () => {
    await using overdue = await linked()
    await using server = await OverdueServer.start(overdue.folder)
    await server.api("POST", "/api/v3/checks/", { name: "one" })
    expect(isStillLinked(overdue.folder)).toBe(true)
    expect(modes(overdue.folder)).toEqual({
      "kept.db": "600",
      "kept.db-shm": "600",
      "kept.db-wal": "600",
      "kept.db.secret": "600",
    })
  })

  it("is restored there, when there is one and when there is none yet", async () => {
    await using whole = await furnished()
    expect((await whole.run(["backup", "b.backup"])).code).toBe(0)
    await using overdue = await linked()
    for (const words of [[], ["--force"]]) {
      const args = ["restore", join(whole.folder, "b.backup"), ...words]
      expect(await overdue.run(args)).toMatchObject({ code: 0, stderr: "" })
      expect(isStillLinked(overdue.folder)).toBe(true)
      expect(Object.values(modes(overdue.folder))).toEqual(["600", "600"])
      await using server = await OverdueServer.start(overdue.folder)
      expect(await names(server)).toEqual(["one", "two"])
    }
    expect(await overdue.run(["restore", join(whole.folder, "b.backup")])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("exists already"),
    })
  })

  it("has its secret beside it, where also who opens it by its own name finds it", async () => {
    await using whole = await furnished()
    expect((await whole.run(["backup", "b.backup"])).code).toBe(0)
    await using overdue = await Overdue.make()
    mkdirSync(join(overdue.folder, "disk"))
    symlinkSync(join("disk", "kept.db"), join(overdue.folder, "overdue.db"))
    expect(await overdue.run(["restore", join(whole.folder, "b.backup")])).toMatchObject({ code: 0 })
    expect(readdirSync(join(overdue.folder, "disk")).toSorted()).toEqual(["kept.db", "kept.db.secret"])
    expect((await overdue.run(["keys", "list", "--database", "sqlite:disk/kept.db"])).code).toBe(0)
  })

  it("says so while that disk is not there", async () => {
    await using overdue = await linked()
    rmSync(join(overdue.folder, "disk"), { recursive: true })
    await using whole = await furnished()
    await whole.run(["backup", "b.backup"])
    expect(await overdue.run(["restore", join(whole.folder, "b.backup")])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/directory .*disk does not exist/),
    })
  })
})

describe("a file that is no whole backup", () => {
  const damaged: readonly (readonly [string, (bytes: Buffer) => Buffer])[] = [
    ["is cut off", (bytes) => bytes.subarray(0, bytes.length - 5000)],
    ["lost its last byte", (bytes) => bytes.subarray(0, -1)],
    ["is empty", () => Buffer.alloc(0)],
    ["is a text", () => Buffer.from("not a backup ".repeat(1000))],
    [
      "has one wrong bit in a text",
      (bytes) => {
        const changed = Buffer.from(bytes)
        const at = changed.indexOf("Hier steht")
        changed[at] = changed[at]! ^ 1
        return changed
      },
    ],
  ]
  it.each(damaged)("is refused, and nothing is changed, when it %s", async (_, damage) => {
    await using overdue = await Overdue.make()
    const server = await OverdueServer.start(overdue.folder)
    await server.api("POST", "/api/v3/checks/", { name: "one", desc: "Hier steht etwas" })
    await server.stop()
    await overdue.run(["backup", "b"])
    const path = join(overdue.folder, "b")
    const bytes = readFileSync(path)
    writeFileSync(path, damage(bytes))
    const files = readdirSync(overdue.folder)
    for (const args of [
      ["backup", "--check", "b"],
      ["restore", "b", "--database", "sqlite:new.db"],
      ["restore", "b", "--force"],
    ]) {
      const { code, stderr } = await overdue.run(args)
      expect([code, stderr]).toEqual([1, expect.stringMatching(/^overdue (backup|restore): b .*\.\n$/)])
      expect(stderr).not.toMatch(/ {4}at /)
    }
    expect(readdirSync(overdue.folder)).toEqual(files)
  })

  it("is refused when a newer version has written it, or it is a database", async () => {
    await using overdue = await furnished()
    const { stderr } = await overdue.run(["backup", "--check", "overdue.db"])
    expect(stderr).toContain("overdue.db is a database, or a backup that was cut off or changed")
    using sqlite = new DatabaseSync(join(overdue.folder, "overdue.db"))
    sqlite.exec("INSERT INTO migrations VALUES (99, 'the future')")
    const newer = await overdue.run(["backup", "b"])
    expect([newer.code, newer.stderr]).toEqual([1, expect.stringContaining("has schema version 99")])
  })

  it("is refused when the secret in it is not that of its database", async () => {
    await using overdue = await furnished()
    const [database, secretFile] = ["", ".secret"].map((end) => join(overdue.folder, `overdue.db${end}`))
    Backup.make({
      database: database!,
      secretFile: secretFile!,
      target: join(overdue.folder, "b"),
      secret: "another secret than that",
      takenAt: 0,
      isReplacing: false,
    })
    for (const args of [
      ["backup", "--check", "b"],
      ["restore", "b", "--database", "sqlite:new.db"],
    ]) {
      const { code, stderr } = await overdue.run(args)
      expect([code, stderr]).toEqual([1, expect.stringContaining("b holds another secret than that of")])
    }
    expect(readdirSync(overdue.folder)).not.toContain("new.db")
  })

  it("is no database to serve from", async () => {
    await using overdue = await furnished()
    await overdue.run(["backup", "b"])
    const { code, stderr } = await overdue.run(["serve", "--port", "0", "--database", "sqlite:b"])
    expect([code, stderr]).toEqual([1, expect.stringContaining("Restore it with `overdue restore`")])
    expect((await overdue.run(["backup", "--check", "b"])).code).toBe(0)
  })
})

describe("a backup of a database in which records are damaged", () => {
  /** A folder with a database that has a record in every table, and what edits it; nothing serves from it. */
  const recorded = async () => {
    const overdue = await Overdue.make()
    const server = await OverdueServer.start(overdue.folder)
    const value = { url_down: "http://127.0.0.1:1/" }
    await server.api("POST", "/api/v3/channels/", { name: "desk", kind: "webhook", value })
    const fields = { name: "one", slug: "one", channels: "*" }
    const { json } = await server.api("POST", "/api/v3/checks/", fields)
    for (const signal of ["", "/fail"]) await fetch(`${String(json["ping_url"])}${signal}`)
    await server.stop()
    const edit = (sql: string) => {
      using sqlite = new DatabaseSync(join(overdue.folder, "overdue.db"))
      sqlite.exec(`PRAGMA foreign_keys = OFF; ${sql}`)
    }
    edit(`INSERT INTO memories (channel_key, check_key, flip, value) SELECT channel_key, check_key, flip, '{}' FROM deliveries LIMIT 1;
      INSERT INTO forgotten_flips SELECT project, check_key, reason, 1 FROM flips LIMIT 1;
      INSERT INTO blind_spans (from_at, to_at) VALUES (1, 2)`)
    return { overdue, edit, [Symbol.asyncDispose]: () => overdue[Symbol.asyncDispose]() }
  }

  it("names each of them, whatever table it is of, and does not call the backup whole", async () => {
    await using made = await recorded()
    const { overdue, edit } = made
    await overdue.run(["backup", "b"])
    const whole = await overdue.run(["backup", "--check", "b", "--json"])
    expect([whole.code, whole.stderr]).toEqual([0, ""])
    expect(JSON.parse(whole.stdout)).toMatchObject({ checks: 1, damaged: 0, records: [] })
    edit(`UPDATE projects SET created_at = -1;
      UPDATE api_keys SET access = 'root' WHERE key = 1;
      UPDATE channels SET value = '{';
      UPDATE pings SET kind = 'zombie' WHERE key = 1;
      UPDATE flips SET reason = 'none' WHERE key = 1;
      UPDATE forgotten_flips SET number = -1;
      UPDATE memories SET value = '{';
      UPDATE deliveries SET attempts = -1;
      UPDATE blind_spans SET to_at = -1;
      UPDATE awake SET at = -1`)
    expect((await overdue.run(["backup", "b", "--force"])).code).toBe(0)
    const before = readdirSync(overdue.folder)
    const { code, stdout, stderr } = await overdue.run(["backup", "--check", "b"], { TMPDIR: overdue.folder })
    expect([code, stdout]).toEqual([1, ""])
    const [first, ...lines] = stderr.trimEnd().split("\n")
    expect(first).toBe("overdue backup: b can be restored, but 10 damaged records in it cannot be read:")
    const places = lines.map((line) => /column (\w+ of table \w+)/.exec(line)?.[1] ?? line)
    expect(places.toSorted((a, b) => a.localeCompare(b))).toEqual([
      "access of table api_keys",
      "at of table awake",
      "attempts of table deliveries",
      "created_at of table projects",
      "kind of table pings",
      "number of table forgotten_flips",
      "reason of table flips",
      "to_at of table blind_spans",
      "value of table channels",
      "value of table memories",
    ])
    expect(readdirSync(overdue.folder)).toEqual(before)
  })

  it("names no more than people read, and counts the rest", async () => {
    await using made = await recorded()
    const { overdue, edit } = made
    const columns = "project, check_key, at, scheme, remote_address, method, user_agent"
    edit(`WITH RECURSIVE i (n) AS (SELECT 3 UNION ALL SELECT n + 1 FROM i WHERE n < 2052)
      INSERT INTO pings (n, kind, ${columns})
      SELECT i.n, CASE WHEN i.n > 2002 THEN 'zombie' ELSE 'log' END, ${columns} FROM i, pings WHERE key = 1`)
    await overdue.run(["backup", "b"])
    const { code, stderr } = await overdue.run(["backup", "--check", "b"])
    expect([code, stderr.trimEnd().split("\n").length]).toEqual([1, 22])
    expect(stderr).toMatch(/: b can be restored, but 50 damaged records [^]*\n {2}and 30 others\n$/)
    const { stdout } = await overdue.run(["backup", "--check", "b", "--json"])
    const { damaged, records } = JSON.parse(stdout)
    expect([damaged, records.length, records[0].table]).toEqual([50, 20, "pings"])
  })
})

describe("restoring over a database", () => {
  it("needs --force, and then replaces it with its log", async () => {
    await using overdue = await furnished()
    await overdue.run(["backup", "b"])
    const server = await OverdueServer.start(overdue.folder)
    await server.api("POST", "/api/v3/checks/", { name: "three" })
    await server.stop("SIGKILL")
    const refused = await overdue.run(["restore", "b"])
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("exists already")])
    expect((await overdue.run(["restore", "b", "--force"])).code).toBe(0)
    await using second = await OverdueServer.start(overdue.folder)
    expect(await names(second)).toEqual(["one", "two"])
  })

  it("is refused while a server has it open", async () => {
    await using overdue = await furnished()
    await overdue.run(["backup", "b"])
    await using server = await OverdueServer.start(overdue.folder)
    const { code, stderr } = await overdue.run(["restore", "b", "--force"])
    expect([code, stderr]).toEqual([1, expect.stringContaining("is in use by another process")])
    expect((await server.api("POST", "/api/v3/checks/", { name: "three" })).status).toBe(201)
    expect(await names(server)).toEqual(["one", "two", "three"])
  })

  it("replaces one that is damaged", async () => {
    await using overdue = await furnished()
    await overdue.run(["backup", "b"])
    writeFileSync(join(overdue.folder, "overdue.db"), "rubbish".repeat(1000))
    expect((await overdue.run(["restore", "b", "--force"])).code).toBe(0)
    await using server = await OverdueServer.start(overdue.folder)
    expect(await names(server)).toEqual(["one", "two"])
  })

  it("does not replace a secret without a database, unless it is told to", async () => {
    await using overdue = await furnished()
    await overdue.run(["backup", "b"])
    rmSync(join(overdue.folder, "overdue.db"))
    const { code, stderr } = await overdue.run(["restore", "b"])
    expect([code, stderr]).toEqual([1, expect.stringContaining("overdue.db.secret exists already")])
  })

  it("is refused when the environment has another secret", async () => {
    await using overdue = await furnished()
    await overdue.run(["backup", "b"])
    const environment = { OVERDUE_SECRET: "another secret than that" }
    const args = ["restore", "b", "--database", "sqlite:new.db"]
    const { code, stderr } = await overdue.run(args, environment)
    expect([code, stderr]).toEqual([1, expect.stringContaining("OVERDUE_SECRET is another secret")])
  })
})
