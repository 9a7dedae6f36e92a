/** The field `probe`: what is read, shown and refused. */
import type * as Check from "@overdue/core/Check"
import * as CheckDocument from "@overdue/core/document/CheckDocument"
import * as CheckFields from "@overdue/core/document/CheckFields"
import * as ProbeField from "@overdue/core/document/ProbeField"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import * as ArbitraryProbe from "../../../../test/kit/ArbitraryProbe.ts"

const decode = Schema.decodeUnknownResult(ProbeField.field.schema)
const plan = CheckDocument.planner(CheckFields.fields)

const made = (values: CheckDocument.Values, existing?: Check.Plan) => plan(values, { existing, channels: [] })

const probeOf = (given: unknown, existing?: Check.Plan) =>
  Result.getOrThrow(made({ probe: Result.getOrThrow(decode(given)) }, existing)).policy.probe

const refusalOf = (given: unknown): string => {
  const decoded = decode(given)
  return Result.isFailure(decoded) ? String(decoded.failure) : "taken"
}

describe("a probe", () => {
  it("is read as it was shown, and shown as it was read", () => {
    fc.assert(
      fc.property(ArbitraryProbe.any, (given) => {
        const probe = probeOf(given)!
        const shown = ProbeField.show(probe)
        expect(probeOf(shown)).toEqual(probe)
        expect(ProbeField.show(probeOf(shown)!)).toEqual(shown)
      }),
    )
  })

  it("is a URL alone, and null takes it away", () => {
    const probe = probeOf("https://example.org")!
    expect(ProbeField.show(probe)).toEqual({ url: "https://example.org", every: 60 })
    const existing = Result.getOrThrow(made({ probe: { url: "https://example.org" } }))
    expect(existing.policy.schedule.kind).toBe("never")
    expect(probeOf(null, existing)).toBeUndefined()
    expect(Result.getOrThrow(made({ probe: null }, existing)).policy.schedule.kind).not.toBe("never")
  })

  it.each([
    [1, "is not a URL, an object with a url, or null"],
    [[], "is not a URL, an object with a url, or null"],
    [{}, "url"],
    ["nonsense", "whose scheme is one of"],
    [{ url: "https://example.org", evry: 60 }, "is unknown: a probe has url, every"],
    [{ url: "https://example.org", every: 9 }, "every"],
    [{ url: "https://example.org", every: 86_401 }, "every"],
    [{ url: "https://example.org", every: "60" }, "every"],
    [{ url: "https://example.org", grace: -1 }, "grace"],
    [{ url: "https://example.org", method: "get" }, "method"],
    [{ url: "https://example.org", headers: { A: "b\r\nC: d" } }, "without line breaks"],
    [{ url: "https://example.org", headers: { "A B": "c" } }, "names of letters and digits"],
    [{ url: "https://example.org", headers: { A: "x".repeat(8_192) } }, "8192 characters in all"],
    [{ url: "https://example.org", body: "x".repeat(16_385) }, "body"],
    [{ url: "https://example.org", regions: ["a", "a"] }, "different labels"],
    [{ url: "ping://example.org", body: "x" }, "nothing is sent to such a target"],
    [
      { url: "tcp://a.example:1", conditions: [{ of: "status", operator: "equal", values: ["200"] }] },
      "status",
    ],
    [{ url: "https://example.org", conditions: [{ of: "json", operator: "equal", values: ["1"] }] }, "a key"],
    [{ url: "https://example.org", remind: { domain: [366] } }, "remind"],
    [{ url: "udp://example.org:53", remind: { domain: [] } }, "none of a domain"],
  ])("%j is refused with a sentence", (given, expected) => {
    expect(refusalOf(given)).toContain(expected)
  })

  it("is asked as often as those say who know only a timeout, within its bounds", () => {
    const existing = Result.getOrThrow(made({ probe: { url: "https://example.org" } }))
    const timed = (timeout: number) => made({ timeout }, existing)
    expect(Result.getOrThrow(timed(3600)).policy.probe?.every).toBe(3_600_000)
    expect(Result.getOrThrow(timed(60)).policy).toBe(existing.policy)
    expect(timed(86_401)).toMatchObject({ failure: expect.stringContaining("has a probe") })
    expect(made({ schedule: "0 3 * * *" }, existing)).toMatchObject({
      failure: expect.stringContaining("schedule is not as expected: none, because the check has a probe"),
    })
  })
})
