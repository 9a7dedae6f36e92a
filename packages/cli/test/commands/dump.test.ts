import { once } from "node:events"
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  writeFileSync,
  copyFileSync,
} from "node:fs"
import { DatabaseSync } from "node:sqlite"
import { join } from "node:path"
import { PassThrough, Readable } from "node:stream"
import { dispatch } from "@overdue/cli/Dispatch"
import type { Io } from "@overdue/cli/Io"
import { describe, expect, it } from "vitest"
import * as PastDatabase from "../PastDatabase.ts"
import { keys } from "../../../../test/kit/Keys.ts"
import * as Overdue from "../../../../test/kit/Overdue.ts"
import { onPostgres } from "../../../../test/kit/postgres/onPostgres.ts"
import { OverdueServer } from "../../../../test/kit/OverdueServer.ts"
import { SeededRandom } from "../../../../test/kit/SeededRandom.ts"

/** Loads a text into a database, in a process of its own. */
const loading = (overdue: Overdue.Commands, text: string, database: string, ...more: readonly string[]) => {
  const running = overdue.start(["load", "--database", `sqlite:${database}`, ...more])
  // A load that is refused does not read to the end.
  running.child.stdin.on("error", () => undefined)
  running.child.stdin.end(text)
  return running
}

const load = (...given: Parameters<typeof loading>) => loading(...given).ended

const copySecret = ({ folder }: Overdue.Commands, to: string) =>
  copyFileSync(join(folder, "overdue.db.secret"), join(to, "overdue.db.secret"))

const withoutHead = (dump: string) => dump.slice(dump.indexOf("\n"))

describe("an installation that moves while pings come in", () => {
  it("has lost none that was answered once its server was stopped and what is new was loaded, too", async () => {
    await using overdue = await Overdue.make()
    await using other = await Overdue.make()
    const server = await OverdueServer.start(overdue.folder)
    const { json } = await server.api("POST", "/api/v3/checks/", { name: "pinged", slug: "pinged" })
    let answered = 0
    const moving = new AbortController()
    const pinging = (async () => {
      while (!moving.signal.aborted) if ((await fetch(String(json["ping_url"]))).status === 200) answered += 1
    })()
    const target = `sqlite:${join(other.folder, "overdue.db")}`
    const move = async () => {
      const { stdout, code } = await overdue.run(["dump"])
      expect(code).toBe(0)
      return load(overdue, stdout, join(other.folder, "overdue.db"))
    }
    const before = answered
    expect((await move()).stdout).toContain("set OVERDUE_SECRET to that of the old one")
    expect(answered).toBeGreaterThan(before)
    moving.abort()
    await pinging
    await server.stop()
    const last = await move()
    expect([last.code, last.stderr]).toEqual([0, ""])
    expect((await overdue.run(["serve", "--port", "0", "--database", target])).stderr).toContain(
      "cannot be opened without its secret",
    )
    copySecret(overdue, other.folder)
    await using second = await OverdueServer.start(other.folder)
    const moved = await second.api("GET", "/api/v3/checks/")
    expect(moved.json["checks"]).toMatchObject([{ slug: "pinged", n_pings: answered, status: "up" }])
    expect(
      (await load(overdue, (await overdue.run(["dump"])).stdout, join(other.folder, "overdue.db"))).stderr,
    ).toMatch(/is in use by a server, or was less than a minute ago/)
  }, 60_000)
})

await onPostgres("an installation that moves to PostgreSQL", (databases) => {
  it("is served from there, and comes back", async () => {
    await using overdue = await Overdue.make()
    const server = await OverdueServer.start(overdue.folder)
    const { json } = await server.api("POST", "/api/v3/checks/", { name: "pinged", slug: "pinged" })
    await fetch(String(json["ping_url"]))
    await server.stop()
    const { stdout: dump } = await overdue.run(["dump"])
    const url = databases.fresh()
    const secret = readFileSync(join(overdue.folder, "overdue.db.secret"), "utf8").trim()
    const at = (OVERDUE_SECRET: string) =>
      Overdue.at(overdue.folder, { OVERDUE_SECRET, OVERDUE_DATABASE: url, OVERDUE_API_KEY: keys.readWrite })
    const into = async (text: string, as: string) => {
      const running = at(as).start(["load"])
      running.child.stdin.on("error", () => undefined)
      running.child.stdin.end(text)
      return running.ended
    }
    expect((await into(dump, "x".repeat(32))).stderr).toContain("the secret of this database is another one")
    expect((await into(dump.slice(0, -100), secret)).stderr).toContain("is where the dump was cut off")
    expect(await at(secret).run(["projects", "list"])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("is being loaded from a dump"),
    })
    expect(await into(dump, secret)).toMatchObject({ code: 0, stderr: "" })
    const again = await at(secret).run(["dump"])
    expect(withoutHead(again.stdout)).toBe(withoutHead(dump))
    const served = at(secret).start(["serve", "--port", "0"])
    const [, address] = await served.printed(/^overdue is listening on (http:\/\/\S+)\n/)
    const ping = String(json["ping_url"]).replace(/^http:\/\/[^/]+/, address!)
    expect((await fetch(ping)).status).toBe(200)
    served.child.kill("SIGTERM")
    await served.ended
    expect((await into(dump, secret)).stderr).toMatch(/is in use by a server, or was less than a minute ago/)
    const back = await at(secret).run(["dump"])
    expect(back).toMatchObject({ code: 0, stderr: expect.stringContaining("which is OVERDUE_SECRET") })
    expect((await load(overdue, back.stdout, "back.db")).code).toBe(0)
    copyFileSync(join(overdue.folder, "overdue.db.secret"), join(overdue.folder, "back.db.secret"))
    const last = await overdue.run(["dump", "--database", "sqlite:back.db"])
    expect(withoutHead(last.stdout)).toBe(withoutHead(back.stdout))
  }, 60_000)
})

