import type * as Alert from "@overdue/core/Alert"
import * as Delivery from "@overdue/core/Delivery"
import * as Check from "@overdue/core/Check"
import type { Flip } from "@overdue/core/Flip"
import * as Machine from "@overdue/core/Machine"
import * as Every from "@overdue/core/schedule/Every"
import { hour, minute } from "@overdue/core/Time"
import { describe, expect, it } from "vitest"
import * as HistoryLaws from "./HistoryLaws.ts"

const policy = { schedule: Every.make(hour), grace: minute }
const made = Check.make({
  id: "c",
  project: "p",
  badgeKey: "b",
  createdAt: 0,
  policy,
  details: { channels: ["x", "y"] },
})

/** Up, then down in silence, then up again: as it should be on record. */
const evidence = (): HistoryLaws.Evidence => {
  const happened = [0, 2 * hour].map((at) => ({ at, event: { type: "success" } as const }))
  let stored = made
  const flips: Flip[] = []
  const tells: Alert.Telling[] = []
  for (const { at, event } of happened) {
    const step = Machine.step(stored, event, at)
    stored = step.check
    flips.push(...step.flips)
    tells.push(...step.tells)
  }
  const deliveries = Delivery.of(stored, tells)
  const life = { made, happened, pings: [1, 2], flips, deliveries: [...deliveries] }
  const arrived = deliveries.map(({ id }) => id)
  return { life, stored, blind: [], now: 2 * hour, acknowledged: [1, 2], arrived }
}

/** The laws that are found broken once something was done to the record. */
const broken = (
  change: (evidence: HistoryLaws.Evidence) => Partial<HistoryLaws.Evidence>,
): readonly number[] => {
  const whole = evidence()
  return [...new Set(HistoryLaws.violations({ ...whole, ...change(whole) }).map(({ law }) => law))].toSorted(
    (a, b) => a - b,
  )
}

describe("the judgement of a history", () => {
  it("has nothing to say of a record that is right", () => {
    expect(broken(() => ({}))).toEqual([])
  })

  it("sees a flip that was lost, made twice or misdated", () => {
    const withFlips = (flips: (flips: Flip[]) => Flip[]) =>
      broken(({ life }) => ({ life: { ...life, flips: flips(life.flips) } }))
    expect(withFlips((flips) => flips.slice(1))).toContain(2)
    expect(withFlips((flips) => flips.slice(0, -1))).toEqual([4])
    expect(withFlips((flips) => [...flips, ...flips.slice(-1)])).toContain(2)
    expect(
      withFlips((flips) => flips.map((flip) => (flip.n === 2 ? { ...flip, at: flip.at + 1 } : flip))),
    ).toEqual([4])
  })

  it("sees a state that the record does not explain", () => {
    expect(
      broken(({ stored }) => ({ stored: { ...stored, state: { ...stored.state, anchor: hour } } })),
    ).toEqual([4])
    expect(broken(() => ({ blind: [{ from: hour, to: 3 * hour }] }))).toContain(4)
  })

  it("sees what is recorded ahead of the clock", () => {
    expect(broken(() => ({ now: hour }))).toContain(18)
    expect(broken(() => ({ blind: [{ from: 2 * hour, to: 3 * hour }] }))).toContain(18)
  })

  it("sees a reminder that the record does not tell", () => {
    const told = ({ life }: HistoryLaws.Evidence) => {
      const reminder = { ...life.deliveries[0]!, id: `c.2.x.${hour}`, occasion: "reminder" } as const
      const deliveries = [...life.deliveries]
      // Where it belongs in the order of its channel.
      deliveries.splice(1, 0, reminder)
      return { life: { ...life, deliveries }, arrived: deliveries.map(({ id }) => id) }
    }
    expect(broken(told)).toEqual([13])
  })

  it("sees a delivery that was not written, written twice, or never arrived", () => {
    const withDeliveries = (
      pick: (ids: HistoryLaws.Evidence["life"]["deliveries"]) => HistoryLaws.Evidence["life"]["deliveries"],
    ) => broken(({ life }) => ({ life: { ...life, deliveries: pick(life.deliveries) } }))
    expect(withDeliveries((all) => all.slice(1))).toEqual([13])
    expect(withDeliveries((all) => [...all, all[0]!])).toEqual([13])
    expect(broken(({ arrived }) => ({ arrived: arrived.slice(1) }))).toEqual([13])
  })

  it("sees deliveries of a channel that came in the wrong order, and allows that one comes again", () => {
    expect(broken(({ arrived }) => ({ arrived: arrived.toReversed() }))).toEqual([13])
    expect(broken(({ arrived }) => ({ arrived: [...arrived, arrived[0]!] }))).toEqual([])
    expect(broken(({ arrived }) => ({ arrived: [...arrived, "c.9.x"] }))).toEqual([13])
  })

  it("sees a ping that was acknowledged and not logged, or logged twice", () => {
    expect(broken(() => ({ acknowledged: [1, 2, 3] }))).toEqual([4])
    expect(broken(() => ({ acknowledged: [1, 1] }))).toEqual([4])
    expect(broken(({ life }) => ({ life: { ...life, pings: [1, 2, 2] } }))).toEqual([4])
    expect(broken(({ life }) => ({ life: { ...life, pings: [1] }, acknowledged: [1] }))).toEqual([4])
  })
})
