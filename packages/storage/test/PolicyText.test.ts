import { defaultPolicy, healthchecksPolicy, type Policy } from "@overdue/core/Check"
import * as Every from "@overdue/core/schedule/Every"
import * as PolicyText from "@overdue/storage/PolicyText"
import { describe, expect, it } from "vitest"

/** What every text has meant so far that says nothing else, whatever new checks have by default. */
const spare: Policy = { ...healthchecksPolicy, runs: "every" }

const period = (n: number): string =>
  PolicyText.encode({ ...defaultPolicy, schedule: Every.make(1_000_000 + n) })

describe("the text of a policy", () => {
  it("leaves out what texts leave out since the first of them", () => {
    expect(PolicyText.encode(spare)).toBe('{"schedule":{"kind":"every","period":86400000},"grace":3600000}')
    expect(PolicyText.encode({ ...healthchecksPolicy, methods: ["POST"] })).toBe(
      '{"schedule":{"kind":"every","period":86400000},"grace":3600000,"runs":"latest","methods":["POST"]}',
    )
  })

  it("means by what it leaves out what the first texts meant, whatever the defaults of new checks are", () => {
    expect(PolicyText.decode('{"schedule":{"kind":"every","period":86400000},"grace":3600000}')).toEqual(
      spare,
    )
    expect(PolicyText.decode(PolicyText.encode(defaultPolicy))).toEqual(defaultPolicy)
  })

  it("gives the same object again, until enough others were asked for", () => {
    const policy = PolicyText.decode(period(0))
    expect(PolicyText.decode(period(0))).toBe(policy)
    for (let n = 1; n <= 5000; n++) PolicyText.decode(period(n))
    expect(PolicyText.decode(period(0))).not.toBe(policy)
    expect(PolicyText.decode(period(0))).toEqual(policy)
  })

  it("is not written with a value or a field that could not be read back", () => {
    const unknown = { ...defaultPolicy, colour: "red" }
    expect(() => PolicyText.encode(unknown)).toThrow("colour")
    expect(() => PolicyText.encode({ ...defaultPolicy, grace: 0.5 })).toThrow("grace")
    expect(() => PolicyText.encode({ ...defaultPolicy, quiet: [{ from: 1, to: Number.NaN }] })).toThrow(
      "quiet",
    )
  })

  it("that is none is refused", () => {
    const texts = [
      "",
      "null",
      "{}",
      '{"schedule":{"kind":"hourly"},"grace":1}',
      '{"schedule":{"kind":"every","period":0},"grace":1}',
      '{"schedule":{"kind":"cron","expression":"* * *","zone":"UTC"},"grace":1}',
      '{"schedule":{"kind":"cron","expression":5,"zone":"UTC"},"grace":1}',
      '{"schedule":{"kind":"every","period":1},"grace":1,"runs":"all"}',
      // Beyond what a date can be once it is added to one.
      '{"schedule":{"kind":"every","period":9000000000000000},"grace":1}',
      '{"schedule":{"kind":"every","period":1},"grace":9000000000000000}',
      '{"schedule":{"kind":"every","period":1},"grace":-1}',
      '{"schedule":{"kind":"every","period":1},"grace":1,"quiet":[{"from":0,"to":9000000000000000}]}',
      '{"schedule":{"kind":"every","period":1},"grace":1,"alert":{"failures":0,"outOf":1,"recoveries":1}}',
    ]
    for (const text of texts)
      expect(() => PolicyText.decode(text), text).toThrow(/^column policy(?:, field [a-zA-Z.0-9]+)?: /)
  })
})
