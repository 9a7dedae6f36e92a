import * as Limits from "@overdue/core/Limits"
import * as Turns from "@overdue/core/Turns"
import { describe, expect, it } from "vitest"

interface Given {
  readonly project?: string
  readonly isFailing?: boolean
  readonly isProven?: boolean
}

/** So many deliveries to a channel, one due after the other, from `dueAt` on. */
const to = (
  channel: string,
  count: number,
  dueAt: number,
  { project = "p", isFailing = false, isProven = false }: Given = {},
): readonly Turns.Waiting[] =>
  Array.from({ length: count }, (_, n) => ({
    channel,
    project,
    isFailing,
    isProven,
    dueAt: dueAt + n,
    n: dueAt + n,
  }))

/** How many are chosen for each channel, in the order in which the channels come. */
const chosen = (
  waiting: readonly Turns.Waiting[],
  limit: number,
  underWay = new Turns.UnderWay(),
): Readonly<Record<string, number>> =>
  Object.fromEntries(
    [...Map.groupBy(Turns.choose(waiting, underWay, limit), ({ channel }) => channel)].map(
      ([channel, { length }]) => [channel, length],
    ),
  )

describe("a channel", () => {
  const failingSince = undefined

  it("is known to work for a minute after it was told something, unless it has failed since", () => {
    const proven = { isFailing: false, isProven: true }
    const unknown = { isFailing: false, isProven: false }
    expect(Turns.knownOf({ lastSuccess: 5, failingSince }, 5)).toEqual(proven)
    expect(Turns.knownOf({ lastSuccess: 5, failingSince }, 4 + Limits.provenFor)).toEqual(proven)
    expect(Turns.knownOf({ lastSuccess: 5, failingSince }, 5 + Limits.provenFor)).toEqual(unknown)
    expect(Turns.knownOf({ lastSuccess: undefined, failingSince }, 5)).toEqual(unknown)
    expect(Turns.knownOf({ lastSuccess: 5, failingSince: 6 }, 6)).toEqual({
      isFailing: true,
      isProven: false,
    })
  })

  it("is not known to work because of what a clock says that was ahead", () => {
    expect(Turns.knownOf({ lastSuccess: 9 * Limits.provenFor, failingSince }, 5).isProven).toBe(false)
  })
})

describe("deliveries that are due", () => {
  it("are sent in turns by channel, however much is due to one and for how long", () => {
    const waiting = [...to("much", 50, 0), ...to("little", 2, 1000), ...to("one", 1, 2000)]
    expect(chosen(waiting, 3)).toEqual({ much: 1, little: 1, one: 1 })
    expect(chosen(waiting, 6)).toEqual({ much: 3, little: 2, one: 1 })
  })

  it("are the oldest of their channel", () => {
    const waiting = to("much", 50, 0).toReversed()
    expect(Turns.choose(waiting, new Turns.UnderWay(), 3).map(({ dueAt }) => dueAt)).toEqual([0, 1, 2])
  })

  it("begin with channels to which the least is being sent", () => {
    const underWay = new Turns.UnderWay()
    underWay.add({ channel: "much", project: "p", isFailing: false, isProven: false }, 2)
    expect(chosen([...to("much", 5, 0), ...to("little", 5, 1000)], 3, underWay)).toEqual({
      little: 2,
      much: 1,
    })
  })

  it("are few to a channel, fewer to one that fails, and of a project only its share", () => {
    const many = 1000
    expect(chosen(to("much", many, 0), many)).toEqual({ much: Limits.deliveriesPerChannel })
    expect(chosen(to("bad", many, 0, { isFailing: true }), many)).toEqual({ bad: Limits.deliveriesToFailing })
    const crowd = Array.from({ length: 50 }, (_, n) => to(`channel ${n}`, many, n)).flat()
    const others = to("other", 5, many, { project: "other" })
    expect(Turns.choose(crowd, new Turns.UnderWay(), many)).toHaveLength(Limits.deliveriesPerProject)
    expect(chosen([...crowd, ...others], many)["other"]).toBe(5)
  })

  it("are as many as ever to channels that were told something a moment ago, also when the share of the project is taken", () => {
    const underWay = new Turns.UnderWay()
    const hangs = { channel: "hangs", project: "p", isFailing: false, isProven: false }
    underWay.add(hangs, Limits.deliveriesPerProject)
    const waiting = [...to("good", 50, 9, { isProven: true }), ...to("unknown", 5, 0)]
    expect(chosen(waiting, 100, underWay)).toEqual({ good: Limits.deliveriesToProvenOfProject })
  })

  it("find the places of their project that slow attempts have left, but not without end", () => {
    const { deliveriesPerProject, slowTimes } = Limits
    const hangs = { channel: "hangs", project: "p", isFailing: false, isProven: false }
    const underWay = new Turns.UnderWay()
    underWay.add(hangs, deliveriesPerProject)
    expect(chosen(to("unknown", 9, 0), 100, underWay)).toEqual({})
    const slow = new Turns.UnderWay()
    slow.add(hangs, deliveriesPerProject, 5)
    expect(chosen(to("unknown", 9, 0), 100, slow)).toEqual({ unknown: 5 })
    const many = new Turns.UnderWay()
    many.add(hangs, slowTimes * deliveriesPerProject - 3, slowTimes * deliveriesPerProject - 3)
    expect(chosen(to("unknown", 9, 0), 100, many)).toEqual({ unknown: 3 })
    expect(Turns.isSlow(5, 5 + Limits.slowAfter)).toBe(true)
    expect(Turns.isSlow(5, 4 + Limits.slowAfter)).toBe(false)
  })

  it("leave room for channels that work, however many fail", () => {
    const failing = Array.from({ length: 900 }, (_, n) =>
      to(`bad ${n}`, 1, n, { project: `project ${n % 30}`, isFailing: true }),
    ).flat()
    const found = chosen([...failing, ...to("good", 5, 5000, { project: "good" })], 1000)
    const { good, ...bad } = found
    expect([good, Object.keys(bad).length]).toEqual([5, Limits.deliveriesToAllFailing])
  })
})
