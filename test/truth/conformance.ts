/** `pnpm conformance FILE…`: replays recordings against a fresh server each, and prints what differs. */
import { readFileSync } from "node:fs"
import { parseArgs, styleText } from "node:util"
import * as StoreName from "../kit/StoreName.ts"
import * as Recording from "./Recording.ts"
import type { Failure, Scenario } from "./Scenario.ts"
import * as ReplayedServer from "./ReplayedServer.ts"

const shownAtMost = 20

const usage = `usage: pnpm conformance [--store ${StoreName.all.join("|")}] [--grep ID] FILE…

Replays transcripts and examples, each against a fresh server in this process, on a virtual clock.

  --store  where checks live, by default memory; postgres starts a server, or uses that of OVERDUE_TEST_POSTGRES
  --grep   only scenarios whose id contains this text
`

try {
  process.exitCode = await run(process.argv.slice(2))
} finally {
  await ReplayedServer.close()
}

async function run(args: readonly string[]): Promise<number> {
  const options = read(args)
  if (typeof options === "string") {
    process.stderr.write(`${options}\n${usage}`)
    return 2
  }
  const { files, store, grep } = options
  const scenarios: { readonly file: string; readonly scenario: Scenario }[] = []
  for (const file of files) {
    const found = load(file)
    if (typeof found === "string") {
      process.stderr.write(`${found}\n`)
      return 2
    }
    for (const scenario of found) if (scenario.id.includes(grep)) scenarios.push({ file, scenario })
  }
  const tally = { passed: 0, failed: 0, shown: 0, hidden: 0 }
  for (const { file, scenario } of scenarios) {
    progress(tally.passed + tally.failed, scenarios.length, scenario.id)
    const failure = await scenario.run(store)
    if (failure === undefined) {
      tally.passed++
      continue
    }
    tally.failed++
    const room = shownAtMost - tally.shown
    tally.shown += Math.min(room, failure.differences.length)
    tally.hidden += Math.max(0, failure.differences.length - room)
    progress()
    if (room > 0) process.stdout.write(show(file, scenario.id, failure, room))
  }
  progress()
  if (tally.hidden > 0) process.stdout.write(`… and ${tally.hidden} more differences\n`)
  process.stdout.write(`${tally.passed} passed, ${tally.failed} failed\n`)
  return tally.failed === 0 ? 0 : 1
}

function read(
  args: readonly string[],
):
  | { readonly files: readonly string[]; readonly store: StoreName.StoreName; readonly grep: string }
  | string {
  const options = { store: { type: "string" }, grep: { type: "string" } } as const
  try {
    // pnpm hands a separating "--" on.
    const given = args[0] === "--" ? args.slice(1) : [...args]
    const { values, positionals } = parseArgs({ args: given, options, allowPositionals: true })
    const store = StoreName.read(values.store ?? "memory", StoreName.all)
    return positionals.length === 0
      ? "expected at least one file"
      : { files: positionals, store, grep: values.grep ?? "" }
  } catch (error) {
    return (error as Error).message
  }
}

function load(file: string): readonly Scenario[] | string {
  try {
    return Recording.parse(readFileSync(file, "utf8"))
  } catch (error) {
    if (error instanceof Recording.Unreadable) return `${file}:${error.line}: ${error.message}`
    return `cannot read ${file}: ${(error as Error).message}`
  }
}

function show(file: string, id: string, { step, what, differences }: Failure, room: number): string {
  const style = (format: "bold" | "green" | "red", text: string): string =>
    styleText(format, text, { stream: process.stdout })
  return [
    `${style("bold", id)}  step ${step + 1}, ${what}  (${file})`,
    ...differences
      .slice(0, room)
      .map(
        ({ path, expected, actual }) =>
          `  ${path}\n    expected  ${style("green", expected)}\n    actual    ${style("red", actual)}`,
      ),
    "",
  ].join("\n")
}

/** Shows how far it is, on a terminal; without arguments, takes the line away. */
function progress(done?: number, all?: number, id = ""): void {
  if (!process.stdout.isTTY) return
  process.stdout.write(done === undefined ? "\r\u001b[K" : `\r\u001b[K${done}/${all}  ${id}`)
}