/** A folder with a database of many pings, and its dump. */
const furnished = async (pings = 30_000) => {
  const overdue = await Overdue.make()
  const filename = join(overdue.folder, "overdue.db")
  await PastDatabase.write(filename, "past", [{ slug: "job", policy: {}, signals: [[1, "success"]] }])
  using sqlite = new DatabaseSync(filename)
  sqlite.exec(`WITH RECURSIVE n (n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM n WHERE n < ${pings})
    INSERT INTO pings (key, project, check_key, previous, n, at, kind, scheme, remote_address, method, user_agent, body)
    SELECT n, 1, 1, n - 1, n, n, 'success', 'http', '192.0.2.1', 'GET', 'curl', randomblob(20) FROM n`)
  const { stdout, code, stderr } = await overdue.run(["dump"])
  expect([code, stderr]).toEqual([0, expect.stringMatching(/^overdue dump: written: \d+ rows of \d+ tables/)])
  return { ...overdue, dump: stdout }
}

describe("a load that is killed", () => {
  it("leaves what nothing opens, and ends as any other when it is run again", async () => {
    await using overdue = await furnished()
    const random = new SeededRandom(7)
    for (let time = 0; time < 8; time++) {
      const { child, ended } = overdue.start(["load", "--database", "sqlite:new.db"])
      // All but what a pipe holds was taken when this has been written.
      child.stdin.write(overdue.dump.slice(0, random.below(overdue.dump.length)), () => child.kill("SIGKILL"))
      expect(await ended).toMatchObject({ signal: "SIGKILL" })
    }
    copyFileSync(join(overdue.folder, "overdue.db.secret"), join(overdue.folder, "new.db.secret"))
    expect((await load(overdue, overdue.dump, "new.db")).code).toBe(0)
    const again = await overdue.run(["dump", "--database", "sqlite:new.db"])
    expect(withoutHead(again.stdout)).toBe(withoutHead(overdue.dump))
  }, 120_000)
})

describe("a database that is half loaded", () => {
  it("is opened by no other command, and by none after the whole dump was loaded", async () => {
    await using overdue = await furnished(3_000)
    copyFileSync(join(overdue.folder, "overdue.db.secret"), join(overdue.folder, "new.db.secret"))
    const cut = await load(overdue, overdue.dump.slice(0, -200), "new.db")
    expect([cut.code, cut.stderr]).toEqual([
      1,
      expect.stringMatching(
        /^overdue load: line \d+ of the dump is where the dump was cut off\. Load the whole one\.\n$/,
      ),
    ])
    for (const args of [["serve", "--port", "0"], ["projects", "list"], ["backup", "b"], ["dump"]]) {
      const { code, stderr, stdout } = await overdue.run([...args, "--database", "sqlite:new.db"])
      expect([code, stdout, stderr]).toEqual([1, "", expect.stringContaining("is being loaded from a dump")])
    }
    expect((await load(overdue, overdue.dump, "new.db")).stdout).toMatch(
      /^TABLE +ROWS OF THE DUMP +ROWS HERE +DIGEST OF THE DUMP +DIGEST HERE\n(?:\S+ +\d+ +\d+ +[0-9a-f]{16} +[0-9a-f]{16} +same\n)+The database new\.db holds what was dumped at \S+Z: \d+ rows, of which \d+ were written\n$/,
    )
    expect((await overdue.run(["projects", "list", "--database", "sqlite:new.db"])).code).toBe(0)
  }, 60_000)
})

describe("a load that is refused", () => {
  it("does not wait for the rest of the dump", async () => {
    await using overdue = await Overdue.make()
    const running = overdue.start(["load"])
    running.child.stdin.write("that is no dump\n")
    const { code, stderr } = await running.ended
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining("line 1 of the dump is not the first line of a dump"),
    ])
    expect(readdirSync(overdue.folder)).not.toContain("overdue.db")
  })

  it("says which secret is wrong, and which tables differ", async () => {
    await using overdue = await furnished(10)
    writeFileSync(join(overdue.folder, "new.db.secret"), "another secret than that one\n")
    expect((await load(overdue, overdue.dump, "new.db")).stderr).toContain(
      "the secret of this database is another one",
    )
    expect(existsSync(join(overdue.folder, "new.db"))).toBe(false)
    const wrong = overdue.dump.replace(/"pings":\{"count":10/, '"pings":{"count":11')
    const { code, stdout, stderr } = await load(overdue, wrong, "other.db")
    expect([code, stderr]).toEqual([
      1,
      "overdue load: The database other.db differs from the dump in pings, so nothing else opens it. " +
        "Stop whatever else writes to it, and load the dump again.\n",
    ])
    expect(stdout).toMatch(/^pings +11 +10 .* differs$/m)
    const { stdout: json } = await load(overdue, overdue.dump, "other.db", "--json")
    expect(JSON.parse(json)).toMatchObject({ isWhole: true, written: 0 })
  })
})

