import { day, hour, minute, second } from "@overdue/core/Time"
import * as Wording from "@overdue/core/Wording"
import * as Zone from "@overdue/core/Zone"
import * as Result from "effect/Result"
import { describe, expect, it } from "vitest"

describe("a span in words", () => {
  it.each([
    [0, "0 seconds"],
    [1, "1 millisecond"],
    [999, "999 milliseconds"],
    [second, "1 second"],
    [1_500, "1 second"],
    [61 * second, "1 minute 1 second"],
    [2 * hour, "2 hours"],
    [2 * hour + 5 * minute + 59 * second, "2 hours 5 minutes"],
    [day + hour, "1 day 1 hour"],
    [400 * day + 30 * minute, "400 days"],
  ])("of %j milliseconds is %j", (length, words) => {
    expect(Wording.span(length)).toBe(words)
  })
})

describe("an instant in words", () => {
  const riga = Result.getOrThrow(Zone.make("Europe/Riga"))

  it("is the wall clock of a zone, to the second", () => {
    expect(Wording.instant(Date.parse("2026-03-02T00:00:00.999Z"), riga)).toBe("2026-03-02 02:00 Europe/Riga")
    expect(Wording.instant(Date.parse("2026-07-02T00:00:01Z"), riga)).toBe("2026-07-02 03:00:01 Europe/Riga")
    expect(Wording.instant(Date.parse("2026-07-02T00:00:01Z"), Zone.utc)).toBe("2026-07-02 00:00:01 UTC")
  })
})
