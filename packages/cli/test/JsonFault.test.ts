/** What is said of a text that is not JSON: where, and what was expected there. */
import * as JsonFault from "@overdue/cli/JsonFault"
import fc from "fast-check"
import { describe, expect, it } from "vitest"

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

describe("a text that is not JSON", () => {
  it.each([
    ['{"url": "https://example.org", every: 5}', "from character 32 on: expected a name in double quotes"],
    ["{'url': 'x'}", "from character 2 on: expected a name in double quotes, or }"],
    ['{"url": "x", "every": 60', "where it ends: expected a comma, or }"],
    ['{"url": "x",}', "from character 13 on: expected a name in double quotes"],
    ['{"ü": "x" "every": 60}', "from character 11 on: expected a comma, or }"],
    ['{"url" "x"}', "from character 8 on: expected a colon"],
    ['{"every": 05}', "from character 11 on: expected a value, texts in double quotes"],
    ['{"every": 5s}', "from character 11 on: expected a value, texts in double quotes"],
    ['["a', "from character 2 on: expected a value, texts in double quotes, or ]"],
    ["[1}", "from character 3 on: expected a comma, or ]"],
    ["{} x", "from character 4 on: expected nothing more"],
    ["{", "where it ends: expected a name in double quotes, or }"],
  ])("%s is said to be wrong where it is", (text, expected) => {
    expect([isJson(text), JsonFault.sentence(text)]).toEqual([false, `is not JSON ${expected}`])
  })

  it("is none from where it is said to be, and may be one up to there", () => {
    const broken = fc
      .tuple(
        fc.json().filter((text) => JsonFault.isMeant(text)),
        fc.nat(),
        fc.constantFrom("", ",", "x", "'", "}", "]", "\n"),
      )
      .map(([text, at, by]) => {
        const place = at % text.length
        return text.slice(0, place) + by + text.slice(place + 1)
      })
      .filter((text) => JsonFault.isMeant(text) && !isJson(text))
    fc.assert(
      fc.property(broken, (text) => {
        const [, at] = /from character (\d+)/.exec(JsonFault.sentence(text)) ?? []
        if (at === undefined) return
        const rest = text.slice(Number(at) - 1)
        expect(rest.trim()).not.toBe("")
        // Whatever comes after it, the text up to it stays as good as it was.
        expect(JsonFault.sentence(text.slice(0, Number(at) - 1))).toContain("where it ends")
      }),
    )
  })
})
