/** What the flags for the fields of a check refuse. */
import * as PolicyFlags from "@overdue/cli/PolicyFlags"
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
})
