/** The flags for the fields of a check: what they refuse, and that each can be unset. */
import * as PolicyFlags from "@overdue/cli/PolicyFlags"
import * as Written from "@overdue/cli/Written"
import { fields } from "@overdue/cli/WrittenFields"
import * as Check from "@overdue/core/Check"
import * as CheckDocument from "@overdue/core/document/CheckDocument"
import * as CheckFields from "@overdue/core/document/CheckFields"
import type { Json } from "@overdue/core/document/Field"
import * as Channel from "@overdue/core/Channel"
import * as Result from "effect/Result"
import { describe, expect, it } from "vitest"

describe("the flags for the fields of a check", () => {
  it.each([
    { timeout: "5m", schedule: "never" },
    { timeout: "5m", set: ["schedule=0 3 * * *"] },
  ])("refuse two ways to say when signals are expected: %j", (given) => {
    expect(() => PolicyFlags.read(given)).toThrow("timeout and schedule both say when signals are expected")
  })

  it("refuse what a quiet window does not have", () => {
    const quiet = '[{"schedule": "0 22 * * *", "duration": "8h", "zone": "America/New_York"}]'
    expect(() => PolicyFlags.read({ quiet })).toThrow(
      "--quiet[0].zone is unknown: a window with schedule has",
    )
  })

  it("take counts as JSON, too, and say where a list of windows stops being JSON", () => {
    expect(PolicyFlags.read({ alert: '{"failures": 2}' })).toEqual({
      alert: { failures: 2, out_of: 2, recoveries: 1 },
    })
    expect(() => PolicyFlags.read({ quiet: '[{"every": 5s}]' })).toThrow(
      /^--quiet is not JSON from character 12 on: expected a value, texts in double quotes$/,
    )
  })

  it.each(["", "none"])("say what to write in place of the schedule %j", (schedule) => {
    expect(() => PolicyFlags.read({ schedule })).toThrow("give --timeout SPAN")
  })

  it.each([
    ["grace", ""],
    ["grace", "none"],
    ["timeout", ""],
    ["early", "never"],
  ])("refuse --%s %j, which could be a mistake as well as a wish", (flag, value) => {
    expect(() => PolicyFlags.read({ [flag]: value })).toThrow("is a length of time such as 90s")
  })
})

describe("the flag for a probe", () => {
  const server = "0f55a1c2-7d31-4c8e-9a55-3b1c2d4e5f60"

  it("takes the text of a threshold, and shows it as that again", () => {
    const text = `disk /home > 95 for 1h 30m on ${server}`
    const { probe } = PolicyFlags.read({ probe: text })
    expect(probe).toEqual({
      url: `metric://${server}/disk-usage-unified%20%2Fhome%20percent`,
      every: 60,
      grace: 5400,
      conditions: [{ of: "value", operator: "at-most", values: ["95"] }],
    })
    const form = fields.get("probe")!.form
    expect(Written.write(form, probe as Json)).toBe(text)
    const other = { url: `metric://${server}/network-usage-unified%20eth0%20rx`, every: 60, conditions: [] }
    expect(Written.write(form, other)).toEqual({ ...other, every: "1m" })
  })

  it("says where JSON stops being it, and repeats nothing that may be a secret", () => {
    const told = (probe: string): string => {
      try {
        return JSON.stringify(PolicyFlags.read({ probe }))
      } catch (error) {
        return (error as Error).message // safe because the flags refuse by errors alone
      }
    }
    expect(told('{"url": "https://ann:secret@example.org", every: 5}')).toBe(
      "--probe is not JSON from character 43 on: expected a name in double quotes",
    )
    expect(told('{"url": "https://ann:secret@example.org", "every": "1x"}')).toBe(
      '--probe has every that is a length of time such as 90s, 15m, 2h or 1d, not "1x"',
    )
    expect(told('{"url": "https://example.org", "every": 5}')).toBe(
      "--probe.every is too small: at least 10 seconds, not 5",
    )
  })

  it("says what a threshold should have been, with an example", () => {
    expect(() => PolicyFlags.read({ probe: "heat > 9 on x" })).toThrow(
      "--probe is a metric, one of > >= < <=, a number, for how long if not at once, and the id of a server, as in cpu > 90",
    )
  })
})

describe("a field that was set by its flag", () => {
  const channel = Channel.make({
    id: "c",
    project: "",
    name: "ops",
    kind: "webhook",
    value: {},
    createdAt: 0,
  })
  const plan = CheckDocument.planner(CheckFields.fields)
  const fresh: Check.Plan = { details: Check.noDetails, policy: Check.defaultPolicy }
  const apply = (existing: Check.Plan, given: Parameters<typeof PolicyFlags.read>[0]): Check.Plan =>
    Result.getOrThrow(
      plan({ ...PolicyFlags.read(given) }, { existing, defaults: "own", channels: [channel] }),
    )
  const shown = (plan: Check.Plan) => {
    const check = Check.make({ id: "", project: "", badgeKey: "", createdAt: 0, ...plan })
    return CheckDocument.shower(CheckFields.fields)({ check, now: 0, blind: [], root: undefined, api: "" })
  }

  /** What unsets a field of a form: every word that may. */
  const words: Readonly<Record<string, readonly (string | boolean)[]>> = {
    text: [""],
    words: [""],
    span: ["default"],
    counts: ["default", "none", "null", ""],
    windows: ["default", "none", "null", "[]", ""],
    probe: ["default", "none", "null", ""],
  }
  const special: Readonly<Record<string, readonly string[]>> = {
    remind_every: ["never", "none", "null", "", "default"],
    min_runtime: ["never", "none", "null", "", "default"],
    max_runtime: ["none", "null", "", "default"],
    tz: ["", "default", "UTC"],
  }

  interface Case {
    readonly name: string
    readonly set: Readonly<Record<string, string | boolean>>
    readonly unset: Readonly<Record<string, string | boolean>>
  }
  const cases = [...fields.values()].flatMap((field): readonly Case[] => {
    const { name, form, usual } = field
    const example = CheckFields.fields[name as keyof typeof CheckFields.fields].example as Json
    const written = Written.write(form, example)
    const text = typeof written === "string" ? written : JSON.stringify(written)
    const flag = name.replaceAll("_", "-")
    if (form.is === "flag") {
      return [{ name, set: { [flag]: usual !== true }, unset: { [flag]: usual === true } }]
    }
    if (form.is === "choice") {
      const other = form.of.find((word) => word !== usual)!
      return [{ name, set: { [flag]: other }, unset: { [flag]: usual as string } }]
    }
    const set = { [flag]: form.is === "counts" ? "failures=2,out_of=3" : text }
    if (name === "schedule") return [{ name, set, unset: { timeout: "default" } }]
    // Without its probe, a check expects nothing until somebody says what.
    const others = name === "probe" ? { timeout: "default" } : {}
    return (special[name] ?? words[form.is]!).map((word) => ({
      name,
      set,
      unset: { [flag]: word, ...others },
    }))
  })

  it.each(cases)("$name is as before once it is unset by $unset", ({ name, set, unset }) => {
    // A zone is that of a schedule.
    const before = name === "tz" ? apply(fresh, { schedule: "0 3 * * *" }) : fresh
    const after = apply(before, set)
    expect(shown(after)).not.toEqual(shown(before))
    const restored = apply(after, unset)
    expect(shown(restored)).toEqual(shown(before))
  })

  it("is one of every field of the table", () => {
    expect(new Set(cases.map(({ name }) => name))).toEqual(new Set(fields.keys()))
  })
})
