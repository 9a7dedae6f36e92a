import type { Check } from "@overdue/client/management"
import type { Io } from "@overdue/cli/Io"
import { frame } from "@overdue/cli/commands/watch"
import { fit, paint, plain, width } from "@overdue/cli/Style"
import { table } from "@overdue/cli/Table"
import { PassThrough } from "node:stream"
import { describe, expect, it } from "vitest"

const none = (_: string, text: string) => text

const io = (
  terminal: Readonly<{ isTTY?: boolean; columns?: number }>,
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

describe("text on a terminal", () => {
  it.each([
    ["abc", 3],
    ["日本", 4],
    ["e\u0301", 1],
    ["🙂", 2],
    ["", 0],
  ])("%j takes %d columns", (text, columns) => {
    expect(width(text)).toBe(columns)
  })

  it.each([
    ["abcdef", 4, "abc…"],
    ["abcd", 4, "abcd"],
    ["日本語", 4, "日…"],
  ])("%j in %i columns is %s", (text, columns, kept) => {
    expect(fit(text, columns)).toBe(kept)
  })

  it("has no control characters left", () => {
    expect(plain("a\r\n\u0000b\u009b2J")).toBe("a b 2J")
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

  it("puts first what needs somebody, and counts", () => {
    const checks = [check("a", "up"), check("b", "down"), check("c", "up"), check("d", "grace")]
    const lines = frame(checks, "", io({ columns: 80 })).split("\n")
    expect(lines[0]).toMatch(/^4 checks {2}1 down, 1 grace, 2 up {2}\d\d:\d\d:\d\d$/)
    expect(lines.slice(3).map((line) => line.split(/ +/)[1])).toEqual(["b", "d", "a", "c"])
  })

  it("says what is wrong with the server in place of the time", () => {
    expect(frame([], "the server cannot be reached", io({})).split("\n")[0]).toMatch(
      / the server cannot be reached$/,
    )
  })
})
