import * as Every from "@overdue/core/schedule/Every"
import { day, hour, minute, second, week } from "@overdue/core/Time"
import { describe, expect, it } from "vitest"

describe("a period", () => {
  it("is due that long after the last signal", () => {
    expect(Every.next(Every.make(5 * minute), 1000)).toBe(1000 + 5 * minute)
  })

  it.each([
    [week, "every week"],
    [3 * day, "every 3 days"],
    [hour, "every hour"],
    [90 * minute, "every 90 minutes"],
    [second, "every second"],
    [1500, "every 1500 milliseconds"],
  ])("of %d ms reads as %s", (period, printed) => {
    expect(Every.print(Every.make(period))).toBe(printed)
  })
})
