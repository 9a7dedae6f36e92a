/** The law of descriptions: what a kind says of itself. */
import { expect, it } from "vitest"
import type { Trial } from "./Trial.ts"

/** Registers the law. */
export const descriptions = <Config>({ notifier, sample }: Trial<Config>): void => {
  const { description } = notifier
  it("names it, says what people call it and where it is documented, and every field of its value", () => {
    expect(description.kind).toMatch(/^[a-z][a-z0-9-]*$/)
    expect(description.title).not.toBe("")
    expect(description.documentation).toMatch(/^https:\/\//)
    // safe because the JSON Schema of an object has properties, each with annotations
    const properties = Object.entries(
      description.value["properties"] as Record<string, { description?: string }>,
    )
    for (const [field, { description }] of properties)
      expect([field, description]).toEqual([field, expect.stringMatching(/\.$/)])
    const known = properties.map(([field]) => field)
    for (const value of sample.values) expect(known).toEqual(expect.arrayContaining(Object.keys(value)))
  })
}
