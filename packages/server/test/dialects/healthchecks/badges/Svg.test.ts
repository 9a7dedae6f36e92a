import * as Svg from "@overdue/server/dialects/healthchecks/badges/Svg"
import * as TextWidth from "@overdue/server/dialects/healthchecks/badges/TextWidth"
import fc from "fast-check"
import { describe, expect, it } from "vitest"

const widthOf = (svg: string): number => Number(/<svg [^>]*width="([\d.]+)"/.exec(svg)![1])

/** What a reader of XML 1.0 must refuse: bare special characters, and characters that XML does not have. */
const isWellFormed = (svg: string): boolean => {
  const text = svg.replace(/<\/?[a-z]+(?: [a-z-]+="[^"<]*")*\/?>/gi, "")
  return (
    !/[<>]/.test(text) &&
    !/&(?!(?:amp|lt|gt|quot|#39);)/.test(svg) &&
    // oxlint-disable-next-line no-control-regex
    !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(svg) &&
    svg.isWellFormed()
  )
}

describe("a badge image", () => {
  it("shows the status on its colour beside the label, and says both to those who cannot see it", () => {
    const svg = Svg.draw("prod", "down")
    expect(svg).toContain('fill="#e05d44"')
    expect(svg).toContain(">prod</text>")
    expect(svg).toContain(">down</text>")
    expect(svg).toContain('aria-label="prod: down"')
    expect(Svg.draw("prod", "up")).toContain('fill="#4c1"')
    expect(Svg.draw("prod", "late")).toContain('fill="#fe7d37"')
  })

  it("is as wide as its texts and their margins", () => {
    const texts = Math.ceil(TextWidth.of("nightly")) + Math.ceil(TextWidth.of("up"))
    expect(widthOf(Svg.draw("nightly", "up"))).toBe(texts + 24)
  })

  it("shows a label as it is written, markup included", () => {
    expect(Svg.draw('<a href="x">&amp;', "up")).toContain(">&lt;a href=&quot;x&quot;&gt;&amp;amp;</text>")
  })

  it("is well-formed whatever the label is", () => {
    const texts = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string({ unit: fc.constantFrom("<", ">", "&", '"', "'", "\0", "\ud800", "\uffff", "a", "]]>") }),
    )
    fc.assert(
      fc.property(texts, fc.constantFrom("up", "late", "down"), (label, status) => {
        expect(isWellFormed(Svg.draw(label, status))).toBe(true)
      }),
    )
  })
})

describe("the width of a text", () => {
  it("is the sum of its characters", () => {
    expect(TextWidth.of("")).toBe(0)
    expect(TextWidth.of("iiii")).toBeCloseTo(12.4)
    expect(TextWidth.of("WW")).toBeCloseTo(21.8)
  })

  it("does not count accents, however they are written", () => {
    expect(TextWidth.of("äé")).toBe(TextWidth.of("ae"))
    expect(TextWidth.of("a\u0308e\u0301")).toBe(TextWidth.of("ae"))
  })

  it("takes ideographs and pictures for squares, and other letters for average ones", () => {
    expect(TextWidth.of("日本")).toBe(22)
    expect(TextWidth.of("🚀")).toBe(11)
    expect(TextWidth.of("Ж")).toBeGreaterThan(TextWidth.of("ж"))
  })
})
