/** Which random choices a property is tried on: always the same few, and each time one that nobody has seen. */
import * as fc from "fast-check"

const fixed = [1, 20_210_328, -1_804_289_383]

/** Tries a property under every seed; the seed is part of what a failure says. Returns the number of cases. */
export const underSeeds = <Ts>(property: fc.IProperty<Ts>, casesPerSeed: number): number => {
  const random = Math.floor(Math.random() * 2 ** 32) - 2 ** 31
  let cases = 0
  for (const seed of [...fixed, random]) {
    const outcome = fc.check(property, { seed, numRuns: casesPerSeed })
    if (outcome.failed) throw new Error(fc.defaultReportMessage(outcome), { cause: outcome.errorInstance })
    cases += outcome.numRuns
  }
  return cases
}
