/** Bugs of samples: what is lost, counts twice, lies in the wrong bucket, or holds others up. */
import type { Bug } from "./Bug.ts"

const tables = "packages/storage/src/tables"
const thinner = `${tables}/Thinning.ts`
const ofStore = ["packages/storage/test/Sqlite.test.ts"]
const ofMany = ["packages/storage/test/Thinning.test.ts"]
const ofBuckets = ["packages/core/test/sample/Bucket.test.ts"]

const ofStores: readonly Bug[] = [
  {
    what: "a sample that a minute has already takes its place when it comes late",
    file: thinner,
    original: "Bucket.widen(width, [...known, ...more])",
    replacement: "Bucket.widen(width, more)",
    tests: ofStore,
    named: "come late",
  },
  {
    what: "samples of the minute that is just getting old are thinned before it is whole",
    file: thinner,
    original: "Math.max(0, Bucket.startOf(width, before))",
    replacement: "Math.max(0, before)",
    tests: ofStore,
    named: "before they are thinned",
  },
  {
    what: "minutes stay beside the hours that they became",
    file: thinner,
    original: `"DELETE FROM buckets WHERE series_key = ? AND is_hour = 0 AND at = ?",
    found.map(({ at }) => [series.key, at]),`,
    replacement: `"DELETE FROM buckets WHERE series_key = ? AND is_hour = 0 AND at = ?",
    found.slice(1).map(({ at }) => [series.key, at]),`,
    tests: ofStore,
    named: "thinned samples",
  },
  {
    what: "all old samples of a series are thinned in one transaction",
    file: thinner,
    original: "const atOnce = 200",
    replacement: "const atOnce = 200_000",
    tests: ofMany,
  },
  {
    what: "the samples of a check that was deleted among others stay for ever",
    file: thinner,
    original: "  yield* clear(database)\n",
    replacement: "",
    tests: ofMany,
  },
  {
    what: "a series of which nothing is left stays",
    file: thinner,
    original: "  if (found.length < atOnce) yield* dropEmpty(connection, key)\n",
    replacement: "",
    tests: ofStore,
    named: "all of their hour is old",
  },
  {
    what: "the samples of a deleted check wait for the next pruning",
    file: `${tables}/Clearing.ts`,
    original: "Effect.ignore(Thinning.clear(database))",
    replacement: "Effect.void",
    tests: ofMany,
  },
  {
    what: "a report that comes again fails for ever",
    file: `${tables}/Samples.ts`,
    original: '"ON CONFLICT DO NOTHING"',
    replacement: '""',
    tests: ofStore,
    named: "count once",
  },
  {
    what: "a check may have any number of series",
    file: `${tables}/Samples.ts`,
    original: "return count < Limits.series",
    replacement: "return true",
    tests: ofStore,
    named: "more series",
  },
  {
    what: "only the newest day of a long range is read",
    file: `${tables}/Samples.ts`,
    original: "while (found.length < limit) {",
    replacement: "for (; found.length === 0; ) {",
    tests: ofStore,
    named: "begin within the range",
  },
  {
    what: "a bucket that began before the range is a part of it",
    file: `${tables}/Samples.ts`,
    original: "Math.ceil(within(at) / step)",
    replacement: "Math.floor(within(at) / step)",
    tests: ofStore,
    named: "begin within the range",
  },
  {
    what: "the samples of a check that is created later are those of one that was deleted",
    file: "packages/storage/src/migrations/0012.ts",
    original: "ON DELETE SET NULL",
    replacement: "ON DELETE NO ACTION",
    tests: ofStore,
    named: "go with their check",
  },
]

const ofArithmetic: readonly Bug[] = [
  {
    what: "merged buckets forget the failures of one",
    file: "packages/core/src/sample/Bucket.ts",
    original: "all.failures += failures",
    replacement: "all.failures = first.failures",
    tests: ofBuckets,
  },
  {
    what: "percentiles are up to a twelfth too small",
    file: "packages/core/src/sample/Histogram.ts",
    original: "Math.ceil(Math.log(value) / logGrowth)",
    replacement: "Math.floor(Math.log(value) / logGrowth)",
    tests: ofBuckets,
  },
  {
    what: "a percentile is larger than all that was measured",
    file: "packages/core/src/sample/Bucket.ts",
    original: "Math.min(max, Math.max(min, found))",
    replacement: "found",
    tests: ofBuckets,
  },
  {
    what: "an endless number is kept",
    file: "packages/core/src/Sample.ts",
    original: "Math.abs(value) <= Limits.sampleValue",
    replacement: "!Number.isNaN(value)",
    tests: ofBuckets,
  },
]

const batch = "packages/engine/src/commands/receive/Batch.ts"
const bounded = "packages/engine/src/commands/receive/Bounded.ts"
const ofEngine = ["packages/engine/test/Samples.test.ts"]

