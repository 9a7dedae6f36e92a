import { describe, expect, it } from "vitest"
import * as Overdue from "../../../test/kit/Overdue.ts"

describe("an empty tag, which a script forgot to set", () => {
  it.each([["checks", "list"], ["events"], ["report"], ["watch"]])(
    "does not mean all checks: overdue %s %s",
    async (...words) => {
      await using overdue = await Overdue.make({ OVERDUE_API_KEY: "0123456789abcdef0123456789abcdef" })
      const args = words.filter((word) => word !== undefined)
      const { code, stderr } = await overdue.run([...args, "--tag", "", "--url", "http://127.0.0.1:1"])
      expect([code, stderr]).toEqual([2, expect.stringContaining("--tag is empty: name a tag")])
    },
  )
})
