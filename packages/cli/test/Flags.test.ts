import { parse, whole } from "@overdue/cli/Flags"
import type { Flags } from "@overdue/cli/Flags"
import { nearest } from "@overdue/cli/Nearest"
import * as Span from "@overdue/cli/Span"
import { describe, expect, it } from "vitest"

const flags = {
  url: { kind: "text", short: "u", value: "URL", env: "X_URL", help: "" },
  tag: { kind: "texts", value: "TAG", env: "X_TAG", help: "" },
  json: { kind: "switch", env: "X_JSON", help: "" },
  color: { kind: "switch", isOn: true, help: "" },
  size: { kind: "text", value: "SIZE", choices: ["small", "large"], env: "X_SIZE", help: "" },
} as const satisfies Flags

const none = { url: undefined, tag: [], json: false, color: true, size: undefined }

describe("flags", () => {
  it.each([
    [[], {}, none],
    [["--url", "a"], {}, { ...none, url: "a" }],
    [["--url=a=b"], {}, { ...none, url: "a=b" }],
    [["--url", "a", "-u", "b"], {}, { ...none, url: "b" }],
    [["-u", "-"], {}, { ...none, url: "-" }],
    [["--tag", "a", "--tag=b"], { X_TAG: "c" }, { ...none, tag: ["a", "b"] }],
    [[], { X_TAG: "c" }, { ...none, tag: ["c"] }],
    [[], { X_URL: "a" }, { ...none, url: "a" }],
    [["--url", "b"], { X_URL: "a" }, { ...none, url: "b" }],
    [[], { X_URL: "", X_JSON: "" }, none],
    [["--json"], {}, { ...none, json: true }],
    [[], { X_JSON: "1" }, { ...none, json: true }],
    [[], { X_JSON: "False" }, none],
    [["--no-json"], { X_JSON: "1" }, none],
    [["--no-color"], {}, { ...none, color: false }],
    [["--size", "small"], {}, { ...none, size: "small" }],
  ])("%j with %j", (args, environment, values) => {
    expect(parse(flags, args, environment).flags).toEqual(values)
  })

  it("leave other words, and everything after --, alone", () => {
    const { positionals, rest } = parse(flags, ["a", "--json", "-", "--", "--url", "--"], {})
    expect({ positionals, rest }).toEqual({ positionals: ["a", "-"], rest: ["--url", "--"] })
    expect(parse(flags, [], {}).rest).toBeUndefined()
  })

  it.each([
    [["--ulr", "a"], {}, "there is no flag --ulr; did you mean --url?"],
    [["--xyzzy"], {}, "there is no flag --xyzzy"],
    [["--constructor"], {}, "there is no flag --constructor"],
    [["-x"], {}, "there is no flag -x"],
    [["--no-url"], {}, "there is no flag --no-url"],
    [["--url"], {}, "--url needs a value: --url URL"],
    [["--url", "--"], {}, "--url needs a value: --url URL"],
    [["--json=yes"], {}, "--json takes no value"],
    [["--size", "smal"], {}, '--size is one of small, large, not "smal"; did you mean small?'],
    [[], { X_SIZE: "1" }, 'X_SIZE is one of small, large, not "1"'],
  ])("%j with %j is refused: %s", (args, environment, message) => {
    expect(() => parse(flags, args, environment)).toThrow(
      expect.objectContaining({ _tag: "UsageError", message }),
    )
  })
})

describe("a whole number", () => {
  it.each([
    [undefined, undefined],
    ["0", 0],
    ["9", 9],
  ])("%j is %j", (text, value) => {
    expect(whole("--n", text, { least: 0, most: 9 })).toBe(value)
  })
  it.each(["", "-1", "10", "1.5", "1e0", " 1", "0x1"])("%j is refused", (text) => {
    expect(() => whole("--n", text, { least: 0, most: 9 })).toThrow("--n is a whole number from 0 to 9")
  })
})

describe("a length of time", () => {
  it.each([
    ["90", 90],
    ["90s", 90],
    ["15m", 900],
    ["1h 30m", 5400],
    ["1h30m", 5400],
    ["2d", 172_800],
    ["1w", 604_800],
  ])("%s is %d seconds", (text, seconds) => {
    expect(Span.parse("--grace", text)).toBe(seconds)
  })
  it.each(["", "m", "1y", "-5m", "1.5h", "5 m", "0x10"])("%j is refused", (text) => {
    expect(() => Span.parse("--grace", text)).toThrow("--grace is a length of time such as 90s, 15m")
  })
  it.each([
    [0, "0s"],
    [999, "0s"],
    [61_000, "1m 1s"],
    [3_600_000, "1h"],
    [90_061_000, "1d 1h"],
    [1_209_600_000, "14d"],
  ])("of %d ms is printed as %s", (milliseconds, text) => {
    expect(Span.print(milliseconds)).toBe(text)
  })
})

describe("the nearest word", () => {
  it.each([
    ["sevre", "serve"],
    ["RUN", "run"],
    ["ru", "run"],
    ["pingg", "ping"],
    ["xyzzy", undefined],
    ["", undefined],
  ])("to %j is %j", (word, near) => {
    expect(nearest(word, ["serve", "run", "ping"])).toBe(near)
  })
})
