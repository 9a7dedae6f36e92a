import * as Limits from "@overdue/core/Limits"
import * as Turns from "@overdue/core/Turns"
import { describe, expect, it } from "vitest"

interface Given {
  readonly project?: string
  readonly isFailing?: boolean
}

/** So many deliveries to a channel, one due after the other, from `dueAt` on. */
const to = (
  channel: string,
  count: number,
  dueAt: number,
  { project = "p", isFailing = false }: Given = {},
): readonly Turns.Waiting[] =>
  Array.from({ length: count }, (_, n) => ({ channel, project, isFailing, dueAt: dueAt + n, n: dueAt + n }))

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
    underWay.add({ channel: "much", project: "p", isFailing: false }, 2)
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

  it("leave room for channels that work, however many fail", () => {
    const failing = Array.from({ length: 900 }, (_, n) =>
      to(`bad ${n}`, 1, n, { project: `project ${n % 30}`, isFailing: true }),
    ).flat()
    const found = chosen([...failing, ...to("good", 5, 5000, { project: "good" })], 1000)
    const { good, ...bad } = found
    expect([good, Object.keys(bad).length]).toEqual([5, Limits.deliveriesToAllFailing])
  })
})
