import { setImmediate } from "node:timers/promises"
import { Turnstile } from "@overdue/server/dialects/Turnstile"
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
