import * as Window from "@overdue/cli/Window"
import { describe, expect, it } from "vitest"

/** A Monday. */
const now = Date.parse("2026-03-02T03:00:00Z")
const none = { month: undefined, week: undefined, since: undefined, until: undefined, tz: undefined }

describe("a window for people", () => {
  it.each([
    [{ start: "2026-01-31T03:00:00.123Z" }, undefined, "2026-01-31T03:00:00Z to now"],
    [
      { start: "2026-10-01", end: "2026-11-01" },
      undefined,
      "2026-10-01 to 2026-11-01, on the clock of each check's zone",
    ],
    [{ start: "2026-10-01", end: "2026-11-01" }, "Europe/Riga", "2026-10-01 to 2026-11-01, Europe/Riga"],
  ])("%j in %s is %s", (window, tz, text) => {
    expect(Window.print(window, tz)).toBe(text)
  })
})

describe("the window of a report", () => {
  it.each([
    [{}, { start: "2026-01-31T03:00:00.000Z" }],
    [{ month: "2026-10" }, { start: "2026-10-01", end: "2026-11-01" }],
    [{ month: "2026-12" }, { start: "2026-12-01", end: "2027-01-01" }],
    [{ month: "this" }, { start: "2026-03-01", end: "2026-04-01" }],
    [{ month: "last" }, { start: "2026-02-01", end: "2026-03-01" }],
    [{ week: "this" }, { start: "2026-03-02", end: "2026-03-09" }],
    // In New York it is Sunday still.
    [
      { week: "this", tz: "America/New_York" },
      { start: "2026-02-23", end: "2026-03-02" },
    ],
    [{ week: "last" }, { start: "2026-02-23", end: "2026-03-02" }],
    [{ week: "2026-W01" }, { start: "2025-12-29", end: "2026-01-05" }],
    [{ week: "2026-W53" }, { start: "2026-12-28", end: "2027-01-04" }],
    [{ week: "2027W01" }, { start: "2027-01-04", end: "2027-01-11" }],
    [{ since: "7d" }, { start: "2026-02-23T03:00:00.000Z" }],
    [{ since: "2026-02-01" }, { start: "2026-02-01" }],
    [
      { since: "2026-02-01 08:30", until: "2026-02-02" },
      { start: "2026-02-01T08:30", end: "2026-02-02" },
    ],
    [
      { since: "2026-02-01T08:30+02:00", until: "1h" },
      { start: "2026-02-01T06:30:00.000Z", end: "2026-03-02T02:00:00.000Z" },
    ],
  ])("that %j names is %j", (given, window) => {
    expect(Window.read({ ...none, ...given }, now)).toEqual(window)
  })

  it.each([
    [{ month: "2026-13" }, "--month is this, last, or one such as 2026-10"],
    [{ month: "" }, "--month is this, last"],
    [{ month: "10" }, "--month is this, last"],
    [{ week: "2026-W54" }, "--week is this, last, or one such as 2026-W43"],
    [{ week: "2026-W00" }, "--week is this, last"],
    // 2027 has 52 weeks.
    [{ week: "2027-W53" }, "--week is this, last"],
    [{ month: "this", week: "this" }, "give one of --month, --week, and --since"],
    [{ month: "this", until: "1h" }, "give one of --month, --week, and --since"],
    [{ since: "yesterday" }, "--since is a length of time such as 2h or 7d, or a time such as 2026-10-01"],
    [{ since: "2026-02-30" }, "a day from 01 to 28"],
    [{ since: "" }, "--since is a length of time"],
    [{ until: "soon" }, "--until is a length of time"],
    [{ since: "1h", until: "2h" }, "--since is not before --until"],
    [{ tz: "Mars/X" }, 'there is no time zone "Mars/X"'],
  ])("that %j would name is refused: %s", (given, message) => {
    expect(() => Window.read({ ...none, ...given }, now)).toThrow(
      expect.objectContaining({ _tag: "UsageError", message: expect.stringContaining(message) }),
    )
  })
})