const ofIngest: readonly Bug[] = [
  {
    what: "a report while somebody has paused the check is kept",
    file: batch,
    original: `logged.kind === "success" ? samples : []`,
    replacement: "samples",
    tests: ofEngine,
  },
  {
    what: "a report that comes again after its samples were thinned counts twice",
    file: bounded,
    original: "at >= now - age && at",
    replacement: "at",
    tests: ofEngine,
  },
  {
    what: "samples of next year are kept",
    file: bounded,
    original: " && at <= now + Limits.sampleAhead",
    replacement: "",
    tests: ofEngine,
  },
  {
    what: "half a million samples are written in one commit",
    file: batch,
    original: "(index > 0 && samples > samplesAtOnce)",
    replacement: "false",
    tests: ofEngine,
  },
  {
    what: "a round that failed in most regions counts as a good one",
    file: batch,
    original: "isFailure: Probe.isBad(round.results)",
    replacement: "isFailure: !telling.ok && round.results.length < 2",
    tests: ofEngine,
  },
  {
    what: "the newest week of a range is cut where the range ends",
    file: "packages/engine/src/queries/Samples.ts",
    original: "const end = endOf(width, to)",
    replacement: "const end = to",
    tests: ofEngine,
  },
]

const pinghome = "packages/server/src/dialects/pinghome"
const ofServers = ["packages/server/test/dialects/pinghome/Servers.test.ts"]

const ofMonitors: readonly Bug[] = [
  {
    what: "the answer to a report says that all was kept of a monitor that is full",
    file: `${pinghome}/ServerReports.ts`,
    original: "!own.every(isKept)",
    replacement: "own.length === 0",
    tests: ofServers,
  },
  {
    what: "who deletes heartbeats deletes servers",
    file: "packages/engine/src/commands/Delete.ts",
    original: "if (!is(found.success)) return",
    replacement: "if (false) return",
    tests: ofServers,
  },
  {
    what: "whoever knows the id of a server says that it is up",
    file: "packages/engine/src/commands/receive/Batch.ts",
    original: 'samples !== undefined || Check.familyOf(check) !== "server"',
    replacement: "true",
    tests: ofServers,
  },
  {
    what: "processes are those of another time than is asked for",
    file: `${pinghome}/ServerMetrics.ts`,
    original: "const isWithin = from <= own.measuredAt && own.measuredAt <= to",
    replacement: "const isWithin = from <= to",
    tests: ofServers,
  },
  {
    what: "a server is asked as well",
    file: "packages/core/src/Policy.ts",
    original: "isServer && planned.probe !== undefined ? reporting : ",
    replacement: "",
    tests: ofServers,
  },
  {
    what: "who deletes a heartbeat deletes a server",
    file: "packages/engine/src/commands/Delete.ts",
    original: "check !== undefined && !is(check)",
    replacement: "false",
    tests: ofServers,
  },
  {
    what: "servers are listed among the heartbeats of a service",
    file: `${pinghome}/Subject.ts`,
    original: "where: { group, family: kind.family }",
    replacement: "where: { group }",
    tests: ofServers,
  },
  {
    what: "servers are heartbeats of 66uptime",
    file: "packages/server/src/dialects/uptime66/Heartbeats.ts",
    original: "    ...family,\n    ...(search",
    replacement: "    ...(search",
    tests: ofServers,
  },
  {
    what: "types of metrics that are not enabled are kept",
    file: `${pinghome}/ServerReports.ts`,
    original: "unlisted.add(type)\n      continue",
    replacement: "unlisted.add(type)",
    tests: ofServers,
  },
  {
    what: "the numbers of a disk whose name has a space are another's",
    file: `${pinghome}/ServerMetric.ts`,
    original: `rest.lastIndexOf(" ")`,
    replacement: `rest.indexOf(" ")`,
    tests: ofServers,
  },
  {
    what: "an update that names one setting of a server forgets the others",
    file: `${pinghome}/ServerResource.ts`,
    original: "{ ...settingsOf({ details }), ...(existing",
    replacement: "{ ...(existing",
    tests: ofServers,
  },
  {
    what: "a server monitor that is created with a name alone keeps nothing",
    file: `${pinghome}/ServerResource.ts`,
    original: "...(existing === undefined && usual(given)), ",
    replacement: "",
    tests: ofServers,
  },
  {
    what: "a busy server that loses one report wakes somebody up",
    file: `${pinghome}/ServerResource.ts`,
    original: "grace: Math.max(minute, 2 * period)",
    replacement: "grace: minute",
    tests: ofServers,
  },
  {
    what: "a report of any size is parsed",
    file: `${pinghome}/ServerEndpoints.ts`,
    original: "        longest: ServerReports.longest,\n",
    replacement: "",
    tests: ofServers,
  },
]

export const samples: readonly Bug[] = [...ofStores, ...ofArithmetic, ...ofIngest, ...ofMonitors]
