/**
 * `pnpm spec`: tries every law of the domain and prints each as a sentence, with the number of cases that were tried.
 *
 * The properties are the specification; this is how to read it. `OVERDUE_CASES=10` looks ten times as long.
 */
import { globSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { styleText } from "node:util"
import { startVitest, type Reporter, type TestCase } from "vitest/node"
import type { Tried } from "./Law.ts"

const root = join(import.meta.dirname, "..", "..", "..")

/** The test files whose tests put on record what they tried. */
const files = globSync(["test/**/*.test.ts", "packages/*/test/**/*.test.ts"], {
  cwd: root,
  exclude: (path) => path.includes("node_modules"),
}).filter((path) => /spec\/Law\.ts|storeLaws/.test(readFileSync(join(root, path), "utf8")))

interface Shown extends Tried {
  readonly where: string
  readonly holds: boolean
}

const shown: Shown[] = []

const reporter: Reporter = {
  onTestCaseResult: (test: TestCase) => {
    const { state, errors } = test.result()
    const { tried } = test.meta()
    // Within these files, what did not get as far as to say what it tried has failed before.
    if (tried === undefined && state !== "failed") return
    const { law, sentence, cases } = tried ?? { law: undefined, sentence: test.name, cases: 0 }
    const where = test.parent.type === "suite" ? test.parent.fullName : test.module.moduleId
    shown.push({ law, sentence, cases, where, holds: state === "passed" })
    for (const error of errors ?? []) process.stderr.write(`${sentence}\n${error.message}\n\n`)
  },
}

process.env["OVERDUE_SEARCH_LENGTH"] ??= "7"
const started = performance.now()
const vitest = await startVitest("test", files.toSorted(), {
  config: join(root, "test", "vitest.config.ts"),
  watch: false,
  silent: true,
  reporters: [reporter],
})
await vitest.close()

const count = (cases: number): string => cases.toLocaleString("en-GB")
const widest = Math.max(...shown.map(({ cases }) => count(cases).length), 0)

/** Told of several subjects, a law is told with each. */
const isRepeated = ({ sentence }: Shown): boolean =>
  shown.filter((other) => other.sentence === sentence).length > 1

const line = (one: Shown): string => {
  const { law, sentence, cases, where, holds } = one
  const mark = holds ? styleText("green", "✓") : styleText("red", "✗")
  const number = law === undefined ? "   " : String(law).padStart(2) + "."
  const of = law === undefined || isRepeated(one) ? styleText("dim", ` (${where})`) : ""
  return `${mark} ${count(cases).padStart(widest)}  ${number} ${sentence}${of}`
}

const laws = shown.filter(({ law }) => law !== undefined).toSorted((one, other) => one.law! - other.law!)
const others = shown.filter(({ law }) => law === undefined)
const failed = shown.filter(({ holds }) => !holds).length
const cases = shown.reduce((sum, one) => sum + one.cases, 0)

process.stdout.write(`
${styleText("bold", "The laws")}
${laws.map(line).join("\n")}

${styleText("bold", "What else holds")}
${others.map(line).join("\n")}

${count(cases)} cases of ${shown.length} sentences in ${((performance.now() - started) / 1000).toFixed(0)} s: ${
  failed === 0 ? "all of them hold" : `${failed} do not hold`
}
`)
process.exitCode = failed === 0 && shown.length > 0 ? 0 : 1
