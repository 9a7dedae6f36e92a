import * as Calendar from "@overdue/core/Calendar"
import * as Zone from "@overdue/core/Zone"
import * as Result from "effect/Result"
import { describe, expect, it } from "vitest"

const zone = (name: string): Zone.Zone => Result.getOrThrow(Zone.make(name))
const cut = (unit: Calendar.Unit, name: string, from: string, to: string): readonly string[] =>
  Array.from(Calendar.cut({ from: Date.parse(from), to: Date.parse(to) }, unit, zone(name)), (part) =>
    new Date(part.from).toISOString().slice(0, 16),
  )

describe("a window cut by the calendar", () => {
  it("begins and ends where it does, with whole units between", () => {
    const parts = [...Calendar.cut({ from: 5, to: 3 * 86_400_000 - 7 }, "day", Zone.utc)]
    expect(parts).toEqual([
      { from: 5, to: 86_400_000 },
      { from: 86_400_000, to: 172_800_000 },
      { from: 172_800_000, to: 259_199_993 },
    ])
    expect([...Calendar.cut({ from: 5, to: 5 }, "day", Zone.utc)]).toEqual([])
  })

  it("has days of a zone, of 23 and of 25 hours too", () => {
    expect(cut("day", "Europe/Riga", "2026-03-27T22:00Z", "2026-03-31T00:00Z")).toEqual([
      "2026-03-27T22:00",
      "2026-03-28T22:00",
      "2026-03-29T21:00",
      "2026-03-30T21:00",
    ])
    expect(cut("day", "Europe/Riga", "2026-10-24T21:00Z", "2026-10-26T22:01Z")).toEqual([
      "2026-10-24T21:00",
      "2026-10-25T22:00",
      "2026-10-26T22:00",
    ])
  })

  it("leaves out a day that a zone skipped", () => {
    expect(cut("day", "Pacific/Apia", "2011-12-29T10:00Z", "2012-01-01T10:00Z")).toEqual([
      "2011-12-29T10:00",
      "2011-12-30T10:00",
      "2011-12-31T10:00",
    ])
  })

  it("begins a day with the end of the gap at its midnight", () => {
    expect(cut("day", "Africa/Cairo", "2026-04-23T12:00Z", "2026-04-24T22:00Z")).toEqual([
      "2026-04-23T12:00",
      "2026-04-23T22:00",
      "2026-04-24T21:00",
    ])
  })

  it("has weeks that begin on Monday, and months", () => {
    expect(cut("week", "UTC", "2026-03-01T12:00Z", "2026-03-10T00:00Z")).toEqual([
      "2026-03-01T12:00",
      "2026-03-02T00:00",
      "2026-03-09T00:00",
    ])
    expect(cut("month", "Europe/Riga", "2026-11-15T00:00Z", "2027-02-01T00:00Z")).toEqual([
      "2026-11-15T00:00",
      "2026-11-30T22:00",
      "2026-12-31T22:00",
      "2027-01-31T22:00",
    ])
  })

  it("has an hour twice when the clock goes back, and part of one where it moves by half an hour", () => {
    expect(cut("hour", "Europe/Riga", "2026-10-24T23:30Z", "2026-10-25T02:30Z")).toEqual([
      "2026-10-24T23:30",
      "2026-10-25T00:00",
      "2026-10-25T01:00",
      "2026-10-25T02:00",
    ])
    expect(cut("hour", "Australia/Lord_Howe", "2026-04-04T13:30Z", "2026-04-04T16:31Z")).toEqual([
      "2026-04-04T13:30",
      "2026-04-04T14:00",
      "2026-04-04T15:00",
      "2026-04-04T15:30",
      "2026-04-04T16:30",
    ])
  })

  it("has hours of zones that are not whole hours from UTC", () => {
    expect(cut("hour", "Asia/Kathmandu", "2026-04-04T13:30Z", "2026-04-04T15:00Z")).toEqual([
      "2026-04-04T13:30",
      "2026-04-04T14:15",
    ])
  })
})
