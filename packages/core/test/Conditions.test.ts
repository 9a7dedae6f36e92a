import * as Conditions from "@overdue/core/probe/Conditions"
import * as JsonPath from "@overdue/core/probe/JsonPath"
import type { Condition } from "@overdue/core/Probe"
import fc from "fast-check"
import { describe, expect, it } from "vitest"

const headers: Readonly<Record<string, string>> = { "content-type": "application/json" }
const body =
  '{"status": "ok", "count": 3, "groups": {"user": [{"name": "Ada", "tags": ["a", "b c"]}]}, "odd name": true}'
const answer: Conditions.Answer = {
  statusCode: 204,
  body,
  header: (name) => headers[name.toLowerCase()],
  time: 812.5,
  certificateDays: 20,
  domainDays: -2,
}

/** Reads `json groups.user[0].name equal Ada, Bob` as a condition. */
const condition = (text: string): Condition => {
  const [, of, key = "", operator, values = ""] =
    /^(\w+)(?: (.*?))?? (equal|not-equal|contains|not-contains|greater-than|less-than)(?: (.*))?$/.exec(
      text,
    ) ?? []
  return { of, key, operator, values: values === "" ? [] : values.split(", ") } as Condition
}
const failure = (text: string, of: Conditions.Answer = answer) => Conditions.failure([condition(text)], of)

describe("a condition that holds:", () => {
  it.each([
    "status equal 204",
    "status equal 500, 2xx",
    "status equal 200-204",
    "status equal 204-299",
    "status not-equal 5xx, 404",
    "status greater-than 203",
    "status contains 20",
    "time less-than 1000",
    "time greater-than 812",
    "time equal 812.50",
    "certificate greater-than 14",
    "domain less-than 0",
    "header Content-Type contains json",
    "header x-none not-equal a",
    "header x-none not-contains a",
    'body contains "Ada"',
    "body not-contains error",
    "json status equal ok",
    "json status equal bad, ok",
    "json status not-equal bad, worse",
    "json count equal 3.0",
    "json count greater-than 2.5",
    "json count less-than 1, 10",
    "json groups.user[0].name equal Ada",
    'json groups.user[0].tags equal ["a","b c"]',
    "json groups[\"user\"][0]['name'] equal Ada",
    'json ["odd name"] equal true',
    "json odd name equal true",
    "json groups.user.0.name equal Ada",
    "json nothing not-equal x",
    "json nothing.there[3] not-contains x",
    'json  contains "count":3',
    "json status not-equal",
  ])("%s", (text) => {
    expect(failure(text)).toBeUndefined()
  })
})

