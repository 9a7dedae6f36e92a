/**
 * A policy as one JSON text. A field that has the value in `absent` is left out, so a new field of policies needs no
 * migration.
 */
import { noFilters, type Policy } from "@overdue/core/Check"
import * as Limits from "@overdue/core/Limits"
import * as Probe from "@overdue/core/Probe"
import * as ProbeRefusal from "@overdue/core/probe/ProbeRefusal"
import * as Schedule from "@overdue/core/Schedule"
import * as Schema from "effect/Schema"
import * as QuietText from "./QuietText.ts"
import * as Row from "./Row.ts"

/** How many texts the cache holds. Policies repeat a lot, and a hit costs a tenth of reading the text. */
const cacheSize = 4096

const outcomes = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: Limits.outcomes }))

/** A field of policies that is missing here would be written and never read back: so it does not compile. */
const fields = {
  schedule: QuietText.StoredSchedule,
  grace: Row.StoredSpan,
  maxRuntime: Schema.optionalKey(Schema.Union([Row.StoredSpan, Schema.Literal("never")])),
  minRuntime: Schema.optionalKey(Row.StoredSpan),
  early: Schema.optionalKey(Row.StoredSpan),
  startSatisfies: Schema.optionalKey(Schema.Boolean),
  armed: Schema.optionalKey(Schema.Boolean),
  runs: Schema.optionalKey(Schema.Literals(["latest", "every"])),
  alert: Schema.optionalKey(Schema.Struct({ failures: outcomes, outOf: outcomes, recoveries: outcomes })),
  quiet: Schema.optionalKey(QuietText.Stored),
  // Reminders are looked at one by one, so that those of each millisecond of a year would never come to an end.
  remindEvery: Schema.optionalKey(
    Row.StoredSpan.check(Schema.isGreaterThanOrEqualTo(Limits.shortestReminder)),
  ),
  notifyOnFirstPing: Schema.optionalKey(Schema.Boolean),
  manualResume: Schema.optionalKey(Schema.Boolean),
  methods: Schema.optionalKey(Schema.Array(Schema.String)),
  filters: Schema.optionalKey(
    Schema.Struct({
      subject: Schema.Boolean,
      body: Schema.Boolean,
      httpBody: Schema.Boolean,
      defaultFail: Schema.Boolean,
      startKeywords: Schema.String,
      successKeywords: Schema.String,
      failureKeywords: Schema.String,
    }),
  ),
  // What a probe leaves out is as in `Probe.defaults`, which is part of the format as well.
  probe: Schema.optionalKey(
    Schema.Struct({
      url: Schema.String,
      every: Schema.optionalKey(Row.StoredSpan.check(Schema.isGreaterThanOrEqualTo(Limits.shortestRound))),
      grace: Schema.optionalKey(Row.StoredSpan),
      recovery: Schema.optionalKey(Row.StoredSpan),
      regions: Schema.optionalKey(Schema.Array(Schema.String)),
      method: Schema.optionalKey(Schema.String),
      headers: Schema.optionalKey(Schema.Record(Schema.String, Schema.String)),
      body: Schema.optionalKey(Schema.String),
      followsRedirects: Schema.optionalKey(Schema.Boolean),
      verifiesCertificate: Schema.optionalKey(Schema.Boolean),
      conditions: Schema.optionalKey(
        Schema.Array(
          Schema.Struct({
            of: Schema.Literals(ProbeRefusal.subjectNames),
            key: Schema.String,
            operator: Schema.Literals(ProbeRefusal.operators),
            values: Schema.Array(Schema.String),
          }),
        ),
      ),
      remind: Schema.optionalKey(
        Schema.Struct({
          certificate: Schema.optionalKey(Schema.Array(Schema.Int)),
          domain: Schema.optionalKey(Schema.Array(Schema.Int)),
        }),
      ),
    } satisfies Readonly<Record<keyof Probe.Probe, Schema.Top>>),
  ),
} satisfies Readonly<Record<keyof Policy, Schema.Top>>

const Stored = Schema.Struct(fields)

const decodeStored = Row.document(Stored)
const encodeStored = Schema.encodeUnknownSync(Schema.fromJsonString(Stored), { onExcessProperty: "error" })

/**
 * What a field means that a text leaves out. These values are part of the format: they stay whatever new checks have by
 * default, because texts that were written long ago rely on them.
 */
const absent: Omit<Policy, "schedule" | "grace"> = {
  early: 0,
  maxRuntime: undefined,
  minRuntime: undefined,
  startSatisfies: false,
  armed: false,
  runs: "every",
  alert: { failures: 1, outOf: 1, recoveries: 1 },
  quiet: [],
  remindEvery: undefined,
  notifyOnFirstPing: false,
  manualResume: false,
  methods: [],
  filters: noFilters,
  probe: undefined,
}

const cache = new Map<string, Policy>()

/** Returns the policy that a text stands for, mostly the same object for the same text; throws when it is none. */
export const decode = (text: string): Policy => {
  const known = cache.get(text)
  if (known !== undefined) return known
  const policy = read(text)
  if (cache.size >= cacheSize) cache.delete(cache.keys().next().value!)
  cache.set(text, policy)
  return policy
}

/** Returns the text of a policy; throws when `decode` could not read it. */
export const encode = (policy: Policy): string => {
  const { schedule, grace, quiet, probe, ...rest } = policy
  const stored: Record<string, unknown> = { schedule: Schedule.encode(schedule), grace }
  if (quiet.length > 0) stored["quiet"] = QuietText.write(quiet)
  if (probe !== undefined) stored["probe"] = withoutUsual(probe)
  for (const [field, value] of Object.entries(rest)) {
    const isUsual = JSON.stringify(value) === JSON.stringify(absent[field as keyof typeof rest]) // safe because `rest` has the field
    if (!isUsual) stored[field] = value
  }
  return encodeStored(stored)
}

const withoutUsual = ({ url, ...rest }: Probe.Probe) => {
  const isUsual = ([name, value]: readonly [string, unknown]): boolean =>
    JSON.stringify(value) === JSON.stringify(Probe.defaults[name as keyof typeof rest]) // safe because `rest` has the member
  return { url, ...Object.fromEntries(Object.entries(rest).filter((member) => !isUsual(member))) }
}

const column = "policy"

const read = (text: string): Policy => {
  const { schedule, quiet, probe, ...rest } = decodeStored(text, column)
  return {
    ...absent,
    ...rest,
    schedule: QuietText.readSchedule(schedule, { column, field: "schedule" }),
    quiet: quiet === undefined ? absent.quiet : QuietText.read(quiet, { column, field: "quiet" }),
    probe: probe && Probe.make(probe),
  }
}
