/** Arbitrary versions of check 1 of project 1, with any policy and state. */
import type * as Check from "@overdue/core/Check"
import * as Limits from "@overdue/core/Limits"
import * as Probe from "@overdue/core/Probe"
import type * as Rounds from "@overdue/core/probe/Rounds"
import * as Schedule from "@overdue/core/Schedule"
import * as Every from "@overdue/core/schedule/Every"
import * as Zone from "@overdue/core/Zone"
import * as Result from "effect/Result"
import fc from "fast-check"
import * as StoreFixture from "./StoreFixture.ts"

const spans = fc.integer({ min: 1, max: 400 * 24 * 3_600_000 })
const instants = fc.integer({ min: 0, max: 4_102_444_800_000 })
const texts = fc.oneof(fc.string({ maxLength: 40 }), fc.string({ unit: "grapheme", maxLength: 20 }))
const optional = <A>(arbitrary: fc.Arbitrary<A>) => fc.option(arbitrary, { nil: undefined })

const expressions: readonly (readonly [string, string])[] = [
  ["*/5 * * * *", "UTC"],
  ["15 5 * * mon-fri", "Europe/Riga"],
  ["0 0 L * *", "America/New_York"],
  ["Mon..Fri *-*-* 09:30", "Asia/Tokyo"],
  ["weekly\nmonthly", "UTC"],
  ["0 12 * * 1-5\n0 10 * * 6", "Europe/Riga"],
  ["every 2 weeks from 2026-01-05 09:00", "Europe/Riga"],
  ["never", "UTC"],
]

const schedules: fc.Arbitrary<Schedule.Schedule> = fc.oneof(
  spans.map(Every.make),
  fc
    .constantFrom(...expressions)
    .map(([expression, zone]) =>
      Result.getOrThrow(Schedule.parse(expression, Result.getOrThrow(Zone.make(zone)))),
    ),
)

/** What JSON keeps: it has no negative zero. */
const milliseconds = fc.integer({ min: 0, max: 300_000 }).map((tenths) => tenths / 10)

/** Returns a record of which any member may be missing. */
const partly = <T extends object>(members: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record(members, { requiredKeys: [], noNullPrototype: true })

const probes: fc.Arbitrary<Probe.Probe> = partly<Omit<Probe.Probe, "url">>({
  every: fc.integer({ min: Limits.shortestRound, max: Limits.longestRound }),
  grace: spans,
  recovery: spans,
  regions: fc.uniqueArray(fc.constantFrom("eu-central-1", "us-east-1", "lab"), { maxLength: 3 }),
  method: fc.constantFrom("GET", "POST", "HEAD"),
  headers: fc.dictionary(fc.stringMatching(/^[a-z-]{1,9}$/), texts, { maxKeys: 2, noNullPrototype: true }),
  body: texts,
  followsRedirects: fc.boolean(),
  verifiesCertificate: fc.boolean(),
  conditions: fc.array(
    fc.record({
      of: fc.constantFrom("json", "body", "status", "time", "header", "certificate", "domain", "value"),
      key: texts,
      operator: fc.constantFrom("equal", "not-equal", "contains", "greater-than", "at-most"),
      values: fc.array(texts, { maxLength: 2 }),
    }),
    { maxLength: 2 },
  ),
  remind: partly({
    certificate: fc.array(fc.nat(365), { maxLength: 2 }),
    domain: fc.array(fc.nat(365), { maxLength: 2 }),
  }),
}).map((given) => Probe.make({ url: "https://example.org", ...given }))

const rounds: fc.Arbitrary<Rounds.Round> = fc.record({
  at: instants,
  results: fc.array(
    fc.record(
      {
        region: fc.constantFrom("", "eu-central-1", "us-east-1"),
        ok: fc.boolean(),
        statusCode: fc.integer({ min: 100, max: 599 }),
        reason: texts,
        value: milliseconds,
        timings: fc.record(
          {
            dns: milliseconds,
            connect: milliseconds,
            tls: milliseconds,
            firstByte: milliseconds,
            whole: milliseconds,
          },
          { requiredKeys: ["whole"] },
        ),
        certificate: fc.record(
          {
            host: texts,
            issuer: texts,
            subject: texts,
            validFrom: instants,
            validTo: instants,
            error: texts,
          },
          { requiredKeys: ["host", "issuer", "subject", "validFrom", "validTo"] },
        ),
        registration: fc.record(
          { domain: texts, registrar: texts, expiresAt: instants, error: texts },
          { requiredKeys: ["domain"] },
        ),
      },
      { requiredKeys: ["region", "ok", "timings"] },
    ),
    { maxLength: 3 },
  ),
})

const policies: fc.Arbitrary<Check.Policy> = fc.record({
  schedule: schedules,
  grace: spans,
  maxRuntime: fc.oneof(fc.constant("never" as const), optional(spans)),
  minRuntime: optional(spans),
  early: fc.oneof(fc.constant(0), spans),
  startSatisfies: fc.boolean(),
  armed: fc.boolean(),
  runs: fc.constantFrom("latest", "every"),
  alert: fc.record({
    failures: fc.integer({ min: 1, max: 3 }),
    outOf: fc.integer({ min: 3, max: 32 }),
    recoveries: fc.integer({ min: 1, max: 32 }),
  }),
  quiet: fc.array(
    fc.oneof(
      fc.record({ schedule: schedules, duration: spans }),
      fc.record({ from: instants, to: instants }),
    ),
    { maxLength: 3 },
  ),
  remindEvery: optional(fc.integer({ min: Limits.shortestReminder, max: 400 * 24 * 3_600_000 })),
  notifyOnFirstPing: fc.boolean(),
  manualResume: fc.boolean(),
  methods: fc.subarray(["GET", "POST", "HEAD"]),
  filters: fc.record({
    subject: fc.boolean(),
    body: fc.boolean(),
    httpBody: fc.boolean(),
    defaultFail: fc.boolean(),
    startKeywords: texts,
    successKeywords: texts,
    failureKeywords: texts,
  }),
  probe: optional(probes),
})

const details: fc.Arbitrary<Check.Details> = fc.record({
  name: texts,
  slug: fc.stringMatching(/^[a-z0-9-_]{0,20}$/),
  tags: texts,
  description: texts,
  channels: fc.uniqueArray(fc.integer({ min: 1, max: 9 }).map(StoreFixture.channelId), { maxLength: 4 }),
  group: optional(fc.uuid()),
  isServer: fc.boolean(),
  after: fc.constantFrom("", "database", "db network"),
  extension: fc.dictionary(
    fc.stringMatching(/^[a-z]{1,9}$/),
    // JSON has no negative zero.
    // safe because what is printed and parsed is a JSON value again.
    fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.parse(JSON.stringify(value)) as typeof value),
    { maxKeys: 2 },
  ),
})

