import * as Interval from "@overdue/core/schedule/Interval"
import * as Zone from "@overdue/core/Zone"
import * as Result from "effect/Result"
import { describe, expect, it } from "vitest"

const berlin = Result.getOrThrow(Zone.make("Europe/Berlin"))
const parse = (text: string, zone = berlin): Interval.Interval =>
  Result.getOrThrow(Interval.parse(text, zone))
const at = (instant: string): number => Date.parse(instant)
const nextOf = (text: string, after: string): string => {
  const next = Interval.next(parse(text), at(after))
  return next === undefined ? "never" : new Date(next).toISOString()
}

describe("an interval", () => {
  const fortnightly = "every 2 weeks from 2026-01-05 09:00"

  it.each([
    ["at its date", "2025-06-01T00:00:00Z", "2026-01-05T08:00:00.000Z"],
    ["at its date, when that is a millisecond away", "2026-01-05T07:59:59.999Z", "2026-01-05T08:00:00.000Z"],
    ["two weeks later", "2026-01-05T08:00:00Z", "2026-01-19T08:00:00.000Z"],
    ["at the same time of day in summer", "2026-03-20T00:00:00Z", "2026-03-30T07:00:00.000Z"],
  ])("is due %s", (_, after, slot) => {
    expect(nextOf(fortnightly, after)).toBe(slot)
  })

  it("is due when a clock change that skips it is over, and once when the clock shows it twice", () => {
    expect(nextOf("every day from 2026-01-01 02:30", "2026-03-28T12:00:00Z")).toBe("2026-03-29T01:00:00.000Z")
    expect(nextOf("every day from 2026-01-01 02:30", "2026-10-24T12:00:00Z")).toBe("2026-10-25T00:30:00.000Z")
    expect(nextOf("every day from 2026-01-01 02:30", "2026-10-25T00:30:00Z")).toBe("2026-10-26T01:30:00.000Z")
  })

  it("has no slot where instants end", () => {
    expect(Interval.next(parse(fortnightly), 8.64e15)).toBeUndefined()
    expect(Interval.next(parse(fortnightly), NaN)).toBeUndefined()
  })

  it.each([
    ["every week from 2026-01-05", "every week from 2026-01-05 00:00"],
    [" Every  1 Weeks\tFROM 2026-01-05T09:05 ", "every week from 2026-01-05 09:05"],
    ["every 14 days from 2024-02-29 23:59:30", "every 2 weeks from 2024-02-29 23:59:30"],
    ["every 10 days from 2026-01-05", "every 10 days from 2026-01-05 00:00"],
    ["every 3647 days from 2026-01-05", "every 3647 days from 2026-01-05 00:00"],
  ])("%j reads as %j", (text, printed) => {
    expect(Interval.print(parse(text))).toBe(printed)
    expect(Interval.print(parse(printed))).toBe(printed)
  })

  it.each([
    ["every 2 weeks from 2026-02-30", "date", "2026-02-30"],
    ["every 2 weeks from 2026-13-01", "date", "2026-13-01"],
    ["every 2 weeks from 1969-12-31", "date", "1969-12-31"],
    ["every 2 weeks from 2200-01-01", "date", "2200-01-01"],
    ["every 2 weeks from 2026-02-28 24:00", "time", "24:00"],
    ["every 0 weeks from 2026-02-28", "interval", "0"],
    ["every 521 weeks from 2026-02-28", "interval", "521"],
    ["every 3651 days from 2026-02-28", "interval", "3651"],
    ["every 2 weeks from Monday", "expression", "every 2 weeks from Monday"],
    ["every 2 months from 2026-02-28", "expression", "every 2 months from 2026-02-28"],
  ])("%j is refused for its %s", (text, field, part) => {
    const { failure } = Interval.parse(text, berlin) as { failure: { offset: number } }
    expect(failure).toMatchObject({ field, part, offset: text.indexOf(part) })
  })

  it("says in English what it is", () => {
    expect(Interval.explain(parse(fortnightly))).toBe(
      "every 2 weeks on Monday at 09:00, Europe/Berlin, from 2026-01-05; " +
        "when the clock jumps over it, due as soon as the jump is over",
    )
    expect(Interval.explain(parse("every 10 days from 2026-01-05", Zone.utc))).toBe(
      "every 10 days at 00:00, UTC, from 2026-01-05",
    )
  })

  it("warns of a clock change on one of its days, and of no other", () => {
    const warned = parse("every 2 weeks from 2026-03-15 02:30")
    expect(Interval.warnings(warned, at("2026-01-01T00:00:00Z")).map(({ message }) => message)).toEqual([
      "The clock in Europe/Berlin jumps from 02:00 to 03:00 on 2026-03-29, over 02:30: " +
        "it is due at 03:00, when the jump is over",
      "The clock in Europe/Berlin goes back from 03:00 to 02:00 on 2026-10-25 and shows 02:30 twice: " +
        "it is due the first time only",
    ])
    expect(
      Interval.warnings(parse("every 2 weeks from 2026-03-22 02:30"), at("2026-01-01T00:00:00Z")),
    ).toEqual([])
  })
})
