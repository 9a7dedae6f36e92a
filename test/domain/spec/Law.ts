/** A law as a test: its sentence is the title, and how many cases were tried goes on record for the report. */
import * as fc from "fast-check"
import { it, type TestContext } from "vitest"

/** What a test says about the law that it shows. */
export interface Tried {
  /** As the laws are numbered in the documentation of the domain; `undefined` of a sentence that is no law of its own. */
  readonly law: number | undefined
  readonly sentence: string
  readonly cases: number
}

declare module "vitest" {
  interface TaskMeta {
    tried?: Tried
  }
}

/** Multiplies the number of cases of every property, for a longer look. */
const factor = Number(process.env["OVERDUE_CASES"] ?? 1)

/** The same cases each time, where that is asked for; other ones otherwise. A failure tells its seed. */
const seed = process.env["OVERDUE_SEED"]
const repeatable: { readonly seed?: number } = seed === undefined ? {} : { seed: Number(seed) }

/** A law that holds for whatever is generated: a test by the name of its sentence. */
export const holds = <Ts>(
  law: number | undefined,
  sentence: string,
  property: fc.IProperty<Ts>,
  cases: number,
): void => {
  it(title(law, sentence), (context) => {
    const outcome = fc.check(property, { ...repeatable, numRuns: Math.ceil(cases * factor) })
    record(context, { law, sentence, cases: outcome.numRuns })
    if (outcome.failed) throw new Error(fc.defaultReportMessage(outcome), { cause: outcome.errorInstance })
  })
}

/** A law that a search shows, which counts its cases by itself. */
export const shown = (
  law: number | undefined,
  sentence: string,
  search: () => number | Promise<number>,
): void => {
  it(title(law, sentence), async (context) => {
    record(context, { law, sentence, cases: await search() })
  })
}

const title = (law: number | undefined, sentence: string): string =>
  law === undefined ? sentence : `${law}. ${sentence}`

const record = ({ task }: TestContext, tried: Tried): void => {
  task.meta.tried = tried
}
