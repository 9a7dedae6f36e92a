import * as ZoneNames from "@overdue/core/schedule/ZoneNames"
import * as Zone from "@overdue/core/Zone"
import * as Result from "effect/Result"
import { describe, expect, it } from "vitest"

const zone = (name: string): Zone.Zone => Result.getOrThrow(Zone.make(name))
const second = (instant: string): number => Date.parse(instant) / 1000

describe("a zone's name", () => {
  it("gives the same object each time", () => {
    expect(zone("Europe/Riga")).toBe(zone("Europe/Riga"))
    expect(zone("UTC")).toBe(Zone.utc)
  })

  it.each([
    "UTC",
    "EST",
    "CET",
    "GMT",
    "Cuba",
    "Japan",
    "Etc/GMT+5",
    "Europe/Kiev",
    "America/Argentina/Ushuaia",
  ])("%s is one", (name) => {
    expect(zone(name).name).toBe(name)
  })

  it.each([
    "utc",
    "europe/riga",
    "Z",
    "+02:00",
    "",
    "localtime",
    "posix/UTC",
    "right/UTC",
    "Factory",
    "Nowhere/Land",
  ])("%j is none", (name) => {
    expect(Zone.make(name)).toMatchObject({ failure: { field: "zone", part: name, offset: 0 } })
  })

  it("is suggested in its own spelling to whoever has the case wrong", () => {
    expect(Result.getOrThrow(Result.flip(Zone.make("europe/RIGA"))).expected).toContain("Europe/Riga")
  })

  it.each([
    ["PST", "America/Los_Angeles for PST"],
    ["cest", "Europe/Berlin for cest"],
    ["Pacific Standard Time", "America/Los_Angeles for Pacific Standard Time"],
    [
      "GMT+2",
      "Etc/GMT-2 is always 2 hours ahead of UTC; that of a city, such as Europe/Riga, follows its clock changes",
    ],
    ["UTC-05:00", "Etc/GMT+5 is always 5 hours behind UTC; that of a city, such as America/New_York"],
    ["+1", "Etc/GMT-1 is always 1 hour ahead of UTC"],
    ["+0530", "that of a city, such as Asia/Kolkata"],
    ["-14", "such as Europe/Riga or UTC"],
    ["Z", ": UTC"],
    ["utc", ": UTC"],
    ["+00:00", ": UTC"],
    ["america/new york", "America/New_York, in this spelling"],
    ["Berlin", "Europe/Berlin, with its area"],
    ["Kiev", "Europe/Kyiv, with its area"],
    ["buenos aires", "America/Argentina/Buenos_Aires, with its area"],
    ["Europe/Berln", "perhaps Europe/Berlin"],
    ["Amercia/New_York", "perhaps America/New_York"],
    ["Eqrope/Berxin", "perhaps Europe/Berlin"],
    ["Nowhere", "such as Europe/Riga or UTC"],
    ["Riga".repeat(1000), "such as Europe/Riga or UTC"],
  ])("%.40s, which is none, gets a hint: %s", (name, hint) => {
    expect(Result.getOrThrow(Result.flip(Zone.make(name))).expected).toContain(hint)
  })

  it("is hinted at with names that are zones", () => {
    const names = ["PST", "CDT", "IST", "BRT", "GMT+7", "+12:45", "-3:30", "Riga", "Eurpe/Paris", "Kiev"]
    for (const name of names) {
      const { expected } = Result.getOrThrow(Result.flip(Zone.make(name)))
      const offered = expected.match(/[A-Z][a-z]+\/[\w/+-]+/g)!
      expect(offered.length).toBeGreaterThan(0)
      for (const zone of offered)
        expect([name, zone, Result.isSuccess(Zone.make(zone))]).toEqual([name, zone, true])
    }
  })

  it("is converted to the current one as Healthchecks does", () => {
    expect(Zone.canonical("Europe/Kiev")).toBe("Europe/Kyiv")
    expect(Zone.canonical("US/Pacific")).toBe("America/Los_Angeles")
    expect(Zone.canonical("Europe/Riga")).toBe("Europe/Riga")
    expect(Zone.canonical("no such name")).toBe("no such name")
  })

  it("leads, when it is a legacy one, to a zone that exists", () => {
    expect(ZoneNames.legacy.size).toBe(113)
    for (const [legacy, current] of ZoneNames.legacy) {
      expect(ZoneNames.all).toContain(legacy)
      expect(Result.isSuccess(Zone.make(current))).toBe(true)
      expect(ZoneNames.legacy.has(current)).toBe(false)
    }
  })
})

