import * as LocalTime from "@overdue/core/LocalTime"
import * as Zone from "@overdue/core/Zone"
import * as Result from "effect/Result"
import { describe, expect, it } from "vitest"

const read = (text: string, zone = "UTC") => LocalTime.read(text, Result.getOrThrow(Zone.make(zone)))

/** The instant of a text in ISO 8601, or what was expected in its place. */
const said = (text: string, zone?: string): string =>
  Result.match(read(text, zone), {
    onSuccess: (at) => new Date(at).toISOString(),
    onFailure: ({ expected }) => expected,
  })

describe("a text with an offset", () => {
  it.each([
    ["2026-12-24T22:00:00Z", "2026-12-24T22:00:00.000Z"],
    ["2026-12-24t22:00:00z", "2026-12-24T22:00:00.000Z"],
    ["2026-12-24 22:00Z", "2026-12-24T22:00:00.000Z"],
    ["2026-12-24T22:00:00+00:00", "2026-12-24T22:00:00.000Z"],
    ["2026-12-24T22:00+02", "2026-12-24T20:00:00.000Z"],
    ["2026-12-24T22:00-0330", "2026-12-25T01:30:00.000Z"],
    ["2026-12-24T22:00:01.5+08:45", "2026-12-24T13:15:01.500Z"],
    ["2026-12-24T22:00:00.1239Z", "2026-12-24T22:00:00.123Z"],
    ["2026-12-24T22:00:00,04Z", "2026-12-24T22:00:00.040Z"],
  ])("is that instant, whatever the zone: %s", (text, instant) => {
    for (const zone of ["UTC", "America/St_Johns", "Pacific/Auckland"]) {
      expect(said(text, zone)).toBe(instant)
    }
    expect(LocalTime.hasOffset(text)).toBe(true)
  })
})

describe("a text without an offset", () => {
  it.each([
    ["2026-12-24T22:00", "UTC", "2026-12-24T22:00:00.000Z"],
    ["2026-12-24 22:00:07.25", "Pacific/Auckland", "2026-12-24T09:00:07.250Z"],
    ["2026-07-01", "America/St_Johns", "2026-07-01T02:30:00.000Z"],
    ["2026-12-24", "Europe/Berlin", "2026-12-23T23:00:00.000Z"],
  ])("is on the wall clock of the zone: %s in %s", (text, zone, instant) => {
    expect(said(text, zone)).toBe(instant)
    expect(LocalTime.hasOffset(text)).toBe(false)
  })

  it.each([
    ["2026-03-29T02:30", "Europe/Berlin"],
    ["2026-03-29T02:59:59.999", "Europe/Berlin"],
    ["2026-03-29T03:00", "Europe/Berlin"],
  ])("is the end of the gap when the clock jumps over it: %s", (text, zone) => {
    expect(said(text, zone)).toBe("2026-03-29T01:00:00.000Z")
  })

  it("is the end of the gap on a day that has no midnight, and that never was", () => {
    expect(said("2026-04-24", "Africa/Cairo")).toBe("2026-04-23T22:00:00.000Z")
    expect(said("2011-12-30T12:00", "Pacific/Apia")).toBe("2011-12-30T10:00:00.000Z")
  })

  it("is the first of two passes", () => {
    expect(said("2026-10-25T02:30:00.5", "Europe/Berlin")).toBe("2026-10-25T00:30:00.500Z")
    expect(said("2026-04-05T01:45", "Australia/Lord_Howe")).toBe("2026-04-04T14:45:00.000Z")
  })
})

describe("a text that is no instant", () => {
  it.each([
    ["2026-02-30", "a day from 01 to 28 in month 2026-02"],
    ["2026-02-29T12:00:00Z", "a day from 01 to 28 in month 2026-02"],
    ["2026-04-31T00:00", "a day from 01 to 30 in month 2026-04"],
    ["2026-00-10", "a month from 01 to 12"],
    ["2026-13-01T00:00:00Z", "a month from 01 to 12"],
    ["2026-01-00", "a day from 01 to 31 in month 2026-01"],
    ["2026-01-01T25:00", "an hour from 00 to 23; midnight is 00:00 of the day that begins"],
    ["2026-01-01T24:00", "an hour from 00 to 23; midnight is 00:00 of the day that begins"],
    ["2026-01-01T24:00:01Z", "an hour from 00 to 23; midnight is 00:00 of the day that begins"],
    ["2026-01-01T12:60", "a minute from 00 to 59"],
    ["2026-12-31T23:59:60Z", "a second from 00 to 59"],
    ["2026-01-01T12:00+24:00", "an offset from -23:59 to +23:59"],
    ["2026-01-01T12:00+02:60", "an offset from -23:59 to +23:59"],
    ["1969-12-31T23:59:59Z", "an instant in the years 1970 to 9999"],
    ["9999-12-31T23:59:59-01:00", "an instant in the years 1970 to 9999"],
    ["0000-01-01", "an instant in the years 1970 to 9999"],
  ])("is refused, and told what is allowed: %s", (text, expected) => {
    expect(said(text)).toBe(expected)
  })

  it.each([
    "",
    "soon",
    "1767225600",
    "2026",
    "2026-01",
    "26-01-01",
    "+002026-01-01",
    "2026-1-1",
    "01/02/2026",
    "Thu, 01 Jan 2026 00:00:00 GMT",
    "2026-01-01T",
    "2026-01-01T12",
    "2026-01-01T12:00 +02:00",
    "2026-01-01T12:00.5",
    "2026-01-01Z",
    " 2026-01-01",
    "2026-01-01\n",
    "２026-01-01",
  ])("is refused, and shown examples: %j", (text) => {
    expect(said(text)).toBe(
      "an instant such as 2026-12-24T22:00:00Z, or a local time such as 2026-12-24T22:00",
    )
    expect(LocalTime.hasOffset(text)).toBe(false)
  })

  it("is quoted in the error", () => {
    const error = Result.getOrThrow(Result.flip(read("2026-13-01")))
    expect(error.message).toBe('"2026-13-01": expected a month from 01 to 12')
  })
})
