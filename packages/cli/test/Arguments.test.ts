/** Words that a script forgot to fill in. */
import { describe, expect, it } from "vitest"
import * as Arguments from "@overdue/cli/Arguments"

describe("a command that takes flags only", () => {
  const flags = { name: { kind: "text", value: "NAME", help: "a name" } } as const

  it("has their values", () => {
    expect(Arguments.flagsAlone(flags, ["--name", "backup"], {})).toEqual({ name: "backup" })
  })

  it.each([[["extra"]], [["--", "extra"]], [["--name", "backup", "--", "--extra"]]])(
    "refuses everything else: %j",
    (args) => {
      expect(() => Arguments.flagsAlone(flags, args, {})).toThrow("this command takes flags only")
    },
  )
})

describe("an empty word", () => {
  it.each(["", " ", "\t"])("names nothing: %j", (word) => {
    expect(() => Arguments.one([word], Arguments.check)).toThrow("the name of a check is empty")
    expect(() => Arguments.several(["backup", word], Arguments.key)).toThrow("the name of a key is empty")
  })

  it("is told from none, and from a name", () => {
    expect(() => Arguments.several([], Arguments.channel)).toThrow("name at least one channel")
    expect(Arguments.one(["backup"], Arguments.check)).toBe("backup")
  })
})
