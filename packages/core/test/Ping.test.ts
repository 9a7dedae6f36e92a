import * as Ping from "@overdue/core/Ping"
import { hour, minute } from "@overdue/core/Time"
import { describe, expect, it } from "vitest"

const ping = (at: number, kind: Ping.Kind, rid?: string) => ({ at, kind, rid })
/** Durations of pings that are told oldest first. */
const paired = (...pings: ReturnType<typeof ping>[]) => Ping.pairedDurations(pings.toReversed()).toReversed()

describe("the durations of a ping log", () => {
  it("pair each success and failure with the start of its run id", () => {
    expect(
      paired(
        ping(0, "start", "a"),
        ping(minute, "start", "b"),
        ping(2 * minute, "start"),
        ping(3 * minute, "success", "a"),
        ping(4 * minute, "fail", "b"),
        ping(5 * minute, "success"),
      ),
    ).toEqual([undefined, undefined, undefined, 3 * minute, 3 * minute, 3 * minute])
  })

  it("use a start once, and the newest of its id", () => {
    expect(
      paired(
        ping(0, "start"),
        ping(minute, "start"),
        ping(3 * minute, "success"),
        ping(4 * minute, "success"),
      ),
    ).toEqual([undefined, undefined, 2 * minute, undefined])
  })

  it("pay no attention to what was only logged", () => {
    expect(paired(ping(0, "start"), ping(1, "log"), ping(2, "ignored"), ping(3, "success"))).toEqual([
      undefined,
      undefined,
      undefined,
      3,
    ])
  })

  it("do not pair what is more than 72 hours apart", () => {
    expect(paired(ping(0, "start"), ping(72 * hour, "success"))).toEqual([undefined, 72 * hour])
    expect(paired(ping(0, "start"), ping(72 * hour + 1, "success"))).toEqual([undefined, undefined])
    expect(paired(ping(0, "start"), ping(72 * hour + 1, "success"), ping(72 * hour + 2, "success"))).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })
})
