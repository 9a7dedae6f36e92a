import * as LocalTime from "@overdue/core/LocalTime"
import * as ZoneNames from "@overdue/core/schedule/ZoneNames"
import { day, hour, minute, second, type Instant } from "@overdue/core/Time"
import * as Zone from "@overdue/core/Zone"
import * as Result from "effect/Result"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { holds } from "./spec/Law.ts"

const zone = fc
  .constantFrom(...ZoneNames.all)
  .map((name) => Zone.make(name))
  .filter(Result.isSuccess)
  .map(({ success }) => success)

/** Any instant that is read, and more often one of the years whose clock changes are known. */
const instant = fc.oneof(
  fc.integer({ min: 0, max: Date.UTC(2038, 0, 1) }),
  fc.integer({ min: 0, max: LocalTime.latest }),
)

const offsetAt = (zone: Zone.Zone, at: Instant): number => Zone.offsetAt(zone, Math.floor(at / second))

/** What the wall clock of a zone shows: `2026-03-29T02:30:00.000`. */
const wallOf = (zone: Zone.Zone, at: Instant): string =>
  new Date(at + offsetAt(zone, at) * second).toISOString().slice(0, -1)

/** An offset as ISO 8601 has it: `-03:30`. Only for whole minutes. */
const offsetText = (seconds: number): string => {
  const two = (value: number): string => String(Math.floor(value)).padStart(2, "0")
  const size = Math.abs(seconds)
  return `${seconds < 0 ? "-" : "+"}${two(size / 3600)}:${two((size / 60) % 60)}`
}

/** An instant in a zone, whose wall clock shows a year of four digits. */
const shown = fc
  .record({ zone, at: instant })
  .filter(({ zone, at }) => at + offsetAt(zone, at) * second <= LocalTime.latest)

describe("a local time", () => {
  holds(
    undefined,
    "What the wall clock of any zone shows at an instant is read as that instant, or as the first that shows it.",
    fc.property(shown, ({ zone, at }) => {
      const wall = wallOf(zone, at)
      const read = LocalTime.read(wall, zone)
      // The first pass of the first instants of 1970 may lie in 1969.
      if (Result.isFailure(read)) {
        expect(at).toBeLessThan(day)
        return
      }
      if (read.success === at) return
      expect(read.success).toBeLessThan(at)
      expect(at - read.success).toBeLessThan(Zone.widestShift * second)
      expect(wallOf(zone, read.success)).toBe(wall)
    }),
    4_000,
  )

  holds(
    undefined,
    "With the offset that the clock has then, it is that instant in every zone, in either pass.",
    fc.property(shown, zone, ({ zone, at }, other) => {
      const offset = offsetAt(zone, at)
      fc.pre(offset % 60 === 0)
      const text = wallOf(zone, at) + offsetText(offset)
      expect(LocalTime.read(text, other)).toEqual(Result.succeed(at))
      const utc = new Date(at).toISOString()
      expect(LocalTime.read(utc, other)).toEqual(Result.succeed(at))
    }),
    2_000,
  )

  holds(
    undefined,
    "A date alone is the first instant of that day in its zone, or the first after a day that never was.",
    fc.property(shown, ({ zone, at }) => {
      const date = wallOf(zone, at).slice(0, "2026-03-29".length)
      const read = LocalTime.read(date, zone)
      if (Result.isFailure(read)) {
        expect(at).toBeLessThan(2 * day)
        return
      }
      expect(wallOf(zone, read.success).slice(0, date.length)).toBe(date)
      expect(read.success).toBeLessThanOrEqual(at)
      if (read.success > 0) expect(wallOf(zone, read.success - 1) < date).toBe(true)
    }),
    2_000,
  )

  holds(
    undefined,
    "It is refused when the date or time does not exist, and never becomes another one.",
    fc.property(
      fc.record({
        year: fc.integer({ min: 1971, max: 2199 }),
        month: fc.nat({ max: 14 }),
        date: fc.nat({ max: 33 }),
        hours: fc.nat({ max: 26 }),
        minutes: fc.nat({ max: 62 }),
      }),
      ({ year, month, date, hours, minutes }) => {
        const two = (value: number): string => String(value).padStart(2, "0")
        const text = `${year}-${two(month)}-${two(date)}T${two(hours)}:${two(minutes)}`
        const rolled = new Date(
          Date.UTC(year, month - 1, date) + hours * hour + minutes * minute,
        ).toISOString()
        const read = LocalTime.read(text, Zone.utc)
        if (Result.isSuccess(read)) expect(new Date(read.success).toISOString()).toBe(rolled)
        expect(Result.isSuccess(read)).toBe(rolled.startsWith(text))
      },
    ),
    4_000,
  )

  holds(
    undefined,
    "Of any text at all it is an instant in bounds, or a sentence.",
    fc.property(
      fc.oneof(
        fc.string({ unit: "binary", maxLength: 40 }),
        fc.stringMatching(/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,12})?)?(Z|[+-]\d\d(:?\d\d)?)?$/),
      ),
      zone,
      (text, zone) => {
        const read = LocalTime.read(text, zone)
        if (Result.isFailure(read)) {
          expect(read.failure.expected).toMatch(/^an? /)
          return
        }
        expect(Number.isSafeInteger(read.success)).toBe(true)
        expect(read.success).toBeGreaterThanOrEqual(0)
        expect(read.success).toBeLessThanOrEqual(LocalTime.latest)
      },
    ),
    4_000,
  )

  it("does not depend on the zone of the machine", () => {
    const zone = Result.getOrThrow(Zone.make("Asia/Kolkata"))
    const read = Result.getOrThrow(LocalTime.read("2026-06-15T12:00", zone))
    expect(new Date(read).toISOString()).toBe("2026-06-15T06:30:00.000Z")
  })
})
