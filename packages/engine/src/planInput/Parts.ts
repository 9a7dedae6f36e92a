/** Parts of policies in code that have parts themselves. */
import type * as Check from "@overdue/core/Check"
import * as Limits from "@overdue/core/Limits"
import * as Values from "./Values.ts"

const counts = ["failures", "outOf", "recoveries"] as const

/** Returns an alert policy. Whether the counts are numbers in range is for `Policy.refusal` to say. */
export const alert = (value: unknown, base: Check.AlertPolicy): Check.AlertPolicy => {
  const { failures, outOf, recoveries } = Values.members("alert", value, counts)
  const count = (part: unknown, otherwise: number): number =>
    Values.given(part, otherwise, (number) => (typeof number === "number" ? number : Number.NaN))
  return {
    failures: count(failures, base.failures),
    outOf: count(outOf, base.outOf),
    recoveries: count(recoveries, base.recoveries),
  }
}

/** Returns names of HTTP methods. */
export const methods = (value: unknown): readonly string[] => {
  const found = Values.listOf("methods", value, (field, method) => {
    const name = Values.text(field, method).toUpperCase()
    return /^[A-Z]+$/.test(name) ? name : Values.refuse(field, "the name of an HTTP method, such as POST")
  })
  Values.text("methods", found.join(" "), Limits.methodsLength)
  return [...new Set(found)]
}

const switches = ["subject", "body", "httpBody", "defaultFail"] as const
const keywords = ["startKeywords", "successKeywords", "failureKeywords"] as const

/** Returns filters. */
export const filters = (value: unknown, base: Check.Filters): Check.Filters => {
  const parts = Values.members("filters", value, [...switches, ...keywords])
  const made: { -readonly [K in keyof Check.Filters]: Check.Filters[K] } = { ...base }
  for (const name of switches) {
    made[name] = Values.given(parts[name], base[name], (part) => Values.flag(`filters.${name}`, part))
  }
  for (const name of keywords) {
    made[name] = Values.given(parts[name], base[name], (part) =>
      Values.text(`filters.${name}`, part, Limits.keywordsLength),
    )
  }
  return made
}