describe("a condition that does not hold:", () => {
  it.each([
    ["status equal 200", "status is 204"],
    ["status equal 200-203", "status is 204"],
    ["status equal 205-299", "status is 204"],
    ["status equal 20", "status is 204"],
    ["status not-equal 500, 2xx", "status is 204"],
    ["status equal", "status is 204"],
    ["time less-than 500", "time is 812.5 ms"],
    ["time less-than fast", "time is 812.5 ms"],
    ["time greater-than 812.5", "time is 812.5 ms"],
    ["certificate greater-than 30", "certificate has 20 days left"],
    ["domain greater-than 0", "domain has -2 days left"],
    ["header x-none equal a", "header x-none is missing"],
    ["header x-none less-than 1", "header x-none is missing"],
    ["header content-type equal text/html", "header content-type is application/json"],
    ["json status equal OK", "json status is ok"],
    ["json status greater-than 1", "json status is ok"],
    ["json status not-equal bad, ok", "json status is ok"],
    ["json status not-contains x, k", "json status is ok"],
    ["json nothing equal x", "json nothing is missing, or the body is no JSON"],
    ["json nothing contains x", "json nothing is missing, or the body is no JSON"],
    ["json __proto__ contains {", "json __proto__ is missing, or the body is no JSON"],
    ["json groups.user.length equal 1", "json groups.user.length is missing, or the body is no JSON"],
    ["json groups..user contains A", "json groups..user is missing, or the body is no JSON"],
    ["json groups.user[0 contains A", "json groups.user[0 is missing, or the body is no JSON"],
  ])("%s: %s", (text, why) => {
    expect(failure(text)).toBe(`condition 1 failed: ${why}`)
  })

  it("is named by its place, the first of several", () => {
    const conditions = ["status equal 2xx", "time less-than 1", "status equal 5xx"].map(condition)
    expect(Conditions.failure(conditions, answer)).toBe("condition 2 failed: time is 812.5 ms")
    expect(Conditions.failure([], answer)).toBeUndefined()
  })

  it.each(["body", "json a", "header a", "status", "certificate", "domain"])(
    "is about what the answer has, and %s may be absent",
    (subject) => {
      for (const operator of ["equal 1", "contains 1", "greater-than 0", "less-than 9"])
        expect(failure(`${subject} ${operator}`, { time: 1 })).toMatch(/^condition 1 failed: \w/)
      for (const operator of ["not-equal 1", "not-contains 1"])
        expect(failure(`${subject} ${operator}`, { time: 1 })).toBeUndefined()
    },
  )

  it("shows 60 characters of a body, none of which moves the cursor of a terminal", () => {
    const hostile = `\u001b[2J\u202egone\r\nfor ever ${"x".repeat(1_000)}`
    const reason = failure("body contains never", { time: 1, body: hostile })!
    expect(reason).toMatch(/^condition 1 failed: body begins with \[2J gone for ever x+$/)
    expect(reason.length).toBe("condition 1 failed: body begins with ".length + 60)
    expect(failure("body contains never", { time: 1, body: "\n" })).toMatch(/begins with nothing$/)
  })
})

describe("a value of JSON", () => {
  it("is what JSON.parse has at the path, for any text", () => {
    const name = fc.constantFrom("a", "b", "", "x y", "\\", '"', "é", "__proto__", "0")
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom(null, true, false, 0, -1.5, 1e21, "", "s", 'q"\\\n', "\u2028"),
        fc.array(tie("value"), { maxLength: 3 }),
        fc
          .array(fc.tuple(name, tie("value")), { maxLength: 3 })
          .map((pairs) => new Map(pairs as [string, unknown][])),
      ),
    }))
    const written = (given: unknown, space: string): string => {
      if (given instanceof Map)
        return `{${space}${[...given].map(([key, item]) => `${JSON.stringify(key)}${space}:${written(item, space)}`).join(`,${space}`)}}`
      if (Array.isArray(given)) return `[${given.map((item) => written(item, space) + space).join()}]`
      return JSON.stringify(given)
    }
    const path = fc.array(fc.oneof(fc.nat(2), fc.constantFrom("a", "b", "", "x y", "0", "é", "__proto__")), {
      maxLength: 4,
    })
    fc.assert(
      fc.property(value, path, fc.constantFrom("", " ", "\n\t\r"), (given, steps, space) => {
        const text = space + written(given, space)
        const key = steps.map((step) => (typeof step === "number" ? `[${step}]` : `["${step}"]`)).join("")
        let expected: unknown = JSON.parse(text)
        for (const step of steps) {
          const isThere =
            typeof expected === "object" &&
            expected !== null &&
            String(step) !== "length" &&
            Object.hasOwn(expected, step)
          expected = isThere ? (expected as Record<string, unknown>)[step] : undefined
        }
        const selected = JsonPath.select(text, key)
        const shown =
          typeof expected === "string"
            ? expected
            : expected === undefined
              ? undefined
              : written(JSON.parse(text) && expected instanceof Object ? expected : expected, "")
        if (expected !== null && typeof expected === "object")
          expect(JSON.parse(selected!.text)).toEqual(expected)
        else expect(selected?.text).toBe(shown)
        expect(selected?.isString ?? false).toBe(typeof expected === "string")
      }),
      { numRuns: 5_000 },
    )
  })

  it("is none in a text that is no JSON, as JSON.parse says", () => {
    const piece = fc.constantFrom(
      "{",
      "}",
      "[",
      "]",
      ",",
      ":",
      '"a"',
      '"',
      "1",
      "-",
      ".",
      "e",
      "0",
      "true",
      "null",
      " ",
      "\\u00",
      "\\n",
      "\u0000",
      "nul",
    )
    const text = fc.array(piece, { maxLength: 9 }).map((pieces) => pieces.join(""))
    const isJson = (given: string) => {
      try {
        JSON.parse(given)
        return true
      } catch {
        return false
      }
    }
    fc.assert(
      fc.property(text, (given) => {
        expect([given, JsonPath.select(given, "") !== undefined]).toEqual([given, isJson(given)])
      }),
      { numRuns: 20_000 },
    )
  })

  it("is of the last member of a name, as with JSON.parse", () => {
    expect(JsonPath.select('{"a":1,"a":2}', "a")?.text).toBe("2")
    expect(JsonPath.select('{"a":{"b":1},"a":2}', "a.b")).toBeUndefined()
    expect(JsonPath.select('{"a":2,"a":{"b":1}}', "a.b")?.text).toBe("1")
  })

  it("keeps the digits of a number that is too large for JavaScript", () => {
    const large = { time: 1, body: '{"id": 12345678901234567890, "huge": 1e999}' }
    expect(failure("json id equal 12345678901234567890", large)).toBeUndefined()
    expect(failure("json huge greater-than 1", large)).toBe("condition 1 failed: json huge is 1e999")
  })

  const size = 1_048_576
  it.each([
    ["arrays in arrays", "[".repeat(size / 2) + "]".repeat(size / 2)],
    ["open arrays", "[".repeat(size)],
    [
      "small objects",
      `[${Array.from({ length: 80_000 }, (_, index) => `{"${index.toString(36)}":1}`).join()}]`,
    ],
    ["many names", `{${Array.from({ length: 90_000 }, (_, index) => `"${index.toString(36)}":1`).join()}}`],
    ["one string", `"${"a".repeat(size - 2)}"`],
    ["escapes", `{"${"\\\\".repeat(size / 2 - 8)}":1}`],
    ["digits", "1".repeat(size)],
    ["white space", " ".repeat(size)],
  ])("is looked for in a megabyte of %s within some milliseconds", (_what, text) => {
    const times = Array.from({ length: 5 }, () => {
      const startedAt = performance.now()
      failure("json a.b[0] equal 1", { time: 1, body: text })
      failure("json  equal 1", { time: 1, body: text })
      return performance.now() - startedAt
    })
    // Twice read, on a machine that may be busy: JSON.parse alone takes some hundred for the worst.
    expect(Math.min(...times)).toBeLessThan(150)
  })
})
