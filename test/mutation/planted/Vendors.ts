/** Bugs of the APIs of other services: whose things are seen, what is counted, and what clients of theirs rely on. */
import type { Bug } from "./Bug.ts"

const serials = "packages/storage/src/tables/Serials.ts"
const totals = "packages/core/src/Totals.ts"
const listings = "packages/storage/src/tables/Listings.ts"
const api = "packages/server/src/rest/Api.ts"
const ofStore = ["packages/storage/test/Sqlite.test.ts"]
const ofTotals = ["test/domain/totals.test.ts"]
const ofCronhub = ["packages/server/test/dialects/cronhub/Monitors.test.ts"]
const ofRoundTrips = ["packages/server/test/dialects/roundTrips.test.ts"]
const ofAll = ["packages/server/test/dialects/cross.test.ts"]

export const vendors: readonly Bug[] = [
  {
    what: "two checks of a project have the same number",
    file: serials,
    original: "last - count + 1 + index",
    replacement: "last - count + index",
    tests: ofStore,
    named: "counts from 1 in each project",
  },
  {
    what: "the checks of a migrated database are numbered across projects",
    file: "packages/storage/src/migrations/0010.ts",
    original: "row_number() OVER (PARTITION BY project ORDER BY key)",
    replacement: "1 + row_number() OVER (ORDER BY key)",
    tests: ofStore,
    named: "earlier version",
  },
  {
    what: "time that a check was down counts as time up",
    file: totals,
    original: `return status === "down" ? { ...totals, down: totals.down + lasted } : totals`,
    replacement: `return status === "down" ? { ...totals, up: totals.up + lasted } : totals`,
    tests: ofTotals,
  },
  {
    what: "runs are missed while somebody has paused the check",
    file: totals,
    original: "  missedSince: undefined,\n})\n\n/** Returns the totals when a person expects it again",
    replacement: "})\n\n/** Returns the totals when a person expects it again",
    tests: ofTotals,
  },
  {
    what: "a search finds names by wildcards of SQL",
    file: listings,
    original: `ask("replace(lower(c.name), ?, '') <> lower(c.name)", Listing.folded(nameContains))`,
    replacement: `ask("lower(c.name) LIKE '%' || ? || '%'", Listing.folded(nameContains))`,
    tests: ofStore,
    named: "finds by number, id, a part of the name",
  },
  {
    what: "checks that are equal in what a page is ordered by come in any order, so that pages repeat and skip some",
    file: listings,
    original: "ORDER BY ${key} ${direction}, c.serial ${direction}",
    replacement: "ORDER BY ${key} ${direction}",
    tests: ofStore,
    named: "equal ones by number",
  },
  {
    what: "whoever asks for a long list again and again has each made beside the others, and pings wait for all",
    file: api,
    original: "if (operation.isLong !== true) return",
    replacement: "if (operation.run !== undefined) return",
    tests: ["packages/server/test/rest/LongLists.test.ts"],
  },
  {
    what: "an API of another service makes a long list in one go, and pings wait for it",
    file: "packages/server/src/http/SlicedBody.ts",
    original: "if (next > 0) yield* Effect.yieldNow",
    replacement: "if (next < 0) yield* Effect.yieldNow",
    tests: ["packages/server/test/rest/LongLists.test.ts"],
  },
  {
    what: "a client of Healthchecks that sends back what it was shown has every method of a heartbeat count",
    file: "packages/server/src/dialects/healthchecks/checks/Versions.ts",
    original: "given === methodsOf(change) ? undefined :",
    replacement: "given === undefined ? undefined :",
    tests: ofRoundTrips,
  },
  {
    what: "answers at a host of its own lead elsewhere",
    file: "packages/server/src/dialects/Mounts.ts",
    original: "Site.onHost(site, host)",
    replacement: "Site.below(site, dialect.mount)",
    tests: ["packages/server/test/dialects/Dialects.test.ts"],
  },
  {
    what: "a form of 66uptime that is sent back makes a period of a schedule of weekdays",
    file: "packages/server/src/dialects/uptime66/Heartbeat.ts",
    original: "(isAsShown || !(isIntervalGiven || isGraceGiven))",
    replacement: "!(isIntervalGiven || isGraceGiven)",
    tests: ofRoundTrips,
  },
  {
    what: "a form of 66uptime that is sent back after the weekend makes a period of a schedule of weekdays",
    file: "packages/core/src/Schedule.ts",
    original: "slots[index]! + gap === slot",
    replacement: "index === 0 && slots[index]! + gap === slot",
    tests: ofRoundTrips,
    named: "days later",
  },
  {
    what: "who renames a check by Pinghome with all that was shown loses its schedule",
    file: "packages/server/src/dialects/pinghome/Heartbeat.ts",
    original: "name !== undefined && Schedule.hasGap(",
    replacement: "name === null && Schedule.hasGap(",
    tests: ofRoundTrips,
  },
  {
    what: "a check that was switched off ignores pings after every later pause",
    file: "packages/core/src/Switch.ts",
    original: "plan.policy.manualResume && before.manualResume !== false",
    replacement: "plan.policy.manualResume",
    tests: ofRoundTrips,
  },
  {
    what: "a job that another API resumes is never heard of after its next pause",
    file: "packages/engine/src/commands/Resume.ts",
    original: "Switch.on(resumed)",
    replacement: "Switch.to(undefined, resumed)",
    tests: ofRoundTrips,
  },
  {
    what: "a monitor that has missed its slot while it runs is no alert",
    file: "packages/server/src/dialects/cronhub/Monitor.ts",
    original: " && !hasMissedItsEnd(settled)",
    replacement: "",
    tests: ofCronhub,
  },
  {
    what: "who names no handler by any id has all handlers taken from a heartbeat",
    file: "packages/server/src/dialects/uptime66/Values.ts",
    original: "found.length > 0 || given.every(isEmpty)",
    replacement: "given.length > 0",
    tests: ["packages/server/test/dialects/uptime66/Heartbeats.test.ts"],
  },
  {
    what: "a read-only key writes by the API of another service",
    file: api,
    original: "need: operation.access",
    replacement: `need: "read"`,
    tests: ofCronhub,
  },
  {
    what: "who asks for a check of another project by the API of another service learns that there is one",
    file: api,
    original: "CheckForbidden: say(words.notFound(check)),",
    replacement: `CheckForbidden: say(words.refused(403, "it is another project's")),`,
    tests: ["packages/server/test/dialects/uptime66", "packages/server/test/dialects/pinghome", ...ofCronhub],
  },
  {
    what: "a monitor of Cronhub without a running time is down after its grace",
    file: "packages/server/src/dialects/cronhub/Monitor.ts",
    original: `entered === undefined ? "never" :`,
    replacement: "entered === undefined ? grace_period * minute :",
    tests: ofCronhub,
  },
  {
    what: "a heartbeat of 66uptime that is down is OK",
    file: "packages/server/src/dialects/uptime66/Shown.ts",
    original: "const isOk = !isDown(settled)",
    replacement: "const isOk = isDown(settled) || true",
    tests: ofAll,
  },
  {
    what: "a heartbeat of Pinghome that is switched off goes on",
    file: "packages/engine/src/commands/Create.ts",
    original: 'isOn ? "resume" : "pause"',
    replacement: 'isOn ? "resume" : "resume"',
    tests: ["packages/server/test/dialects/pinghome/Heartbeats.test.ts"],
  },
  {
    what: "of several heartbeats some are deleted although one is another project's",
    file: "packages/server/src/dialects/pinghome/Subject.ts",
    original: "Delete.several(project.id, ids, isOne(kind))",
    replacement: "Effect.forEach(ids, (id) => Delete.run({ project: project.id, id }))",
    tests: ["packages/server/test/dialects/pinghome/Heartbeats.test.ts"],
  },
  {
    what: "a key that clients of another service hold cannot be taken over",
    file: "packages/cli/src/commands/keys/create.ts",
    original: "broughtKey.pattern.test(key)",
    replacement: "apiKey.pattern.test(key)",
    tests: ["packages/cli/test/commands/secret.test.ts"],
    named: "clients of another service",
  },
]
