/**
 * `pnpm test`: everything that must hold before a change lands, with one summary at the end.
 *
 * Steps that need no other's result run beside each other; each one's output appears only when it fails. What reads or
 * shows times is tried again in several time zones.
 */
import { spawn } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

interface Outcome {
  readonly passed: number
  readonly failed: number
  /** Tests that could not run here; what they print says why. */
  readonly skipped?: number
}

interface Step {
  readonly name: string
  readonly run: () => Promise<Outcome & { readonly output: string }>
}

const isTerminal = process.stdout.isTTY
const colour = (code: number, text: string): string => (isTerminal ? `\u001b[${code}m${text}\u001b[0m` : text)
const root = new URL("..", import.meta.url).pathname
const bin = (name: string): string => join(root, "node_modules", ".bin", name)
const scratch = mkdtempSync(join(tmpdir(), "overdue-test-"))

/** Runs a command to its end, and gives its exit code and all that it printed. */
const command = (
  file: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number; readonly output: string }> =>
  new Promise((resolve) => {
    const child = spawn(file, args, {
      cwd: root,
      env: {
        ...process.env,
        PATH: `${join(root, "node_modules", ".bin")}:${process.env["PATH"]}`,
        NO_COLOR: "1",
        ...environment,
      },
      stdio: ["ignore", "pipe", "pipe"],
    })
    let output = ""
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()))
    child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()))
    child.on("error", (error) => resolve({ code: 1, output: output + String(error) }))
    child.on("close", (code) => resolve({ code: code ?? 1, output }))
  })

const check = (name: string, file: string, ...args: readonly string[]): Step => ({
  name,
  run: async () => {
    const { code, output } = await command(file, args)
    return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, output }
  },
})

/** Runs the tests of files whose paths contain one of `filters`; all without one. */
const tests = (
  name: string,
  filters: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Step => ({
  name,
  run: async () => {
    const report = join(scratch, `${filters.length}-${environment["TZ"]?.replace("/", "-")}.json`)
    const args = ["run", "--config", "test/vitest.config.ts", "--reporter=dot", "--reporter=json"]
    const all = [...args, `--outputFile.json=${report}`, ...filters]
    // It keeps a token with the data of its user, whose home may be anywhere: below /proc, Node's mkdir never returns.
    const { code, output } = await command(bin("vitest"), all, { XDG_DATA_HOME: scratch, ...environment })
    let counted: { numPassedTests: number; numFailedTests: number; numPendingTests: number }
    try {
      counted = JSON.parse(readFileSync(report, "utf8"))
    } catch {
      return { passed: 0, failed: 1, output: `the test runner left no report\n${output}` }
    }
    // A file that cannot be loaded fails the run and counts no test.
    const failed = Math.max(counted.numFailedTests, code === 0 ? 0 : 1)
    return { passed: counted.numPassedTests, failed, skipped: counted.numPendingTests, output }
  },
})

/** The tests of what reads, counts or shows times: a few seconds of them. */
const ofTimes = [
  "packages/core/test/Calendar",
  "packages/core/test/Diagnosis",
  "packages/core/test/LocalTime",
  "packages/core/test/Wording",
  "packages/core/test/Zone",
  "packages/client/test/retry",
  "packages/cli/test/commands/schedule",
  "packages/cli/test/declaration",
  "packages/engine/test/Monitor",
  "packages/engine/test/queries",
  "packages/notifiers/test/CheckJson",
  "management/LocalTimes",
  "management/Statistics",
  "test/domain/localTime",
]

/** Zones of machines: none, one at half an hour west of Greenwich, and one whose winter is in July. */
const zones = ["UTC", "America/St_Johns", "Pacific/Auckland"]
const own = new Intl.DateTimeFormat().resolvedOptions().timeZone

/** What tests say although they pass: how many cases they tried, and from which seed. */
const notes = (output: string): readonly string[] =>
  [...output.matchAll(/^\W*stdout \| .*\n([^]*?)\n\n/gm)]
    .map(([, said]) => said!)
    // What servers log while they are attacked is of interest only when a test fails.
    .filter((said) => !/^\[\d\d:\d\d:\d\d\.\d{3}\] /.test(said))
    .flatMap((said) => said.split("\n"))

const total = { passed: 0, failed: 0, skipped: 0 }

const also = (skipped: number): string => (skipped === 0 ? "" : `, ${skipped} skipped`)

const perform = async (step: Step): Promise<void> => {
  const startedAt = performance.now()
  const { passed, failed, skipped = 0, output } = await step.run()
  total.passed += passed
  total.failed += failed
  total.skipped += skipped
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1).padStart(6)
  const verdict = failed === 0 ? colour(32, "passed") : colour(31, "FAILED")
  const count = passed + failed > 1 ? `  ${passed} passed, ${failed} failed${also(skipped)}` : ""
  process.stdout.write(`${verdict}  ${step.name.padEnd(19)} ${seconds} s${count}\n`)
  if (failed > 0) process.stdout.write(`${output.trimEnd()}\n\n`)
  else for (const note of notes(output)) process.stdout.write(`        ${note}\n`)
}

await Promise.all(
  [
    check("types", bin("tsc"), "-b", "test"),
    check("lint", bin("oxlint"), "--quiet", "."),
    check("format", bin("oxfmt"), "--check", "."),
    check("unused", bin("knip")),
  ].map(perform),
)
const given = process.argv.slice(2)
await perform(tests("tests", given))
// The suite has run in the zone of this machine. Nothing may depend on that.
if (given.length === 0) {
  for (const zone of zones.filter((zone) => zone !== own))
    await perform(tests(`in ${zone}`, ofTimes, { TZ: zone }))
}
rmSync(scratch, { recursive: true, force: true })
if (total.skipped > 0) process.stdout.write(`${total.skipped} skipped\n`)
// The last line, which programs read.
process.stdout.write(`${total.passed} passed, ${total.failed} failed\n`)
process.exitCode = total.failed === 0 ? 0 : 1
