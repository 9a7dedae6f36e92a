import { setImmediate } from "node:timers/promises"
import type { Services } from "@overdue/server/dialects/Dialect"
import * as Routes from "@overdue/server/dialects/Routes"
import { Turnstile } from "@overdue/server/dialects/Turnstile"
import { empty, type Inbound } from "@overdue/server/http/Http"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"

describe("a turnstile", () => {
  it("lets in who comes alone at once, and of many one at each turn of the event loop, in their order", async () => {
    const turnstile = new Turnstile()
    const begun: string[] = []
    const come = (name: string): void => turnstile.enter(() => begun.push(name))
    for (const name of ["a", "b", "c", "d"]) come(name)
    expect(begun).toEqual(["a"])
    const seen: number[] = []
    for (let turn = 0; turn < 3; turn++) {
      await setImmediate()
      seen.push(begun.length)
    }
    expect(seen).toEqual([2, 3, 4])
    expect(begun).toEqual(["a", "b", "c", "d"])
    await setImmediate()
    come("e")
    expect(begun.at(-1)).toBe("e")
  })

  it("passes all who have left in one turn", async () => {
    const turnstile = new Turnstile()
    const begun: string[] = []
    const come = (name: string, isGone: boolean): void =>
      turnstile.enter(
        () => begun.push(name),
        () => isGone,
      )
    come("a", false)
    for (let flood = 0; flood < 10_000; flood++) come("left", true)
    come("b", false)
    for (let flood = 0; flood < 10_000; flood++) come("left", true)
    come("c", false)
    await setImmediate()
    expect(begun).toEqual(["a", "b"])
    await setImmediate()
    expect(begun).toEqual(["a", "b", "c"])
  })

  it("lets in who comes while another one begins", async () => {
    const turnstile = new Turnstile()
    const begun: string[] = []
    turnstile.enter(() => {
      begun.push("a")
      turnstile.enter(() => begun.push("b"))
    })
    expect(begun).toEqual(["a"])
    await setImmediate()
    expect(begun).toEqual(["a", "b"])
  })
})

describe("a request that waits for its turn", () => {
  it("is not begun when its client has left meanwhile", async () => {
    const begun: string[] = []
    const route = {
      name: "slow door",
      path: "/slow/*",
      handle: ({ path }: Inbound) => Effect.sync(() => (begun.push(path), empty(204))),
    }
    // safe because the route needs no service
    const take = Routes.open("test", [route], Context.empty() as Context.Context<Services>)
    const ask = (name: string, isGone: boolean) => {
      // safe because nothing else is read of it
      const inbound = { path: `/slow/${name}`, isGone: () => isGone } as unknown as Inbound
      take(inbound, () => undefined)
    }
    ask("first", false)
    ask("left", true)
    ask("last", false)
    for (let turn = 0; turn < 4; turn++) await setImmediate()
    expect(begun).toEqual(["/slow/first", "/slow/last"])
  })
})