const states: fc.Arbitrary<Check.State> = fc.record({
  status: fc.constantFrom("new", "up", "down", "paused"),
  lastPing: optional(instants),
  lastSuccess: optional(instants),
  lastDuration: optional(fc.nat()),
  pings: fc.nat(),
  flips: fc.nat(),
  totals: fc.record({
    successes: fc.nat(),
    missed: fc.nat(),
    missedSince: optional(instants),
    up: fc.nat(),
    down: fc.nat(),
  }),
  runs: fc.array(fc.record({ rid: optional(fc.uuid()), startedAt: instants, overran: fc.boolean() }), {
    maxLength: 5,
  }),
  outcomes: fc.record({
    failed: fc.integer({ min: 0, max: 0xffffffff }),
    count: fc.integer({ min: 0, max: 32 }),
  }),
  failure: optional(
    fc.record({
      missed: optional(instants),
      at: optional(instants),
      rid: optional(fc.uuid()),
      isReported: fc.boolean(),
    }),
  ),
  anchor: optional(instants),
  anchorIsSignal: fc.boolean(),
  deadline: optional(instants),
  toldAt: optional(instants),
  tellAt: optional(instants),
  silencedUntil: optional(instants),
  probing: optional(
    fc.record({
      last: optional(rounds),
      toldAt: optional(instants),
      open: optional(rounds),
      pendingSince: optional(instants),
      reminded: fc.array(
        fc.record({ what: fc.constantFrom("certificate", "domain"), days: fc.nat(365), at: instants }),
        { maxLength: 2 },
      ),
      heard: fc.subarray(["eu-central-1", "us-east-1"]),
      unjudged: optional(fc.record({ at: instants, region: texts, why: texts })),
    }),
  ),
  flippedAt: instants,
})

/** Any version of the check. */
export const checks: fc.Arbitrary<Check.Check> = fc.record({
  id: fc.constant(StoreFixture.checkId(1)),
  project: fc.constant(StoreFixture.projectId(1)),
  badgeKey: fc.uuid(),
  createdAt: instants,
  updatedAt: instants,
  details,
  policy: policies,
  state: states,
})

/** Returns a check as plain data, because schedules hold tables for speed that do not compare. */
export const plain = (check: Check.Check): unknown => ({
  ...check,
  policy: {
    ...check.policy,
    schedule: Schedule.encode(check.policy.schedule),
    quiet: plainQuiet(check.policy.quiet),
  },
})

/** Returns quiet windows as plain data. */
export const plainQuiet = (windows: readonly Check.QuietWindow[]): readonly unknown[] =>
  windows.map((window) =>
    "schedule" in window ? { ...window, schedule: Schedule.encode(window.schedule) } : window,
  )
