/**
 * A policy as one JSON text. A field that has the value in `absent` is left out, so a new field of policies needs no
 * migration.
 */
import { noFilters, type Policy } from "@overdue/core/Check"
import * as Schedule from "@overdue/core/Schedule"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as QuietText from "./QuietText.ts"
import * as Row from "./Row.ts"

/** How many texts the cache holds. Policies repeat a lot, and a hit costs a tenth of reading the text. */
const cacheSize = 4096

/** A field of policies that is missing here would be written and never read back: so it does not compile. */
const fields = {
  schedule: QuietText.StoredSchedule,
  grace: Schema.Int,
  maxRuntime: Schema.optionalKey(Schema.Union([Schema.Int, Schema.Literal("never")])),
  minRuntime: Schema.optionalKey(Schema.Int),
  early: Schema.optionalKey(Schema.Int),
  startSatisfies: Schema.optionalKey(Schema.Boolean),
  armed: Schema.optionalKey(Schema.Boolean),
  runs: Schema.optionalKey(Schema.Literals(["latest", "every"])),
  alert: Schema.optionalKey(
    Schema.Struct({ failures: Schema.Int, outOf: Schema.Int, recoveries: Schema.Int }),
  ),
  quiet: Schema.optionalKey(QuietText.Stored),
  remindEvery: Schema.optionalKey(Schema.Int),
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
} satisfies Readonly<Record<keyof Policy, Schema.Top>>

const Stored = Schema.Struct(fields)

const decodeStored = Schema.decodeUnknownResult(Schema.fromJsonString(Stored))
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
  const { schedule, grace, quiet, ...rest } = policy
  const stored: Record<string, unknown> = { schedule: Schedule.encode(schedule), grace }
  if (quiet.length > 0) stored["quiet"] = QuietText.write(quiet)
  for (const [field, value] of Object.entries(rest)) {
    const isUsual = JSON.stringify(value) === JSON.stringify(absent[field as keyof typeof rest]) // safe because `rest` has the field
    if (!isUsual) stored[field] = value
  }
  return encodeStored(stored)
}

const read = (text: string): Policy => {
  const stored = decodeStored(text)
  if (Result.isFailure(stored)) return Row.unreadable(`a policy does not read as one (${text})`)
  const { schedule, quiet, ...rest } = stored.success
  return {
    ...absent,
    ...rest,
    schedule: QuietText.readSchedule(schedule),
    quiet: quiet === undefined ? absent.quiet : QuietText.read(quiet),
  }
}
