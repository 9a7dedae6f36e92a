import * as Delivery from "@overdue/core/Delivery"
import type { Check } from "@overdue/core/Check"
import { describe, expect, it } from "vitest"
import { at, every, Timeline } from "./Timeline.ts"

const withChannels = (timeline: Timeline, ...channels: string[]): Check => ({
  ...timeline.check,
  details: { ...timeline.check.details, channels },
})
const tellsOf = (timeline: Timeline) => timeline.steps.flatMap((step) => step.tells)

describe("the deliveries of what the channels are told", () => {
  const timeline = Timeline.of(every(10, 5)).success(0).success(20)
  const check = withChannels(timeline, "x", "y")

  it("are one for each told flip and channel, at the instant at which they are told", () => {
    const deliveries = Delivery.of(check, tellsOf(timeline))
    expect(deliveries.map(({ flip, channel, at }) => [flip, channel, at])).toEqual([
      [2, "x", at(15)],
      [2, "y", at(15)],
      [3, "x", at(20)],
      [3, "y", at(20)],
    ])
    expect(deliveries[0]).toEqual({
      id: "c.2.x",
      check: "c",
      channel: "x",
      flip: 2,
      occasion: "flip",
      at: at(15),
    })
  })

  it("have ids that no other has, and the same each time", () => {
    const ids = Delivery.of(check, tellsOf(timeline)).map((delivery) => delivery.id)
    expect(new Set(ids).size).toBe(4)
    expect(Delivery.of(check, tellsOf(timeline)).map((delivery) => delivery.id)).toEqual(ids)
  })

  it("are none without a channel", () => {
    expect(Delivery.of(withChannels(timeline), tellsOf(timeline))).toEqual([])
  })
})

describe("the deliveries of a reminder", () => {
  const check = withChannels(Timeline.of(every(10, 5)).fail(0), "x", "y")
  const of = (minutes: number) => Delivery.of(check, [{ at: at(minutes), occasion: "reminder", flip: 1 }])

  it("are one for each channel, with ids that differ from reminder to reminder", () => {
    expect(of(30)).toEqual([
      { id: `c.1.x.${at(30)}`, check: "c", channel: "x", flip: 1, occasion: "reminder", at: at(30) },
      { id: `c.1.y.${at(30)}`, check: "c", channel: "y", flip: 1, occasion: "reminder", at: at(30) },
    ])
    expect(of(60)[0]?.id).not.toBe(of(30)[0]?.id)
  })
})
