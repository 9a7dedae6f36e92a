import * as Slug from "@overdue/core/Slug"
import { describe, expect, it } from "vitest"

describe("the slug of a name", () => {
  it.each([
    ["Äpfel & Birnen!", "apfel-birnen"],
    ["日本", ""],
    ["  Nightly  Backup ", "nightly-backup"],
    ["a--b - c", "a-b-c"],
    ["_x_", "x"],
    ["snake_case stays", "snake_case-stays"],
    ["ﬁle №5", "file-no5"],
    ["-_-", ""],
    ["", ""],
  ])("of %j is %j", (name, slug) => {
    expect(Slug.fromName(name)).toBe(slug)
    expect(Slug.isValid(slug)).toBe(true)
  })
})

describe("a slug", () => {
  it("may hold lower-case letters, digits, hyphens and underscores, and may be empty", () => {
    expect(["", "a", "a-b_c-9"].map(Slug.isValid)).toEqual([true, true, true])
  })

  it("may hold nothing else", () => {
    expect(["A", "a b", "ä", "a\n", "a.b"].map(Slug.isValid)).toEqual([false, false, false, false, false])
  })

  it("has at most 100 characters", () => {
    expect([100, 101].map((length) => Slug.isValid("x".repeat(length)))).toEqual([true, false])
  })
})
