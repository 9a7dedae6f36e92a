import { createHash } from "node:crypto"
import { existsSync } from "node:fs"
import * as StoreFixture from "@overdue/laws/store/StoreFixture"
import { minute } from "@overdue/core/Time"
import * as Catalogue from "@overdue/storage/moving/Catalogue"
import * as Limits from "@overdue/storage/moving/Limits"
import * as RowText from "@overdue/storage/moving/RowText"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import * as Files from "../Files.ts"
import * as Sides from "./Sides.ts"

const { start } = StoreFixture
const body = (text: string) => text.slice(text.indexOf("\n"))

/** A database that has lived, with so many pings of one check. */
const lived = async (pings = 3) => {
  const side = Sides.sqlite()
  await Sides.using(
    side,
    Effect.fnUntraced(function* (store) {
      yield* StoreFixture.furnish(store, 2)
      const check = StoreFixture.checkId(1)
      for (let n = 1; n < pings; n++)
        yield* StoreFixture.happen(store, [check], { type: "success" }, start + n, Buffer.from([0, n, 255]))
      yield* StoreFixture.happen(store, [check], { type: "fail" }, start + pings)
      yield* store.awake(start + pings, undefined)
    }),
  )
  return side
}

const linesOf = (text: string): readonly string[] => text.split("\n").slice(0, -1)

/** Returns a dump with other lines, in which all digests of chunks are right. */
const forged = (text: string, change: (lines: string[]) => void): string => {
  const lines = [...linesOf(text)]
  change(lines)
  for (const [index, line] of lines.entries()) {
    const head = line.startsWith("{") ? JSON.parse(line) : {}
    if (head.sha256 === undefined) continue
    const rows = lines.slice(index + 1, index + 1 + head.count)
    const sha256 = createHash("sha256")
      .update(`${rows.join("\n")}\n`)
      .digest("hex")
    lines[index] = JSON.stringify({ ...head, sha256 })
  }
  return `${lines.join("\n")}\n`
}

/** Returns the place of the first row of a table in the lines of a dump. */
const firstOf = (lines: readonly string[], table: string): number =>
  lines.findIndex((line) => line.startsWith(`{"table":"${table}"`)) + 1

describe("a load that is cut off, wherever", () => {
  it("leaves a database that nobody opens, and goes on when it is run again", async () => {
    const from = await lived(2_500)
    const text = await Sides.dump(from)
    const filename = Files.fresh()
    const to = Sides.sqlite(filename)
    const bytes = Buffer.from(text)
    const written: number[] = []
    for (const part of [0.3, 0.1, 0.7, 0.9, 0.999]) {
      const cut = bytes.subarray(0, Math.floor(bytes.length * part))
      expect(await Sides.refusal(to, [cut])).toMatch(/^line \d+ of the dump is where the dump was cut off/)
      expect((await Files.refusal(filename)).detail).toBe(
        `The database ${filename} is being loaded from a dump, or a load of it was cut off, so not all of it is there. ` +
          "Wait until `overdue load` has ended, or run it again with the whole dump.",
      )
    }
    written.push((await Sides.load(to, text)).written)
    expect(written[0]).toBeLessThan(1_600)
    expect(await Sides.dump(to)).toBe(text)
    await Files.using(filename, (store) => store.projects)
  })

  it("writes nothing of a chunk that is not what was written, whichever byte is wrong", async () => {
    const text = await Sides.dump(await lived())
    const bytes = Buffer.from(text)
    for (let at = 0; at < bytes.length; at += 97) {
      const to = Sides.sqlite()
      const changed = Buffer.from(bytes)
      changed[at] = changed[at]! ^ 1
      try {
        const { isWhole } = await Sides.load(to, [changed])
        // What the header says beside what it is of, and how the digests of the end are written.
        if (isWhole) expect(body(await Sides.dump(to))).toBe(body(text))
      } catch (error) {
        expect(String(error)).toMatch(/line \d+ of the dump/)
      }
    }
  }, 60_000)

  it("is noticed in a stream that fails", async () => {
    const text = await Sides.dump(await lived())
    const stream = async function* () {
      yield Buffer.from(text.slice(0, text.length / 2))
      throw new Error("EIO")
    }
    expect(await Sides.refusal(Sides.sqlite(), stream())).toBe("the dump cannot be read (EIO).")
  })
})

