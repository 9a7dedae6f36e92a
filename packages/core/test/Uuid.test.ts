import * as Uuid from "@overdue/core/Uuid"
import fc from "fast-check"
import { describe, expect, it } from "vitest"

describe("a UUID", () => {
  it("is read in any case, and written in lower case", () => {
    fc.assert(
      fc.property(fc.uuid(), (uuid) => {
        expect(Uuid.parse(uuid.toUpperCase())).toBe(uuid)
        expect(Uuid.isValid(uuid)).toBe(true)
      }),
    )
    expect(Uuid.isValid("0E6A0000-0000-4000-8000-000000000000")).toBe(false)
  })

  it.each([
    "",
    "not a uuid",
    "0e6a0000-0000-4000-8000-00000000000",
    "0e6a0000-0000-4000-8000-0000000000000",
    "0e6a0000-0000-4000-8000-000000000000\n",
    "{0e6a0000-0000-4000-8000-000000000000}",
    "0e6a0000000040008000000000000000",
    "0e6a0000-0000-4000-8000-00000000000K",
  ])("is not %j", (text) => {
    expect(Uuid.parse(text)).toBeUndefined()
  })
})
