import * as StoreFixture from "@overdue/laws/store/StoreFixture"
import * as Agreement from "@overdue/laws/store/Agreement"
import { hour } from "@overdue/core/Time"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import * as Sides from "./Sides.ts"

const body = (text: string) => text.slice(text.indexOf("\n"))

describe("an installation that is moved", () => {
  it("is the same elsewhere, whatever it lived through", async () => {
    await fc.assert(
      fc.asyncProperty(Sides.histories, async (history) => {
        const [from, to] = [Sides.sqlite(), Sides.sqlite()]
        await Sides.live(from, history)
        const text = await Sides.dump(from)
        const loaded = await Sides.load(to, text)
        expect(loaded).toMatchObject({ isWhole: true })
        expect(await Sides.dump(to)).toBe(text)
        const at = StoreFixture.start + 100 * hour
        const look = (side: typeof from) => Sides.using(side, (store) => Agreement.look(store, at))
        expect(await look(to)).toEqual(await look(from))
      }),
      { numRuns: 10 },
    )
  }, 60_000)

  it("replaces another one that was there, whatever both lived through", async () => {
    await fc.assert(
      fc.asyncProperty(Sides.histories, Sides.histories, async (history, other) => {
        const [from, to] = [Sides.sqlite(), Sides.sqlite()]
        await Sides.live(from, history)
        await Sides.live(to, other)
        const text = await Sides.dump(from)
        expect(await Sides.load(to, text, { isReplacing: true })).toMatchObject({ isWhole: true })
        expect(body(await Sides.dump(to))).toBe(body(text))
      }),
      { numRuns: 20 },
    )
  }, 60_000)

  it("is followed by what it lives through later", async () => {
    await fc.assert(
      fc.asyncProperty(Sides.histories, Sides.histories, async (history, later) => {
        const [from, to] = [Sides.sqlite(), Sides.sqlite()]
        await Sides.live(from, history)
        await Sides.load(to, await Sides.dump(from))
        await Sides.live(from, later)
        const text = await Sides.dump(from)
        // Another first project makes another installation of it, which takes the place of this one.
        const isOther = (await Sides.refusal(to, text)) !== "it was loaded"
        if (isOther) await Sides.load(to, text, { isReplacing: true })
        expect(await Sides.dump(to)).toBe(text)
      }),
      { numRuns: 20 },
    )
  }, 60_000)

  it("is loaded again without writing a row", async () => {
    const [from, to] = [Sides.sqlite(), Sides.sqlite()]
    await Sides.live(from, [])
    const text = await Sides.dump(from)
    expect((await Sides.load(to, text)).written).toBeGreaterThan(8)
    expect((await Sides.load(to, text)).written).toBe(0)
  })
})
