import * as Rehearsal from "@overdue/cli/serve/Rehearsal"
import * as Effect from "effect/Effect"
import { afterEach, describe, expect, it, vi } from "vitest"

afterEach(() => void vi.restoreAllMocks())

describe("a rehearsal", () => {
  it("tells nobody of a thousand checks, and says nothing of them", async () => {
    const said = vi.spyOn(console, "log")
    expect(await Effect.runPromise(Rehearsal.run)).toBe(1_000)
    expect(said).not.toHaveBeenCalled()
  })

  it("ends when the server does", async () => {
    const rehearsal = Rehearsal.start()
    await rehearsal.close()
  })
})
