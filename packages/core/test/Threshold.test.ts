import * as Probe from "@overdue/core/Probe"
import * as ProbeRefusal from "@overdue/core/probe/ProbeRefusal"
import * as Threshold from "@overdue/core/probe/Threshold"
import { hour, minute, second } from "@overdue/core/Time"
import * as Result from "effect/Result"
import fc from "fast-check"
import { describe, expect, it } from "vitest"

const server = "0f55a1c2-7d31-4c8e-9a55-3b1c2d4e5f60"
const parsed = (text: string): Probe.Probe => Result.getOrThrow(Threshold.parse(text))
const says = (text: string, value: number) =>
  Threshold.result(parsed(`${text} on ${server}`), { series: "s", at: 0, value })

describe("a threshold as text", () => {
  it("is a probe that nobody asks, with what must hold while it is not passed", () => {
    expect(parsed(`cpu > 90 for 5m on ${server}`)).toEqual(
      Probe.make({
        url: `metric://${server}/cpu-total-usage`,
        grace: 5 * minute,
        conditions: [{ of: "value", key: "", operator: "at-most", values: ["90"] }],
      }),
    )
    expect(ProbeRefusal.of(parsed(`cpu > 90 for 5m on ${server}`))).toBeUndefined()
  })

  it.each([
    ["cpu > 90", "cpu-total-usage"],
    ["Memory>=90.5", "memory-usage"],
    ["swap > 0", "swap-usage"],
    ["load1 > 4", "system-load-unified load1"],
    ["load5 > 4", "system-load-unified load5"],
    ["load15 > 4", "system-load-unified load15"],
    ["disk / > 95", "disk-usage-unified / percent"],
    ["disk /mnt/a > b > 95", "disk-usage-unified /mnt/a > b percent"],
    ["disk C:\\ > 95", "disk-usage-unified C:\\ percent"],
  ])("names what is measured: %s", (text, series) => {
    expect(Threshold.isMeant(text)).toBe(true)
    expect(Threshold.watched(parsed(`${text} on ${server.toUpperCase()}`))).toEqual({ server, series })
  })

  it("is passed by what is beyond the number, and not by the number itself unless it says so", () => {
    const oks = (text: string) => [89.9, 90, 90.1].map((value) => says(text, value).ok)
    expect(oks("cpu > 90")).toEqual([true, true, false])
    expect(oks("cpu >= 90")).toEqual([true, false, false])
    expect(oks("cpu < 90")).toEqual([false, true, true])
    expect(oks("cpu <= 90")).toEqual([false, false, true])
    expect(says("swap > 0", 0).ok).toBe(true)
  })

  it("says what was measured, and why that fails", () => {
    expect(says("cpu > 90", 93.1)).toMatchObject({ reason: "s is 93.1", value: 93.1, ok: false })
    expect(says("cpu > 90", 5)).toEqual({ region: "", ok: true, value: 5, timings: { whole: 0 } })
  })

  it.each([
    [`cpu > 90`, "the id of a server"],
    [`cpu > 90 on web-1`, "the id of a server"],
    [`cpu = 90 on ${server}`, "one of > >= < <="],
    [`cpu > much on ${server}`, "a number"],
    [`heat > 90 on ${server}`, "one of cpu, memory, swap, load1, load5, load15, or disk with a path"],
    [`disk > 90 on ${server}`, "disk with a path"],
    [`cpu > 90 for long on ${server}`, "a length of time such as 90s, 5m or 1h 30m"],
    [`cpu > 90 for 99999h on ${server}`, "a length of time"],
  ])("is refused with what was expected, and an example: %s", (text, expected) => {
    const refused = Threshold.parse(text)
    expect(Result.isFailure(refused) && refused.failure).toContain(expected)
    expect(Result.isFailure(refused) && refused.failure).toContain(`as in cpu > 90 for 5m on ${server}`)
  })

  it("is none when it is a URL", () => {
    for (const url of ["https://example.org/?a=<b>", "tcp://cpu:80", `metric://${server}/cpu-total-usage`])
      expect(Threshold.isMeant(url)).toBe(false)
  })

  const metrics = fc.oneof(
    fc.constantFrom("cpu", "memory", "swap", "load1", "load5", "load15"),
    fc
      .string({ unit: "grapheme", minLength: 1, maxLength: 20 })
      .filter((path) => path.trim() === path && !/[\u0000-\u001f\u007f\u2028\u2029]/.test(path))
      .map((path) => `disk ${path}`),
  )

  it("parse ∘ print is identity, whatever it says", () => {
    fc.assert(
      fc.property(
        metrics,
        fc.constantFrom(">", ">=", "<", "<="),
        fc.integer({ min: 0, max: 10 ** 9 }),
        fc.integer({ min: 0, max: 8_000 * 3_600 }),
        (metric, sign, thousandths, seconds) => {
          const text = `${metric} ${sign} ${thousandths / 1_000}${seconds === 0 ? "" : ` for ${seconds}s`} on ${server}`
          const probe = parsed(text)
          const printed = Threshold.print(probe)
          expect(parsed(printed!)).toEqual(probe)
          expect(probe.grace).toBe(seconds * second)
        },
      ),
    )
    expect(Threshold.print(parsed(`disk /home >= 95.50 for 90m on ${server}`))).toBe(
      `disk /home >= 95.5 for 1h 30m on ${server}`,
    )
  })

  it("does not exist of a probe that it would not say all of", () => {
    const probe = parsed(`cpu > 90 on ${server}`)
    const [condition] = probe.conditions
    for (const more of [
      { recovery: hour },
      { grace: 500 },
      { every: hour },
      { conditions: [] },
      { conditions: [condition!, condition!] },
      { conditions: [{ ...condition!, values: ["90", "91"] }] },
      { conditions: [{ ...condition!, operator: "not-equal" as const }] },
      { url: "https://example.org" },
      { url: `metric://${server}/network-usage-unified%20eth0%20rx` },
    ])
      expect(Threshold.print({ ...probe, ...more })).toBeUndefined()
  })
})

describe("a threshold as a URL", () => {
  const refusal = (url: string, more: Partial<Probe.Probe> = {}) =>
    ProbeRefusal.of({ ...parsed(`cpu > 90 on ${server}`), url, ...more })?.part

  it("names a server and a series", () => {
    expect(refusal(`METRIC://${server}/a%20b/c`)).toBeUndefined()
    expect(Threshold.serverOf({ probe: Probe.make({ url: `METRIC://${server.toUpperCase()}/a` }) })).toBe(
      server,
    )
    for (const url of ["web-1/cpu", server, `${server}/`, `${server}/a?b`, `${server}/%00`, `${server}/%`])
      expect(refusal(`metric://${url}`)).toBe("url")
  })

  it("has a condition about the value, and nothing that only somebody who asks could use", () => {
    const url = `metric://${server}/cpu-total-usage`
    expect(refusal(url, { conditions: [] })).toBe("conditions")
    expect(refusal(url, { regions: ["eu"] })).toBe("regions")
    expect(refusal(url, { remind: { domain: [3] } })).toBe("remind")
    expect(refusal(url, { body: "x" })).toBe("body")
    const time = { of: "time", key: "", operator: "less-than", values: ["9"] } as const
    expect(refusal(url, { conditions: [time] })).toBe("conditions")
    expect(refusal("https://example.org")).toBe("conditions")
  })
})
