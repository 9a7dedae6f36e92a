import * as Civil from "@overdue/core/schedule/Civil"
import { describe, expect, it } from "vitest"

const dayMilliseconds = 86_400_000

describe("a day number", () => {
  it("is the same date as the runtime's, for a thousand years and at both ends of time", () => {
    const days = [-100_000_000, -99_999_999, 100_000_000, -719_468, -1, 0, 47_539, 47_540, 47_541]
    for (let day = -200_000; day < 200_000; day += 13) days.push(day)
    for (const day of days) {
      const date = new Date(day * dayMilliseconds)
      const packed = Civil.fromDay(day)
      expect([day, Civil.yearOf(packed), Civil.monthOf(packed), Civil.dayOf(packed)]).toEqual([
        day,
        date.getUTCFullYear(),
        date.getUTCMonth() + 1,
        date.getUTCDate(),
      ])
      expect(Civil.weekdayOf(day)).toBe(date.getUTCDay())
    }
  })

  it("begins each month where the runtime does, and each month is as long", () => {
    for (const year of [-270_000, -1, 0, 1900, 1970, 1999, 2000, 2023, 2024, 2100, 2199, 270_000]) {
      for (let month = 1; month <= 12; month++) {
        const first = new Date(0)
        first.setUTCFullYear(year, month - 1, 1)
        const following = new Date(0)
        following.setUTCFullYear(year, month, 1)
        expect(Civil.firstOfMonth(year, month)).toBe(first.getTime() / dayMilliseconds)
        expect(Civil.daysInMonth(year, month)).toBe((following.getTime() - first.getTime()) / dayMilliseconds)
      }
    }
  })

  it("is found for wall times before 1970 and after 2038 as well", () => {
    expect([-1, 0, 86_399, 86_400, 2 ** 31, 2 ** 31 - 1].map(Civil.dayAt)).toEqual([
      -1, 0, 0, 1, 24_855, 24_855,
    ])
  })
})

describe("a wall time", () => {
  it("is written as people write it", () => {
    expect(Civil.format(Date.UTC(2021, 2, 28, 3, 30) / 1000)).toBe("2021-03-28 03:30")
    expect(Civil.format(Date.UTC(1969, 11, 31, 23, 59, 58) / 1000)).toBe("1969-12-31 23:59:58")
  })
})
