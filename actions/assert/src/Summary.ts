/** The table in the summary of the job. */
import { summary } from "@actions/core"
import type { Finding } from "./Answer.ts"
import { ago } from "./Answer.ts"

const marks: Readonly<Record<Finding["status"], string>> = {
  up: "🟢",
  grace: "🟡",
  down: "🔴",
  new: "⚪",
  paused: "⏸️",
  missing: "❔",
}

/** Adds the table to the summary; `now` in epoch milliseconds. */
export const write = async (findings: readonly Finding[], headline: string, now: number): Promise<void> => {
  const header = ["OK", "Check", "Status", "Last ping", "Next due", "Reason"].map((data) => ({
    data,
    header: true,
  }))
  const rows = findings.map(({ ok, name, status, last_ping, next_ping, reason }) => [
    ok ? "✅" : "❌",
    escape(name),
    `${marks[status]} ${status}`,
    last_ping === null ? "never" : `${ago(last_ping, now)} ago`,
    next_ping === null ? "–" : due(next_ping, now),
    // The toolkit leaves out the end tag of an empty cell.
    escape(reason) || "–",
  ])
  await summary
    .addHeading(escape(headline), 3)
    .addTable([header, ...rows])
    .write()
}

const due = (instant: string, now: number): string => {
  const ahead = Date.parse(instant) - now
  return ahead >= 0 ? `in ${ago(new Date(now - ahead).toISOString(), now)}` : `${ago(instant, now)} ago`
}

/** The summary is HTML, and names may hold any text. */
const escape = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => `&#${character.codePointAt(0)};`)
