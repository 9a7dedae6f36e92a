import type { Check } from "@overdue/client/management"
import type { Listed } from "@overdue/cli/CheckView"
import * as CheckView from "@overdue/cli/CheckView"
import * as Json from "@overdue/cli/Json"
import type { Io } from "@overdue/cli/Io"
import { frame } from "@overdue/cli/commands/watch"
import { paint, plain, plainLines } from "@overdue/cli/Style"
import { fit, width } from "@overdue/cli/Width"
import { table } from "@overdue/cli/Table"
import { PassThrough } from "node:stream"
import { stripVTControlCharacters } from "node:util"
import { describe, expect, it } from "vitest"

const none = (_: string, text: string) => text

const io = (
  terminal: Readonly<{ isTTY?: boolean; columns?: number; rows?: number }>,
  environment: Io["environment"] = {},
): Io => {
  const stdout = Object.assign(new PassThrough(), terminal)
  return { environment, stdin: new PassThrough(), stdout, stderr: new PassThrough() }
}

describe("a table", () => {
  const shape = [
    { title: "A", text: ([a]: readonly string[]) => a! },
    { title: "LONG", text: ([, b]: readonly string[]) => b!, isElastic: true as const },
    { title: "C", text: ([, , c]: readonly string[]) => c! },
  ]

  it("aligns its columns, whatever the letters", () => {
    const rows = [
      ["x", "日本", "1"],
      ["yyy", "é🙂", "2"],
    ]
    expect(table(rows, shape, { columns: undefined, paint: none })).toBe(
      ["A    LONG  C", "x    日本  1", "yyy  é🙂   2", ""].join("\n"),
    )
  })

  it("gives way in its elastic columns on a narrow terminal", () => {
    const text = table([["x", "a very long name indeed", "1"]], shape, { columns: 20, paint: none })
    expect(text).toBe(["A  LONG            C", "x  a very long n…  1", ""].join("\n"))
    for (const line of text.split("\n")) expect(width(line)).toBeLessThanOrEqual(20)
  })

  it("keeps one row on one line", () => {
    expect(table([["a\nb", "\u001b[31mred", "\t1"]], shape, { columns: undefined, paint: none })).toBe(
      ["A    LONG     C", "a b  [31mred  1", ""].join("\n"),
    )
  })
})

describe("a table of checks on a narrow terminal", () => {
  const now = Date.parse("2026-06-15T12:00:00Z")
  const check = (fields: Partial<Listed>): Listed =>
    // safe because a table looks at these fields only
    ({
      name: "Nightly backup of everything",
      slug: "nightly-backup",
      tags: "db nightly",
      status: "down",
      started: false,
      since: "2026-06-15T10:00:00Z",
      reason: "missed",
      diagnosis: [{ code: "missed-slot", text: "The signal for 03:00 did not come." }],
      last_ping: "2026-06-14T03:00:00Z",
      next_ping: null,
      timeout: 86_400,
      grace: 60,
      channels: "",
      uuid: "7a3f2c1e-0b5d-4f6a-9c8b-1d2e3f4a5b6c",
      ...fields,
    }) as Listed
  const titles = (columns: number, fields: Partial<Listed> = {}) =>
    table([check(fields)], CheckView.columns([check(fields)], now), { columns, paint: none })
      .split("\n")[0]!
      .split(/ {2,}/)

  it.each([
    [200, ["STATUS", "NAME", "SLUG", "EXPECTED", "LAST PING", "DUE", "WHY", "TAGS", "TELLS", "ID"]],
    [130, ["STATUS", "NAME", "SLUG", "EXPECTED", "LAST PING", "DUE", "WHY", "TAGS", "TELLS"]],
    [80, ["STATUS", "NAME", "EXPECTED", "LAST PING", "DUE", "WHY"]],
    [60, ["STATUS", "NAME", "DUE", "WHY"]],
    [40, ["STATUS", "NAME", "DUE"]],
    [20, ["STATUS", "NAME"]],
  ])("of %i columns leaves out what matters least, the id first", (columns, kept) => {
    expect(titles(columns)).toEqual(kept)
  })

  it.each([0, 1, 2, 5, 9, 20, 33, 60])("of %i columns is not wider, and does not fail", (columns) => {
    const rows = [check({}), check({ name: "日本語".repeat(30), status: "up", slug: "" })]
    const text = table(rows, CheckView.columns(rows, now), { columns, paint: none })
    for (const line of text.split("\n")) expect(width(line)).toBeLessThanOrEqual(Math.max(1, columns))
  })
})

