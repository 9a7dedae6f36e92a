/** Words that a script forgot to fill in. */
import { describe, expect, it } from "vitest"
import * as Arguments from "@overdue/cli/Arguments"

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
