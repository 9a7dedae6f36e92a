/**
 * Plants errors in the core, one at a time, and counts how many of them its tests notice.
 *
 * Works on a copy in a temporary folder. Too few may be noticed, or one not that `survivors.json` does not explain.
 */
import { spawnSync } from "node:child_process"
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

/** What is mutated, and the share of mutants that must be noticed in each of them. */
const mutated = [
  "packages/core/src/Machine.ts",
  "packages/core/src/Deadline.ts",
  "packages/core/src/machine/Draft.ts",
  "packages/core/src/machine/Failures.ts",
  "packages/core/src/machine/Settling.ts",
  "packages/core/src/machine/Outcomes.ts",
  "packages/core/src/machine/Runs.ts",
]
const target = 0.9

/** What the tests of these need. */
const copied = [
  "packages/core/package.json",
  "packages/core/src",
  "packages/core/test",
  "test/domain",
  "test/truth/recordings/healthchecks.transcripts.jsonl",
]

const tests = [
  "packages/core/test/{Machine,Deadline,CountedTime,Steps,Shown,Telling,Replay,Statistics}.test.ts",
  "packages/core/test/machine/*.test.ts",
  "test/domain/{machine,transcripts,completeSearch,oneFailure,edits,telling,reported}.test.ts",
]

interface Mutant {
  readonly mutatorName: string
  readonly replacement: string
  readonly status: string
  readonly location: { readonly start: Position; readonly end: Position }
}

interface Position {
  readonly line: number
  readonly column: number
}

interface Report {
  readonly files: Readonly<Record<string, { readonly source: string; readonly mutants: readonly Mutant[] }>>
}

/** A mutant that no test notices, and why that is well. */
interface Survivor {
  readonly file: string
  /** The mutated code, and what it was before. */
  readonly original: string
  readonly replacement: string
  readonly why: string
}

const root = join(import.meta.dirname, "..", "..")

const prepare = (copy: string): void => {
  for (const path of copied) cpSync(join(root, path), join(copy, path), { recursive: true })
  symlinkSync(join(root, "test", "node_modules"), join(copy, "node_modules"), "dir")
  mkdirSync(join(copy, "reports"))
  writeFileSync(
    join(copy, "vitest.config.ts"),
    `export default ${JSON.stringify({
      // The copy, not the workspace that the link in node_modules leads to.
      resolve: { alias: [{ find: "@overdue/core", replacement: join(copy, "packages/core/src") }] },
      test: {
        include: tests,
        testTimeout: 60_000,
        // A few cases of each law, the same for each mutant.
        env: { OVERDUE_CASES: "0.04", OVERDUE_SEED: "1", OVERDUE_SEARCH_LENGTH: "3" },
      },
    })}`,
  )
  writeFileSync(
    join(copy, "stryker.config.json"),
    JSON.stringify({
      testRunner: "vitest",
      plugins: [fileURLToPath(import.meta.resolve("@stryker-mutator/vitest-runner"))],
      mutate: mutated,
      inPlace: true,
      coverageAnalysis: "perTest",
      reporters: ["json", "progress-append-only"],
      jsonReporter: { fileName: "reports/mutation.json" },
      timeoutMS: 10_000,
      concurrency: 2,
    }),
  )
}

/** The text that a mutant replaces. */
const originalOf = (source: string, { location: { start, end } }: Mutant): string => {
  const lines = source.split("\n").slice(start.line - 1, end.line)
  lines[lines.length - 1] = lines.at(-1)!.slice(0, end.column - 1)
  lines[0] = lines[0]!.slice(start.column - 1)
  return lines.join("\n")
}

const isNoticed = ({ status }: Mutant): boolean => status === "Killed" || status === "Timeout"

/** Prints a line for each file, and gives what went wrong. */
const judge = (report: Report, known: readonly Survivor[]): readonly string[] => {
  const wrong: string[] = []
  const seen = new Set<Survivor>()
  for (const file of mutated) {
    const { source, mutants } = report.files[file]!
    const counted = mutants.filter(({ status }) => status !== "Ignored" && status !== "CompileError")
    const noticed = counted.filter(isNoticed).length
    const share = noticed / counted.length
    console.log(`${file}: ${noticed} of ${counted.length} noticed (${(share * 100).toFixed(1)}%)`)
    if (share < target) wrong.push(`${file}: fewer than ${target * 100}% were noticed`)
    for (const mutant of counted.filter((mutant) => !isNoticed(mutant))) {
      const original = originalOf(source, mutant)
      const { replacement, location, mutatorName } = mutant
      const explained = known.find(
        (one) => one.file === file && one.original === original && one.replacement === replacement,
      )
      if (explained !== undefined) seen.add(explained)
      else {
        const shown = JSON.stringify({ file, original, replacement }, undefined, 2)
        wrong.push(`${file}:${location.start.line}: ${mutatorName} survived and is not explained: ${shown}`)
      }
    }
  }
  for (const one of known) {
    if (!seen.has(one)) wrong.push(`${one.file}: ${one.original} is explained, but no such mutant survived`)
  }
  return wrong
}

/** Returns whether enough errors are noticed. */
export const run = (): boolean => {
  const copy = mkdtempSync(join(tmpdir(), "overdue-mutation-"))
  try {
    prepare(copy)
    const stryker = join(
      dirname(fileURLToPath(import.meta.resolve("@stryker-mutator/core"))),
      "..",
      "..",
      "bin",
    )
    const run = spawnSync(process.execPath, [join(stryker, "stryker.js"), "run"], {
      cwd: copy,
      stdio: "inherit",
    })
    if (run.status !== 0) throw new Error("the mutants could not be tried")
    const report: Report = JSON.parse(readFileSync(join(copy, "reports", "mutation.json"), "utf8"))
    const known: readonly Survivor[] = JSON.parse(
      readFileSync(join(import.meta.dirname, "survivors.json"), "utf8"),
    )
    const wrong = judge(report, known)
    for (const line of wrong) console.error(line)
    console.log(wrong.length === 0 ? `${known.length} survived, all of them explained` : "not good enough")
    return wrong.length === 0
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}
