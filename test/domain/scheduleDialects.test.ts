/**
 * What people paste, and what they are told: the table of it in the documentation is what the code says.
 *
 * `OVERDUE_WRITE=1` writes the table anew, for somebody to read through.
 */
import { readFileSync, writeFileSync } from "node:fs"
import * as Schedule from "@overdue/core/Schedule"
import type { ScheduleError } from "@overdue/core/schedule/ScheduleError"
import * as Zone from "@overdue/core/Zone"
import * as Result from "effect/Result"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { shown } from "./spec/Law.ts"
import * as ArbitrarySchedule from "./ArbitrarySchedule.ts"
import { underSeeds } from "./Seeds.ts"

const documentation = new URL("../../packages/core/src/schedule/DIALECTS.md", import.meta.url)
const pasted = readFileSync(new URL("pastedSchedules.txt", import.meta.url), "utf8")
  .split("\n")
  .filter((line) => line !== "")

const after = Date.UTC(2026, 10, 26)

/** The first words of most errors, which say only that a schedule is wanted. */
const usual = /^(?:five cron fields \(.+?\)|a cron expression of five fields or an OnCalendar expression); /

const code = (text: string): string => `\`${text.replaceAll("|", "\\|")}\``

const said = ({ field, expected }: ScheduleError): string =>
  usual.test(expected) ? expected.replace(usual, "") : `${field}: expected ${expected}`

const row = (text: string): string => {
  const schedule = Schedule.read(text, Zone.utc)
  const cells = Result.isSuccess(schedule)
    ? [
        Schedule.explain(schedule.success),
        Schedule.remarks(schedule.success, after)
          .map((remark) => remark.text)
          .join(" "),
      ]
    : ["", said(schedule.failure)]
  return `| ${[code(text), ...cells.map((cell) => cell.replaceAll("|", "\\|"))].join(" | ")} |`
}

const table = `# What people paste, and what they are told

\`Schedule.read\` reads five cron fields, several such lines, the nicknames of crontab(5), OnCalendar, intervals
(\`every 2 weeks from 2026-01-05 09:00\`) and \`never\`. Of every other text it says which dialect it is, and what to
write here. Below is what it makes of texts as they are pasted; [a test](../../../../test/domain/scheduleDialects.test.ts)
writes this table and holds it to the code.

Nothing is guessed: a line that is offered with "write … instead" is read here, and means the same where it comes from.

| pasted | read as | what is said |
|---|---|---|
${pasted.map(row).join("\n")}
`

describe("what people paste", () => {
  it("is answered as the documentation says", () => {
    if (process.env["OVERDUE_WRITE"] === "1") writeFileSync(documentation, table)
    expect(readFileSync(documentation, "utf8")).toBe(table)
  })

  shown(undefined, "around a cron line, is taken off: the line itself is offered", () =>
    underSeeds(
      fc.property(
        ArbitrarySchedule.cronExpression(fc.constant(5)),
        fc.constantFrom<readonly [before: string, behind: string]>(
          ['"', '"'],
          ["“", "”"],
          ["'", ""],
          ["", ";"],
          ["", " \\n"],
          ["\ufeff", ""],
          ["", "\u200b"],
          ["- cron: '", "'"],
          ["", "  # nightly"],
          ["", " /usr/bin/backup --all"],
          ["", " root /usr/bin/backup"],
          ["", " Europe/Riga"],
          ["CRON_TZ=Europe/Riga ", ""],
          ["# nightly\nMAILTO=root\n", " /usr/bin/backup"],
        ),
        (line, [before, behind]) => {
          const schedule = Schedule.validate(line, Zone.utc)
          if (Result.isFailure(schedule)) return
          const { rewritten } = Result.getOrThrow(
            Result.flip(Schedule.read(before + line + behind, Zone.utc)),
          )
          const again = Result.getOrThrow(Schedule.read(rewritten ?? "nothing", Zone.utc))
          expect(Schedule.print(again)).toBe(Schedule.print(schedule.success))
        },
      ),
      1000,
    ),
  )

  it.each(pasted)("is answered in its own words: %s", (text) => {
    for (const reading of [Schedule.read, Schedule.readExact, Schedule.validate]) {
      const schedule = reading(text, Zone.utc)
      if (Result.isSuccess(schedule)) continue
      const { rewritten, expected } = schedule.failure
      // A text of five words is cron, whatever is wrong with it.
      if (text.split(/\s+/).length === 5) expect(expected).not.toMatch(/\[weekdays\]|\* alone/)
      if (rewritten === undefined) continue
      expect(Result.isSuccess(reading(rewritten, Zone.utc))).toBe(true)
      expect(expected).toContain(rewritten)
    }
  })
})