describe("what a list says of a check", () => {
  const now = Date.parse("2026-06-15T12:00:00Z")
  // safe because a sentence looks at these fields only
  const check = (fields: Partial<Listed>): Listed =>
    ({ status: "up", started: false, next_ping: null, ...fields }) as Listed

  it.each([
    [{ next_ping: "2026-06-15T12:05:00Z" }, "in 5m"],
    [{ next_ping: "2026-06-15T10:00:00Z", status: "grace" }, "2h late"],
    [{ status: "new", expected_at: "2026-06-15T12:30:00Z" }, "in 30m"],
    [{ status: "new", expected_at: null }, "–"],
    [{}, "–"],
    [
      { started: true, next_ping: "2026-06-15T10:00:00Z", running_since: "2026-06-15T10:01:00Z" },
      "running 1h 59m",
    ],
    [{ started: true, next_ping: "2026-06-15T10:00:00Z" }, "running"],
    [{ status: "down", since: "2026-06-15T11:59:00Z" }, "for 1m"],
    [{ status: "down" }, "–"],
    [
      { status: "down", started: true, since: "2026-06-15T11:59:00Z", running_since: "2026-06-15T11:59:30Z" },
      "running 30s",
    ],
  ] satisfies (readonly [Partial<Listed>, string])[])("%j is due: %s", (fields, text) => {
    expect(CheckView.due(check(fields), now)).toBe(text)
  })

  it.each([
    [{ status: "down", reason: "fail", diagnosis: [] }, "The job reported a failure."],
    [{ status: "down", reason: "missed", diagnosis: [{ code: "x", text: "Why." }] }, "Why."],
    [{ status: "down", reason: "of a newer server" }, "of a newer server"],
    [{ status: "down", reason: null }, undefined],
    [{ status: "up", reason: "fail" }, undefined],
  ] satisfies (readonly [Partial<Listed>, string | undefined])[])("%j is so because: %s", (fields, text) => {
    expect(CheckView.why(check(fields))).toBe(text)
  })

  const ops = { id: "1", name: "ops", kind: "webhook" }
  it.each([
    [{ channels: "" }, "nobody"],
    [{ channels: "1,2" }, "ops, 2"],
    [{}, undefined],
  ] satisfies (readonly [Partial<Listed>, string | undefined])[])("%j tells %s", (fields, text) => {
    expect(CheckView.tells(check(fields), [ops])).toBe(text)
  })

  it("is what to do when it tells nobody", () => {
    const lonely = check({ name: "Backup", slug: "backup", channels: "" })
    expect(CheckView.advice([check({ channels: "1" }), check({})], [])).toBeUndefined()
    expect(CheckView.advice([lonely], [ops])).toBe(
      "Backup tells nobody when it goes down: `overdue checks update backup --channels '*'`",
    )
    expect(CheckView.advice([lonely, lonely], [])).toBe(
      "2 checks tell nobody when they go down: add a channel with `overdue channels add`, then `overdue checks update CHECK --channels '*'`",
    )
  })
})

