import * as Target from "@overdue/cli/Target"
import { describe, expect, it } from "vitest"

describe("a key that no request can carry", () => {
  it.each(["", "two words", "of-a-file\n", "sésame"])("is refused, and not repeated: %j", (key) => {
    const refused = () => Target.key(key)
    expect(refused).toThrow(/^--api-key \(or OVERDUE_API_KEY\) (is empty|has a space)/)
    if (key !== "") expect(refused).not.toThrow(key)
  })
})

describe("an address that is none", () => {
  it.each(["here", "sesame://example.org", "http//example.org/ping/sesame"])(
    "is refused, and not repeated: %s",
    (address) => {
      const refused = () => Target.site(address)
      expect(refused).toThrow("--url (or OVERDUE_URL) is an address that begins with")
      expect(refused).not.toThrow(address)
    },
  )
})