describe("the clock of a zone", () => {
  it.each([
    ["Europe/Riga", "2021-03-28T00:59:59Z", 2 * 3600],
    ["Europe/Riga", "2021-03-28T01:00:00Z", 3 * 3600],
    ["Asia/Kathmandu", "2024-01-01T00:00:00Z", 5.75 * 3600],
    ["Australia/Lord_Howe", "2024-10-05T15:29:59Z", 10.5 * 3600],
    ["Australia/Lord_Howe", "2024-10-05T15:30:00Z", 11 * 3600],
    ["Africa/Monrovia", "1972-01-07T00:44:29Z", -2670],
    ["Africa/Monrovia", "1972-01-07T00:44:30Z", 0],
    ["Pacific/Apia", "2011-12-30T09:59:59Z", -10 * 3600],
    ["Pacific/Apia", "2011-12-30T10:00:00Z", 14 * 3600],
    ["Europe/Riga", "2199-07-01T00:00:00Z", 3 * 3600],
    ["Europe/Riga", "2320-01-01T00:00:00Z", 2 * 3600],
    ["UTC", "1970-01-01T00:00:00Z", 0],
  ])("in %s at %s is %d seconds ahead of UTC", (name, instant, offset) => {
    expect(Zone.offsetAt(zone(name), second(instant))).toBe(offset)
  })

  it("changes next when it is set to", () => {
    const change = second("2021-10-31T01:00:00Z")
    expect(
      Zone.nextTransition(
        zone("Europe/Riga"),
        second("2021-06-01T00:00:00Z"),
        second("2022-01-01T00:00:00Z"),
      ),
    ).toEqual({ second: change, before: 3 * 3600, after: 2 * 3600 })
    expect(Zone.nextTransition(zone("Europe/Riga"), change, second("2022-01-01T00:00:00Z"))).toBeUndefined()
    expect(Zone.nextTransition(zone("Asia/Tokyo"), 0, second("2100-01-01T00:00:00Z"))).toBeUndefined()
  })

  it("that will not change any more is known as such", () => {
    expect(Zone.changes(zone("Europe/Riga"))).toBe(true)
    expect(Zone.changes(zone("Asia/Tokyo"))).toBe(false)
    expect(Zone.changes(Zone.utc)).toBe(false)
  })
})

describe("a wall time", () => {
  const riga = zone("Europe/Riga")

  it("in a gap is reached when the gap ends", () => {
    const from = second("2021-03-27T12:00:00Z")
    expect(Zone.firstAt(riga, from, second("2021-03-28T03:30:00Z"))).toBe(second("2021-03-28T01:00:00Z"))
  })

  it("in an overlap is reached in its first pass", () => {
    const from = second("2021-10-30T12:00:00Z")
    expect(Zone.firstAt(riga, from, second("2021-10-31T03:30:00Z"))).toBe(second("2021-10-31T00:30:00Z"))
  })

  it("is not reached before the instant that is asked from", () => {
    const from = second("2021-10-31T01:10:00Z")
    expect(Zone.firstAt(riga, from, second("2021-10-31T03:00:00Z"))).toBe(from)
  })

  it("that has been shown stays shown in the second pass", () => {
    expect(Zone.latestWall(riga, second("2021-10-31T01:10:00Z"))).toBe(second("2021-10-31T03:59:59Z"))
    expect(Zone.latestWall(riga, second("2021-10-31T02:10:00Z"))).toBe(second("2021-10-31T04:10:00Z"))
  })
})

describe("a zone as a value", () => {
  it("shows its name and nothing of what it has read", () => {
    Zone.offsetAt(zone("Europe/Paris"), 0)
    expect(JSON.stringify(zone("Europe/Paris"))).toBe('{"_tag":"Zone","name":"Europe/Paris"}')
  })
})
