/** `pnpm vectors cron|oncalendar FILE…`: checks schedule vectors and prints what differs. */
import { readFileSync } from "node:fs"
import { parseArgs, styleText } from "node:util"
import * as Vector from "./Vector.ts"

const shownAtMost = 20

const usage = `usage: pnpm vectors ${Object.keys(Vector.languages).join("|")} FILE…`

const { positionals } = parseArgs({ allowPositionals: true, strict: false })
process.exitCode = run(positionals)

function run([language, ...files]: ReadonlyArray<string>): number {
  if (language === undefined || !isLanguage(language) || files.length === 0) {
    const why =
      language !== undefined && !isLanguage(language) ? `there are no vectors for "${language}"\n` : ""
    process.stderr.write(`${why}${usage}\n`)
    return 2
  }
  let passed = 0
  let failed = 0
  for (const file of files) {
    const text = read(file)
    if (text === undefined) return 2
    const report = Vector.check(language, text)
    passed += report.passed
    for (const difference of report.differences) {
      if (failed < shownAtMost) process.stdout.write(show(file, difference))
      failed++
    }
  }
  if (failed > shownAtMost) process.stdout.write(`… and ${failed - shownAtMost} more\n`)
  process.stdout.write(`${passed} passed, ${failed} failed\n`)
  return failed === 0 ? 0 : 1
}

function isLanguage(name: string): name is Vector.Language {
  return Object.hasOwn(Vector.languages, name)
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8")
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    process.stderr.write(`cannot read ${file}: ${why}\n`)
    return undefined
  }
}

function show(file: string, { line, vector, expected, got }: Vector.Difference): string {
  const what =
    vector === undefined
      ? "unreadable row"
      : `${JSON.stringify(vector.expr)} in ${vector.tz} after ${vector.after}`
  const place = styleText("bold", `${file}:${line}`, { stream: process.stdout })
  const wanted = styleText("green", expected, { stream: process.stdout })
  const given = styleText("red", got, { stream: process.stdout })
  return `${place}  ${what}\n  expected  ${wanted}\n  got       ${given}\n`
}