describe("a dump that was taken later", () => {
  it("brings what is new, and takes away what is gone", async () => {
    const from = await lived(2_500)
    const to = Sides.sqlite()
    await Sides.load(to, await Sides.dump(from))
    await Sides.using(from, (store) =>
      StoreFixture.happen(store, [StoreFixture.checkId(2)], { type: "fail" }, start + minute),
    )
    await Sides.edit(
      from,
      "DELETE FROM pings WHERE key < 1500",
      "DELETE FROM pings WHERE key % 7 = 0 AND key < 1700",
      "UPDATE projects SET ping_key = NULL",
    )
    const text = await Sides.dump(from)
    const { written, isWhole } = await Sides.load(to, text)
    expect([isWhole, written < 2_100]).toEqual([true, true])
    expect(await Sides.dump(to)).toBe(text)
  })

  it("may have given what may be there once to somebody else", async () => {
    const from = await lived()
    const second = { project: StoreFixture.project(2), keys: [] }
    await Sides.using(from, (store) => store.createProject(second))
    const to = Sides.sqlite()
    await Sides.load(to, await Sides.dump(from))
    await Sides.edit(
      from,
      "UPDATE projects SET ping_key = 'x' WHERE key = 1",
      "UPDATE projects SET ping_key = 'ping-key-1' WHERE key = 2",
      "UPDATE projects SET ping_key = 'ping-key-2' WHERE key = 1",
    )
    const text = await Sides.dump(from)
    expect(await Sides.load(to, text)).toMatchObject({ isWhole: true })
    expect(await Sides.dump(to)).toBe(text)
  })
})

describe("a dump that was taken later, without what others referred to", () => {
  const loadedAgain = async (before: readonly string[], after: readonly string[]) => {
    const [from, to] = [await lived(), Sides.sqlite()]
    await Sides.edit(from, ...before)
    await Sides.load(to, await Sides.dump(from))
    await Sides.edit(from, ...after)
    const text = await Sides.dump(from)
    expect(await Sides.load(to, text)).toMatchObject({ isWhole: true })
    expect(await Sides.dump(to)).toBe(text)
  }

  it("takes away what stood at the end of a table, or was all of it", () =>
    loadedAgain([], ["DELETE FROM pings WHERE key > 2", "DELETE FROM deliveries"]))

  it("takes away the samples of a series with it", () =>
    loadedAgain(
      [
        "INSERT INTO series (key, check_key, name) VALUES (1, 1, 'cpu'), (2, 1, 'load')",
        "INSERT INTO samples (series_key, at, value, is_failure) VALUES (1, 5, 0.5, 0), (2, 5, 0.5, 0)",
      ],
      ["DELETE FROM samples WHERE series_key = 1", "DELETE FROM series WHERE key = 1"],
    ))

  it("takes away the alerts of a flip that is another one now", () =>
    loadedAgain([], ["DELETE FROM deliveries", "UPDATE flips SET n = 5 WHERE to_status = 'down'"]))
})