describe("text on a terminal", () => {
  it.each([
    ["abc", 3],
    ["日本", 4],
    ["e\u0301", 1],
    ["🙂", 2],
    ["", 0],
    ["全角ＡＢＣ、「括弧」。", 22],
    ["✔®™▶☎", 5],
    ["a\u200bb", 2],
    ["👨‍👩‍👧", 2],
    ["🇱🇻", 2],
    ["👋🏽", 2],
    ["สวัสดี", 4],
    ["naïve – …", 9],
  ])("%j takes %d columns", (text, columns) => {
    expect(width(text)).toBe(columns)
  })

  it.each([
    ["abcdef", 4, "abc…"],
    ["abcd", 4, "abcd"],
    ["日本語", 4, "日…"],
    ["Family 👨‍👩‍👧‍👦 of four", 10, "Family 👨‍👩‍👧‍👦…"],
    ["Family 👨‍👩‍👧‍👦 of four", 9, "Family …"],
    ["e\u0301e\u0301e\u0301", 2, "e\u0301…"],
    ["abc", 1, "…"],
    ["abc", 0, ""],
  ])("%j in %i columns is %s", (text, columns, kept) => {
    expect(fit(text, columns)).toBe(kept)
  })

  it("has no control characters left", () => {
    expect(plain("a\r\n\u0000b\u009b2J\u2028c")).toBe("a b 2J c")
    expect(plainLines("a\r\n\u001b[2Jb\u009b\n\tc")).toBe("a\n [2Jb \n\tc")
  })

  it.each([
    "\u061c",
    "\u200e",
    "\u200f",
    "\u202a",
    "\u202b",
    "\u202c",
    "\u202d",
    "\u202e",
    "\u2066",
    "\u2069",
  ])("does not turn its direction by %j", (control) => {
    expect(plain(`a${control}b`)).toBe("ab")
    expect(plainLines(`a${control}b`)).toBe("ab")
    expect(Json.text({ a: control })).not.toContain(control)
    expect(JSON.parse(Json.text({ a: control }))).toEqual({ a: control })
  })

  it("has no half of a surrogate pair left, which no terminal can show", () => {
    expect(plain("a\ud83d")).toBe("a\ufffd")
  })

  it("is coloured on a terminal only, and not when NO_COLOR is set", () => {
    expect(paint(io({ isTTY: true }))("red", "x")).toBe("\u001b[31mx\u001b[39m")
    expect(paint(io({}))("red", "x")).toBe("x")
    expect(paint(io({ isTTY: true }, { NO_COLOR: "1" }))("red", "x")).toBe("x")
    expect(paint(io({ isTTY: true }, { TERM: "dumb" }))("red", "x")).toBe("x")
  })
})

describe("a picture of overdue watch", () => {
  const check = (name: string, status: Check["status"]) =>
    // safe because a picture looks at these fields only
    ({
      name,
      slug: "",
      tags: "",
      status,
      started: false,
      last_ping: null,
      next_ping: null,
      timeout: 60,
    }) as Check

  it.each([20, 40, 60, 109, 200])("has no line that wraps on %i columns, whatever the names", (columns) => {
    const names = ["全角ＡＢＣ、「括弧」。".repeat(4), "a".repeat(200), "Family 👨‍👩‍👧‍👦 ".repeat(9), "b"]
    const checks = names.map((name) => ({ ...check(name, "down"), uuid: crypto.randomUUID(), slug: name }))
    for (const line of frame({ checks, channels: [] }, "", io({ isTTY: true, columns })))
      expect(width(stripVTControlCharacters(line))).toBeLessThanOrEqual(columns)
  })

  it("keeps the heading and what is down on a small terminal, and counts the rest", () => {
    const checks = Array.from({ length: 40 }, (_, n) => check(`check ${n}`, n < 3 ? "down" : "up"))
    const terminal = io({ isTTY: true, columns: 60, rows: 12 }, { NO_COLOR: "1" })
    const lines = frame({ checks, channels: [] }, "", terminal)
    expect(lines).toHaveLength(12)
    expect(lines[0]).toMatch(/^40 checks {2}3 down, 37 up /)
    expect(lines.slice(3, 6).map((line) => line.split(/ {2,}/).slice(0, 2))).toEqual([
      ["down", "check 0"],
      ["down", "check 1"],
      ["down", "check 2"],
    ])
    expect(lines.at(-1)).toBe("… and 32 up")
  })

  it.each([1, 2, 3, 4])("has no more than %i rows when the terminal has no more", (rows) => {
    const checks = [check("a", "up"), check("b", "down")]
    const lines = frame({ checks, channels: [] }, "", io({ isTTY: true, columns: 60, rows }))
    expect(lines.length).toBeLessThanOrEqual(rows)
    expect(stripVTControlCharacters(lines.at(rows > 1 ? 1 : 0)!)).toMatch(rows > 1 ? /down|^$/ : /^2 checks/)
  })

  it("puts first what needs somebody, and counts", () => {
    const checks = [check("a", "up"), check("b", "down"), check("c", "up"), check("d", "grace")]
    const lines = frame({ checks, channels: [] }, "", io({ isTTY: true, columns: 80 }, { NO_COLOR: "1" }))
    expect(lines[0]).toMatch(/^4 checks {2}1 down, 1 grace, 2 up {2}\d\d:\d\d:\d\d$/)
    expect(lines.slice(3).map((line) => line.split(/ +/)[1])).toEqual(["b", "d", "a", "c"])
  })

  it("says what is wrong with the server in place of the time", () => {
    expect(frame({ checks: [], channels: [] }, "the server cannot be reached", io({}))[0]).toMatch(
      / the server cannot be reached$/,
    )
  })
})
