/** Bugs of thresholds: what people write, what reports of servers make of them, and how they are found. */
import type { Bug } from "./Bug.ts"

const ofText = ["core/test/Threshold.test.ts"]
const ofReports = ["pinghome/Thresholds.test.ts"]
const ofBatches = ["engine/test/commands/Thresholds.test.ts"]
const ofFiles = ["packages/storage/test/Thresholds.test.ts"]
const ofStore = ["packages/storage/test/Sqlite.test.ts"]

export const ofThresholds: readonly Bug[] = [
  {
    what: "a threshold is passed by the number that it names",
    file: "packages/core/src/probe/Threshold.ts",
    original: '">": "at-most"',
    replacement: '">": "less-than"',
    tests: ofText,
  },
  {
    what: "the text of a threshold loses for how long",
    file: "packages/core/src/probe/Threshold.ts",
    original: 'const lasting = probe.grace === 0 ? "" : ` for ${spanText(probe.grace)}`',
    replacement: 'const lasting = ""',
    tests: ofText,
  },
  {
    what: "a threshold has answered in no time",
    file: "packages/core/src/Probe.ts",
    original: "value === undefined ? timings.whole : undefined",
    replacement: "value === undefined ? timings.whole : timings.whole",
    tests: ofReports,
  },
  {
    what: "a prober claims thresholds, which nobody can ask",
    file: "packages/core/src/probe/Turn.ts",
    original: 'state.status === "paused" || Threshold.is(probe)',
    replacement: 'state.status === "paused"',
    tests: ofStore,
    named: "never comes of a threshold",
  },
  {
    what: "a report that an agent has held up raises an alarm too soon",
    file: "packages/core/src/probe/Rounds.ts",
    original: "const at = Threshold.is(probe) ? round.at : now",
    replacement: "const at = now",
    tests: ofReports,
  },
  {
    what: "time in which a server did not report counts as time above a threshold",
    file: "packages/core/src/probe/Rounds.ts",
    original: "isMeasured ? isAfterGap === true :",
    replacement: "isMeasured ? false :",
    tests: ofReports,
  },
  {
    what: "reports that come every five minutes break a threshold",
    file: "packages/engine/src/commands/receive/Thresholds.ts",
    original: "lateAt !== undefined && to > lateAt",
    replacement: "to > from + 150_000",
    tests: ofReports,
  },
  {
    what: "a threshold hears nothing of a server whose clock is ahead",
    file: "packages/core/src/probe/Rounds.ts",
    original: "Threshold.is(probe) ? Limits.sampleAhead : 2 * probe.every",
    replacement: "2 * probe.every",
    tests: ofReports,
  },
  {
    what: "what was measured in a maintenance window counts when it is reported later",
    file: "packages/core/src/machine/Reports.ts",
    original: "Threshold.is(probe) && Deadline.isQuiet(policy, given.at)",
    replacement: "false",
    tests: ofReports,
  },
  {
    what: "a threshold judges what is another series",
    file: "packages/engine/src/commands/receive/Thresholds.ts",
    original: "bySeries.get(watched.series) ?? []",
    replacement: "samples",
    tests: ofReports,
  },
  {
    what: "a threshold may watch a check of another project",
    file: "packages/engine/src/commands/Watched.ts",
    original: "found.project === project && ",
    replacement: "",
    tests: ofReports,
  },
  {
    what: "a threshold may watch a job",
    file: "packages/engine/src/commands/Watched.ts",
    original: ' && Check.familyOf(found) === "server"',
    replacement: "",
    tests: ofReports,
  },
  {
    what: "a threshold whose server was deleted cannot be changed",
    file: "packages/engine/src/commands/Watched.ts",
    original: "|| limitOf(policy) === limitOf(existing?.policy)",
    replacement: "",
    tests: ofReports,
  },
  {
    what: "a threshold whose server was deleted gets another limit",
    file: "packages/engine/src/commands/Watched.ts",
    original: "watched.series, Conditions.question(policy.probe.conditions)]",
    replacement: "watched.series]",
    tests: ofReports,
  },
  {
    what: "nothing says of a threshold that its server was deleted",
    file: "packages/server/src/dialects/Watched.ts",
    original: 'if (server === "gone") return',
    replacement: 'if (server === "gone") return [] ??',
    tests: ofReports,
  },
  {
    what: "a check that watches another server is judged by the old one",
    file: "packages/storage/src/tables/CheckRow.ts",
    original: "Row.orNull(Threshold.serverOf(policy)),",
    replacement: "null,",
    tests: ofStore,
    named: "the thresholds on a server",
  },
  {
    what: "pings of checks that are no servers look for thresholds",
    file: "packages/engine/src/commands/receive/Batch.ts",
    original: 'samples.length > 0 && "id" in target',
    replacement: '"id" in target',
    tests: ofBatches,
  },
  {
    what: "every report of a server looks at all checks of the installation",
    file: "packages/storage/src/migrations/0013.ts",
    original: "ON checks (watches) WHERE watches IS NOT NULL",
    replacement: "ON checks (family) WHERE family IS NOT NULL",
    tests: ofFiles,
  },
  {
    what: "a damaged threshold keeps the reports of its server from being received",
    file: "packages/storage/src/tables/CheckLocks.ts",
    original: "const stored = isNamed ?",
    replacement: "const stored = isNamed || true ?",
    tests: ofFiles,
  },
]
