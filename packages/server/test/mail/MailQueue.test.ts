import * as Limits from "@overdue/server/mail/Limits"
import { MailQueue } from "@overdue/server/mail/MailQueue"
import { describe, expect, it } from "vitest"

const queue = (...items: readonly string[]) => {
  const made = new MailQueue<{ readonly network: string; readonly name: string }>()
  for (const name of items) made.add({ network: name[0]!, name })
  return made
}

const all = (waiting: ReturnType<typeof queue>, spends = 0): readonly string[] => {
  const names: string[] = []
  for (let item = waiting.next(); item !== undefined; item = waiting.next()) {
    names.push(item.name)
    waiting.spend(item.network, spends)
  }
  return names
}

describe("messages that wait", () => {
  it("are read in the order in which they came, when nobody has taken any time", () => {
    expect(all(queue("a1", "b1", "a2", "b2"))).toEqual(["a1", "a2", "b1", "b2"])
  })

  it("are read network by network, when all take the same time", () => {
    expect(all(queue("a1", "a2", "a3", "b1", "b2", "c1"), 10)).toEqual(["a1", "b1", "c1", "a2", "b2", "a3"])
  })

  it("wait for those of networks that have taken less time, also before", () => {
    const waiting = queue("a1")
    expect(waiting.next()?.name).toBe("a1")
    waiting.spend("a", 3_000)
    for (const name of ["a2", "a3", "b1", "b2"]) waiting.add({ network: name[0]!, name })
    expect(all(waiting, 1_000)).toEqual(["b1", "b2", "a2", "a3"])
  })

  it("are remembered of so many networks only, so that strangers with many addresses fill no memory", () => {
    const waiting = queue()
    waiting.spend("a", 10)
    for (let network = 0; network < 1_000; network++) waiting.spend(`many ${network}`, 20)
    for (const name of ["b1", "a1"]) waiting.add({ network: name[0]!, name })
    waiting.spend("b", 5)
    expect(all(waiting)).toEqual(["a1", "b1"])
  })

  it("are so many at most, and half as many of one network", () => {
    const waiting = queue()
    const add = (network: string) => waiting.add({ network, name: network })
    for (let count = 0; count < Limits.waiting / 2; count++) expect(add("a")).toBe(true)
    expect(add("a")).toBe(false)
    for (let count = 0; count < Limits.waiting / 2; count++) expect(add("b")).toBe(true)
    expect(add("c")).toBe(false)
    expect(waiting.next()?.name).toBe("a")
    expect([add("c"), add("a")]).toEqual([true, false])
  })
})
