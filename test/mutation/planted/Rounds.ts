/** Bugs of checks that are asked: what rounds mean, when they are due, and who asks. */
import type { Bug } from "./Bug.ts"

const rounds = "packages/core/src/probe/Rounds.ts"
const turn = "packages/core/src/probe/Turn.ts"
const reports = "packages/core/src/machine/Reports.ts"
const turns = "packages/storage/src/tables/Turns.ts"
const ofRounds = ["test/domain/rounds.test.ts"]
const ofStore = ["packages/storage/test/Sqlite.test.ts"]

export const ofProbedChecks: readonly Bug[] = [
  {
    what: "half of the regions that fail take a check down",
    file: "packages/core/src/Probe.ts",
    original: "2 * results.filter(({ ok }) => !ok).length > results.length",
    replacement: "2 * results.filter(({ ok }) => !ok).length >= results.length",
    tests: ofRounds,
  },
  {
    what: "a check goes down a round before its grace has passed",
    file: rounds,
    original: "return at - since >= wait ?",
    replacement: "return at - since >= wait - 60_000 ?",
    tests: ofRounds,
  },
  {
    what: "time in which nobody asked counts as time of failure",
    file: rounds,
    original: "if (isMeasured ? isAfterGap === true : at - last.at > gap(probe.every)) return false",
    replacement: "if (isMeasured && isAfterGap === true) return false",
    tests: ofRounds,
  },
  {
    what: "time in which no node was awake counts as time of failure",
    file: rounds,
    original: "return stop === undefined || stop.from >= at",
    replacement: "return stop === undefined || stop.from <= at",
    tests: ofRounds,
  },
  {
    what: "a region whose prober has stopped keeps every round from being told",
    file: rounds,
    original: "const before = isNext ? names(open) : heard",
    replacement: "const before = heard",
    tests: ofRounds,
  },
  {
    what: "a result that comes after its round was told is a round of its own",
    file: rounds,
    original: "if (last !== undefined && report.at <= last.at) {",
    replacement: "if (last !== undefined && report.at < last.at) {",
    tests: ofRounds,
  },
  {
    what: "nothing is heard until a clock that was wrong is where it was",
    file: rounds,
    original: ": 2 * probe.every",
    replacement: ": 999 * 86_400_000",
    tests: ofRounds,
  },
  {
    what: "a certificate is reminded of each minute",
    file: rounds,
    original: "return [...known, ...fresh.map((one) => ({ what, days: one, at }))]",
    replacement: "return [...known]",
    tests: ofRounds,
  },
  {
    what: "an earlier day that is asked for later is a reminder of what was told already",
    file: rounds,
    original: "isDue ||= fresh.some((one) => known.every((other) => one < other.days))",
    replacement: "isDue ||= fresh.length > 0",
    tests: ofRounds,
  },
  {
    what: "reminders of a silenced check are lost",
    file: reports,
    original: `if (state.probing === undefined || state.status !== "up" || isSilent) return`,
    replacement: `if (state.probing === undefined || state.status !== "up") return`,
    tests: ofRounds,
  },
  {
    what: "what is asked before a pause takes a check out of it",
    file: reports,
    original: `if (probe === undefined || status === "paused") return undefined`,
    replacement: `if (probe === undefined) return undefined`,
    tests: ofRounds,
  },
  {
    what: "a failure within a maintenance window counts",
    file: reports,
    original: "if (Deadline.isQuiet(policy, now)) {",
    replacement: "if (Deadline.isQuiet({ ...policy, quiet: [] }, now)) {",
    tests: ofRounds,
  },
  {
    what: "rounds drift: each is due a while after the last one was claimed",
    file: turn,
    original: "slotAt(id, every, now) + every",
    replacement: "now + every",
    tests: ofRounds,
  },
  {
    what: "all checks are asked in the same second",
    file: turn,
    original: "Number.parseInt(id.slice(-8), 16) % every || 0",
    replacement: "0 * id.length",
    tests: ofRounds,
  },
  {
    what: "two nodes ask the same",
    file: turns,
    original: '{ check_key: "integer", region: "text" })',
    replacement: '{ check_key: "integer", region: "text" }, { where: "1 = 0" })',
    tests: ofStore,
    named: "claimed once",
  },
  {
    what: "a prober of one project serves the checks of all",
    file: turns,
    original: 'project === every ? "" : " AND c.project = ?"',
    replacement: 'project === every ? "" : " AND ? = ?"',
    tests: ofStore,
    named: "prober of its own project alone",
  },
  {
    what: "checks of a region whose prober is gone are asked by nobody ever again",
    file: turns,
    original: "AND NOT ${isServed}",
    replacement: "AND false",
    tests: ofStore,
    named: "belongs to its prober as long",
  },
  {
    what: "when one of two probers of a region stops, the other has no checks any more",
    file: turns,
    original: "AND NOT ${isServed}",
    replacement: "AND true",
    tests: ofStore,
    named: "prober of its own project alone",
  },
  {
    what: "a clock that was ahead puts rounds off until it is there again",
    file: turns,
    original: '"UPDATE turns SET due_at = ? WHERE due_at > ? + 2 * every"',
    replacement: '"UPDATE turns SET due_at = ? WHERE due_at > ? + 200000 * every"',
    tests: ofStore,
    named: "once that is set back",
  },
  {
    what: "an uptime monitor that is read from a database is one among heartbeats",
    file: "packages/storage/src/tables/CheckRow.ts",
    original: 'return family === "job" ? null : family',
    replacement: 'return family === "server" ? family : null',
    tests: ofStore,
    named: "where signals come from",
  },
  {
    what: "the result that took a check down is forgotten with the ping",
    file: "packages/core/src/machine/Draft.ts",
    original: "...(result !== undefined && { result: saidBy(result) }),",
    replacement: "...(result === undefined && { result }),",
    tests: ofRounds,
  },
]