describe("a dump", () => {
  it("is a file of its owner alone, which replaces another one with --force only", async () => {
    await using overdue = await furnished(10)
    mkdirSync(join(overdue.folder, "folder"))
    const made = await overdue.run(["dump", "d"])
    expect([made.code, made.stdout]).toEqual([
      0,
      expect.stringMatching(
        /^d is written: \d+ rows of \d+ tables, taken at \S+Z; the secret is not in it, which is in \S*overdue\.db\.secret\n$/,
      ),
    ])
    expect(statSync(join(overdue.folder, "d")).mode & 0o777).toBe(0o600)
    expect(withoutHead(readFileSync(join(overdue.folder, "d"), "utf8"))).toBe(withoutHead(overdue.dump))
    for (const [args, sentence] of [
      [["d"], "d exists already. Name another file, or add --force to replace it."],
      [["folder", "--force"], "folder is a directory. Name a file."],
      [["nowhere/d"], "the directory nowhere does not exist"],
      [["overdue.db", "--force"], "is the same file as"],
      [["overdue.db.secret", "--force"], "is the same file as"],
      [["d", "e"], 'unexpected argument "e"'],
      [["--database", "sqlite:none.db"], "there is no database in none.db"],
      [["--database", "sqlite::memory:"], "a database in memory"],
    ] as const) {
      const { code, stderr } = await overdue.run(["dump", ...args])
      expect([args, code === 0, stderr]).toEqual([args, false, expect.stringContaining(sentence)])
    }
    expect((await overdue.run(["dump", "d", "--force"])).code).toBe(0)
    expect((await overdue.run(["load", "d", "--database", "sqlite::memory:"])).stderr).toContain(
      "a database in memory",
    )
    expect((await overdue.run(["load", "d", "--database", "sqlite:new.db"])).code).toBe(0)
    expect(readdirSync(overdue.folder).filter((name) => name.includes(".part-"))).toEqual([])
  })

  it("fails when nobody reads it any more, and leaves nothing when it is told to stop", async () => {
    await using overdue = await furnished()
    mkdirSync(join(overdue.folder, "tmp"))
    const environment = { TMPDIR: join(overdue.folder, "tmp") }
    const left = overdue.start(["dump"], environment)
    left.child.stdout.once("data", () => left.child.stdout.destroy())
    expect(await left.ended).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("standard output cannot be written"),
    })
    const stopped = overdue.start(["dump"], environment)
    stopped.child.stdout.once("data", () => {
      // From here on the dump waits for whoever reads.
      stopped.child.stdout.pause()
      stopped.child.kill("SIGTERM")
    })
    await once(stopped.child, "exit")
    stopped.child.stdout.resume()
    expect(await stopped.ended).toMatchObject({
      code: 1,
      stderr: "overdue dump: it was told to stop before all was written; run it again\n",
    })
    expect(readdirSync(environment.TMPDIR)).toEqual([])
  }, 60_000)
})

/** A terminal that keeps what is printed to it. */
const terminal = () => {
  const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 80 })
  let printed = ""
  stream.on("data", (text: Buffer) => (printed += text.toString()))
  return { stream, printed: () => printed }
}

describe("on a terminal", () => {
  it("shows how far a dump and a load have come, and neither prints a dump there nor lets one be typed", async () => {
    await using overdue = await furnished(3_000)
    const [out, err] = [terminal(), terminal()]
    const io: Io = {
      environment: { OVERDUE_DATABASE: `sqlite:${join(overdue.folder, "overdue.db")}`, NO_COLOR: "1" },
      stdin: Object.assign(Readable.from([]), { isTTY: true }),
      stdout: out.stream,
      stderr: err.stream,
    }
    expect(await dispatch(["dump"], io)).toBe(2)
    expect(await dispatch(["load"], io)).toBe(2)
    expect(err.printed()).toMatch(
      /a dump is not for a terminal; name a file[^]*a dump is not typed; name a file/,
    )
    const file = join(overdue.folder, "d")
    expect(await dispatch(["dump", file], io)).toBe(0)
    const environment = { OVERDUE_DATABASE: `sqlite:${join(overdue.folder, "new.db")}`, NO_COLOR: "1" }
    expect(await dispatch(["load", file], { ...io, environment })).toBe(0)
    expect(err.printed()).toMatch(
      /\[#+ +\] \d+ of (\d+)[^]*\[#{30}\] \1 of \1[^]*\[ +\] 0 of \1[^]*\[#{30}\] \1 of \1/,
    )
    expect(out.printed()).toContain("is written: ")
  })
})