describe("a database that is not to be loaded", () => {
  const other = async () => {
    const side = Sides.sqlite()
    const project = StoreFixture.project(3)
    await Sides.using(side, (store) => store.createProject({ project, keys: [] }))
    return side
  }

  it("is one with another installation, unless it is to be replaced", async () => {
    const text = await Sides.dump(await lived())
    const to = await other()
    const before = await Sides.dump(to)
    expect(await Sides.refusal(to, text)).toMatch(
      /holds an installation already, which was not loaded from this one\. Name an empty database, or add --replace to replace what is there\.$/,
    )
    expect(await Sides.dump(to)).toBe(before)
    expect(await Sides.load(to, text, { isReplacing: true })).toMatchObject({ isWhole: true })
    expect(body(await Sides.dump(to))).toBe(body(text))
  })

  it("is one that another dump is half loaded into", async () => {
    const text = await Sides.dump(await lived())
    const to = Sides.sqlite()
    await Sides.refusal(to, text.slice(0, -100))
    const another = await Sides.dump(await other())
    expect(await Sides.refusal(to, another)).toContain("holds an installation already")
    expect(await Sides.load(to, another, { isReplacing: true })).toMatchObject({ isWhole: true })
  })

  it("is one that a server runs on", async () => {
    const text = await Sides.dump(await lived())
    const to = Sides.sqlite()
    await Sides.using(to, (store) => store.awake(Sides.now, undefined))
    for (const isReplacing of [false, true]) {
      const sentence = await Sides.refusal(to, text, { now: Sides.now + minute - 1, isReplacing })
      expect(sentence).toMatch(/is in use by a server, or was less than a minute ago\. Stop it/)
    }
    expect(await Sides.load(to, text, { now: Sides.now + minute })).toMatchObject({ isWhole: true })
  })

  it("is one that a server has run on since it was loaded", async () => {
    const from = await lived()
    const text = await Sides.dump(from)
    const to = Sides.sqlite()
    await Sides.load(to, text, { now: start + 3 })
    await Sides.load(to, text, { now: start + 3 })
    await Sides.using(to, (store) => store.awake(start + minute, undefined))
    expect(await Sides.refusal(to, text)).toMatch(
      /was loaded before, and a server has run on it since: what that took would be lost\. Add --replace/,
    )
    expect(await Sides.load(to, text, { isReplacing: true })).toMatchObject({ isWhole: true })
  })

  it("is one that was loaded from a later dump", async () => {
    const from = await lived()
    const earlier = await Sides.dump(from, Sides.now - minute)
    const later = await Sides.dump(from)
    const to = Sides.sqlite()
    await Sides.load(to, later)
    expect(await Sides.refusal(to, earlier)).toMatch(
      /was loaded from a later dump, taken at .*: what is newer than this one, of .*, would be lost\. Add --replace/,
    )
    expect(await Sides.load(to, later)).toMatchObject({ isWhole: true })
    expect(await Sides.load(to, earlier, { isReplacing: true })).toMatchObject({ isWhole: true })
  })

  it("is one whose secret is another one than the dump's", async () => {
    const from = await lived()
    await Sides.edit(from, "INSERT INTO settings (name, value) VALUES ('secret fingerprint', 'abc')")
    const text = await Sides.dump(from)
    const filename = Files.fresh()
    const to = Sides.sqlite(filename)
    expect(await Sides.refusal(to, text, { fingerprint: "abd" })).toMatch(
      /^the secret of this database is another one/,
    )
    expect(existsSync(filename)).toBe(false)
    expect(await Sides.load(to, text, { fingerprint: "abc" })).toMatchObject({ isWhole: true })
    expect(await Sides.rows(to, "SELECT value FROM settings WHERE name = 'secret fingerprint'")).toEqual([
      ["abc"],
    ])
  })

  it("is one that another load has begun to fill since", async () => {
    const text = await Sides.dump(await lived(2_500))
    const to = Sides.sqlite()
    const half = text.length / 2
    const stream = async function* () {
      yield Buffer.from(text.slice(0, half))
      await Sides.load(to, text)
      yield Buffer.from(text.slice(half))
    }
    // What is the same already is not written, and so does not ask.
    expect(await Sides.refusal(to, stream())).toMatch(
      /^another `overdue load` into the same database has begun/,
    )
    await Sides.using(to, (store) => store.projects)
  })
})

