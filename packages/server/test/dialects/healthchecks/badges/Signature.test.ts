import * as Signature from "@overdue/server/dialects/healthchecks/badges/Signature"
import { describe, expect, it } from "vitest"

const badgeKey = "7c7e3f7e-2d0b-4f2e-8a59-0d6a8f5d3f10"

describe("the signature of a badge", () => {
  // Made with Django's salted_hmac(salt, value, secret).
  it.each([
    ["secret", badgeKey, "*", "4P6lBUGk"],
    ["secret", badgeKey, "prod", "AdlYct4F"],
    ["geheim", "badge", "äpfel", "r7_j-5YI"],
  ])("is Django's: %s %s %s", (secret, key, tag, expected) => {
    expect(Signature.make(secret, key, tag, 3)).toBe(expected)
    expect(Signature.make(secret, key, tag, 2)).toBe(`${expected}-2`)
  })

  it("says how many states the badge tells apart", () => {
    expect(Signature.verify("secret", badgeKey, "prod", "AdlYct4F")).toBe(3)
    expect(Signature.verify("secret", badgeKey, "prod", "AdlYct4F-2")).toBe(2)
  })

  it.each(["AdlYct4G", "AdlYct4", "AdlYct4F-3", "AdlYct4F-2-2", "4P6lBUGk", ""])(
    "is refused when it is another: %s",
    (signature) => {
      expect(Signature.verify("secret", badgeKey, "prod", signature)).toBeUndefined()
    },
  )
})