describe("a dump that nobody took", () => {
  const refused: readonly (readonly [string, (lines: string[]) => void, RegExp])[] = [
    [
      "is another file",
      (lines) => lines.splice(0, lines.length, "PK\u0003\u0004"),
      /^line 1 .* is not the first line of a dump/,
    ],
    ["is empty", (lines) => lines.splice(0, lines.length), /^line 1 /],
    [
      "is of a newer format",
      (lines) => (lines[0] = lines[0]!.replace('"format":1', '"format":2')),
      /^line 1 .* newer version of Overdue took it/,
    ],
    [
      "is of a newer schema",
      (lines) => (lines[0] = lines[0]!.replace(/"schema":\d+/, '"schema":99')),
      /^line 1 .* newer version of Overdue took it/,
    ],
    [
      "is of an older schema",
      (lines) => (lines[0] = lines[0]!.replace(/"schema":\d+/, '"schema":5')),
      /^line 1 .* older version of Overdue took it/,
    ],
    [
      "has another column",
      (lines) => (lines[0] = lines[0]!.replace('"ping_key"', '"pin_key"')),
      /^line 1 .* other tables or columns .* projects \(key, id, name, ping_key/,
    ],
    [
      "has a further table",
      (lines) => (lines[0] = lines[0]!.replace(/\]\}$/, ',{"table":"x","columns":[],"rows":0}]}')),
      /^line 1 .* other tables or columns/,
    ],
    [
      "has rows of a table that there is not",
      (lines) => (lines[1] = lines[1]!.replace("projects", "sqlite_schema")),
      /^line 2 .* not what a dump has there, which is rows of table projects/,
    ],
    ["leaves out a table", (lines) => lines.splice(1, 3), /^line 2 .* not what a dump has there/],
    ["has a line that is not JSON", (lines) => (lines[1] = "x"), /^line 2 .* not what a dump has there/],
    ["has a row that is not JSON", (lines) => (lines[2] = "["), /^line 3 .* is not JSON/],
    ["has a row that is no list", (lines) => (lines[2] = "{}"), /^line 3 .* is not a list of \d+ values/],
    [
      "has a text in place of a number",
      (lines) => (lines[2] = lines[2]!.replace(/^\[1,/, '["1",')),
      /^line 3 .* wrong value in column key: it is not an integer of 53 bits/,
    ],
    [
      "has a number in place of a text",
      (lines) => (lines[2] = lines[2]!.replace('"project 1"', "1")),
      /^line 3 .* wrong value in column name: it is not a text/,
    ],
    [
      "has nothing where something must be",
      (lines) => (lines[2] = lines[2]!.replace('"project 1"', "null")),
      /^line 3 .* wrong value in column name: nothing is there/,
    ],
    [
      "has half a character",
      (lines) => (lines[2] = lines[2]!.replace("project 1", "\\ud800")),
      /^line 3 .* wrong value in column name: it is not a text/,
    ],
    [
      "has a row in other words",
      (lines) => (lines[2] = lines[2]!.replace("[1,", "[1.0,")),
      /^line 3 .* is not written as `overdue dump` writes it/,
    ],
    [
      "has a key twice",
      (lines) => {
        const at = firstOf(lines, "pings")
        lines[at + 1] = lines[at]!
      },
      /^line \d+ .* has a row that may not stand there/,
    ],
    [
      "has a row beyond its chunk",
      (lines) => (lines[2] = lines[2]!.replace("[1,", "[2,")),
      /^line 3 .* has a row that may not stand there/,
    ],
    [
      "has a mark of a load",
      (lines) => {
        const at = lines.findIndex((line) => line === '{"end":"settings"}')
        const row = JSON.stringify(["load", "{}"])
        lines.splice(
          at,
          0,
          JSON.stringify({ table: "settings", after: null, to: ["load"], count: 1, sha256: "0".repeat(64) }),
          row,
        )
      },
      /^line \d+ .* has a row that may not stand there/,
    ],
    [
      "refers to a row that it has not",
      (lines) => {
        const at = firstOf(lines, "checks")
        lines[at] = lines[at]!.replace("[1,1,", "[1,77,")
      },
      /^the rows of table checks in lines \d+ to \d+ of the dump cannot be written: This contradicts what is stored/,
    ],
    [
      "says that a chunk has a million rows",
      (lines) => (lines[1] = lines[1]!.replace('"count":1', '"count":1000000')),
      /^line 2 .* not what a dump has there/,
    ],
    ["goes on after its end", (lines) => lines.push("[]"), /^line \d+ .* comes after the end of the dump/],
    ["has bytes that are no text", (lines) => (lines[2] = "\u0000".repeat(9)), /^line 3 .* is not JSON/],
  ]
  it.each(refused)("is refused when it %s", async (_, change, sentence) => {
    const text = await Sides.dump(await lived())
    const filename = Files.fresh()
    const to = Sides.sqlite(filename)
    expect(await Sides.refusal(to, forged(text, change))).toMatch(sentence)
    // Nothing that a server would open: there is no database, or one with the mark of a load.
    if (existsSync(filename))
      expect((await Files.refusal(filename)).detail).toContain("is being loaded from a dump")
  })

  it("is refused when it is packed, in another encoding, or a line of it does not end", async () => {
    expect(await Sides.refusal(Sides.sqlite(), [Buffer.from([0x1f, 0x8b, 8, 0, 0xff, 10])])).toMatch(
      /^line 1 .* is not UTF-8/,
    )
    expect(await Sides.refusal(Sides.sqlite(), [])).toMatch(/^line 1 .* the dump is empty/)
    expect(await Sides.refusal(Sides.sqlite(), [Buffer.from("x")])).toMatch(/^line 1 .* cut off/)
    let given = 0
    const endless = function* () {
      for (const piece = Buffer.alloc(1_000_000, "x"); given < 1_000_000_000; given += piece.length)
        yield piece
    }
    expect(await Sides.refusal(Sides.sqlite(), endless())).toBe(
      "line 1 of the dump is longer than any line of a dump. Name a file that `overdue dump` wrote.",
    )
    expect(given).toBeLessThan(Limits.line + 2_000_000)
  })

  it("is told table by table when its last line says something else", async () => {
    const text = await Sides.dump(await lived())
    const filename = Files.fresh()
    const wrong = forged(
      text,
      (lines) =>
        (lines[lines.length - 1] = lines.at(-1)!.replace(/"checks":\{"count":2/, '"checks":{"count":3')),
    )
    const { isWhole, tables } = await Sides.load(Sides.sqlite(filename), wrong)
    expect([isWhole, tables.filter(({ isSame }) => !isSame).map(({ table }) => table)]).toEqual([
      false,
      ["checks"],
    ])
    expect((await Files.refusal(filename)).detail).toContain("is being loaded from a dump")
  })
})

describe("what is under way where a dump is taken", () => {
  it("is sent where it is loaded, once the lease is over, and nothing is held against a check meanwhile", async () => {
    const from = await lived()
    const lease = 2 * minute
    const claim = (side: typeof from, at: number) =>
      Sides.using(side, (store) =>
        Effect.map(store.claimDeliveries(at, 10, lease), (claims) =>
          claims.map(({ delivery: { id } }) => id),
        ),
      )
    const first = await claim(from, start + 10)
    expect(first).toHaveLength(2)
    const to = Sides.sqlite()
    await Sides.load(to, await Sides.dump(from))
    expect(await claim(to, start + 10 + lease - 1)).toEqual([])
    expect(await claim(to, start + 10 + lease)).toEqual(first)
    const blind = await Sides.using(to, (store) => store.awake(start + 60 * minute, minute, 5))
    expect(blind).toEqual({ from: start + 3 + 5, to: start + 60 * minute })
  })
})

describe("the text of a row", () => {
  it("is exact for numbers and bytes, and refuses what no column may hold", () => {
    const [samples, pings] = ["samples", "pings"].map((name) =>
      Catalogue.tables().find((table) => table.name === name)!,
    )
    for (const value of [0.1, 1e300, -5e-324, 2 ** 53, 1 / 3]) {
      const text = RowText.write(samples!, [1, 2, value, 0, 3])
      expect(RowText.read(samples!, text)).toEqual([1, 2, value, 0, 3])
    }
    expect(() => RowText.write(samples!, [1, 2, NaN, 0, 3])).toThrow(
      /the record of row \[1,2\] is damaged: column value of table samples: it is not a finite number/,
    )
    const ping = pings!.columns.map(({ kind }) => (kind === "text" ? "\ufffd\u2028\ud83d\ude00" : 9))
    const body = pings!.columns.findIndex(({ name }) => name === "body")
    const whole = ping.map((value, index) => (index === body ? new Uint8Array([0, 128, 255]) : value))
    expect(RowText.read(pings!, RowText.write(pings!, whole))).toEqual(whole)
    // What PostgreSQL has no room for is not moved as it is.
    const spoiled = whole.map((value) =>
      typeof value === "string" ? value.replace("\ufffd", "\u0000") : value,
    )
    expect(RowText.write(pings!, spoiled)).toBe(RowText.write(pings!, whole))
    const large = whole.with(body, new Uint8Array(Limits.line))
    expect(() => RowText.write(pings!, large)).toThrow(
      /column body of table pings: it is larger than anything/,
    )
  })
})

describe("the tables that are moved", () => {
  it("stand after those that their rows refer to, and are all that there are", async () => {
    const names = Catalogue.tables().map(({ name }) => name)
    const side = Sides.sqlite()
    await Sides.using(side, () => Effect.void)
    const found = await Sides.rows(side, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    expect(["migrations", ...names].toSorted()).toEqual(found.map(([name]) => name))
    const references = await Sides.rows(
      side,
      `SELECT t.name, f."table", f.on_delete FROM sqlite_schema t JOIN pragma_foreign_key_list(t.name) f`,
    )
    expect(references.length).toBeGreaterThan(10)
    for (const [child, parent] of references)
      expect([child, names.indexOf(String(parent)) < names.indexOf(String(child))]).toEqual([child, true])
    expect(new Set(references.map(([, , action]) => action))).toEqual(
      new Set(["CASCADE", "SET NULL", "NO ACTION"]),
    )
  })
})
