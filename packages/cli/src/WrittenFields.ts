/** The fields of a check that people write in flags and files, made of the one table of fields. */
import type { Check } from "@overdue/client/management"
import * as CheckDocument from "@overdue/core/document/CheckDocument"
import * as CheckFields from "@overdue/core/document/CheckFields"
import type { Any, Form, Json, Table } from "@overdue/core/document/Field"
import * as ProbeField from "@overdue/core/document/ProbeField"
import * as Nickname from "@overdue/core/schedule/Nickname"
import * as Zone from "@overdue/core/Zone"
import * as Sentence from "@overdue/server/dialects/Sentence"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { isAsked } from "./AskedView.ts"
import * as Written from "./Written.ts"

/** A field that can be written. */
export interface WrittenField {
  readonly name: string
  /** What it is, for people. */
  readonly sentence: string
  readonly form: Form
  /**
   * Returns what is wrong with a document's value, in a sentence that begins with `label`, by default the field's name;
   * `undefined`: nothing.
   */
  readonly problem: (value: Json, label?: string) => string | undefined
  /** Returns the same of a server of Healthchecks, whose bounds are narrower. */
  readonly problemThere: (value: Json, label?: string) => string | undefined
  /** Whether Healthchecks does not have the field. */
  readonly isBeyond: boolean
  /** Whether it may hold secrets: no message repeats it. */
  readonly isSecret: boolean
  /** Returns a right value as every server takes it: a cron line for a nickname, the present name of a zone. */
  readonly plain: (value: Json) => Json
  /** The value that is meant when a server leaves the field out of its answer: the default of Healthchecks. */
  readonly absent: Json
  /** The value that a check of ours has as long as the field was never set. */
  readonly usual: Json
}

/** Those that everybody asks for come first. */
const leading = ["name", "slug", "tags", "desc", "timeout", "schedule", "tz", "grace"]

/** Returns the fields of a table that people write, in the order in which files and pages list them. */
export const of = (table: Table): ReadonlyMap<string, WrittenField> => {
  const rank = (name: string, { isBeyond }: Any): number => {
    if (leading.includes(name)) return leading.indexOf(name)
    return leading.length + (name === "channels" ? 2 : isBeyond === true ? 0 : 1)
  }
  return new Map(
    CheckDocument.writable(table)
      .filter(([, { isLegacy }]) => isLegacy !== true)
      .toSorted(([a, one], [b, other]) => rank(a, one) - rank(b, other))
      .map(([name, field]) => [name, written(name, field)]),
  )
}

const written = (name: string, field: Any): WrittenField => ({
  name,
  problem: problemOf(name, field, field.own),
  problemThere: problemOf(name, field),
  isBeyond: field.isBeyond === true,
  isSecret: field.isSecret === true,
  plain: (value) => (typeof value === "string" ? (plain[name]?.(value) ?? value) : value),
  sentence: field.sentence,
  form: field.form ?? { is: "text" },
  absent: defaultOf(name, field, "healthchecks"),
  usual: defaultOf(name, field, "own"),
})

const plain: Readonly<Record<string, (value: string) => string>> = {
  schedule: (text) => Nickname.expand(text) ?? text,
  tz: Zone.canonical,
}

const defaultOf = (name: string, field: Any, defaults: CheckDocument.Defaults): Json => {
  const shown = CheckDocument.defaultOf(field, defaults)
  if (shown !== undefined) return shown
  return name === "tz" ? "UTC" : name === "probe" ? null : ""
}

const problemOf = (
  name: string,
  { schema, explain }: Any,
  bounds: Any["schema"] = schema,
): WrittenField["problem"] => {
  const decode = Schema.decodeUnknownResult(bounds)
  return (value, label = name) => {
    const read = decode(value)
    if (Result.isSuccess(read)) return undefined
    const detail = explain?.(value)
    return `${Sentence.whole(read.failure.issue, value, label)}${detail === undefined ? "" : `: ${detail}`}`
  }
}

/** All fields. */
export const fields = of(CheckFields.fields)

/** Returns the value of a field, also when the server leaves it out of its answer. */
export const valueOf = (check: Check, field: WrittenField): Json => {
  const { name, absent } = field
  // A check that is expected every so often follows no schedule, and the reverse.
  if (name === "timeout" && check.schedule !== undefined) return null
  // Those of a probe are members of it.
  if ((name === "timeout" || name === "grace") && isAsked(check)) return null
  if ((name === "schedule" || name === "tz") && check.schedule === undefined) return absent
  return shownOf(check, field)
}

/** Returns the value of a field as the server shows it: how often a check is asked, and its grace, too. */
export const shownOf = (check: Check, { name, absent }: WrittenField): Json => {
  const answered = check as unknown as Readonly<Record<string, Json | undefined>> // safe because answers are JSON
  return answered[name] ?? absent
}

/** Returns the fields that are not as a new check of ours has them, as people write them. */
export const told = (
  check: Check,
  known: ReadonlyMap<string, WrittenField> = fields,
): readonly (readonly [name: string, value: Json])[] =>
  [...known.values()].flatMap((field): readonly (readonly [string, Json])[] => {
    const value = valueOf(check, field)
    const isUsual = value === null || equal(value, field.usual)
    return isUsual ? [] : [[field.name, Written.write(field.form, value)]]
  })

/** Returns those of the named fields in which a check is not as it was. */
export const differing = (names: readonly string[], before: Check, after: Check): readonly string[] =>
  names.filter((name) => {
    const field = fields.get(name)
    if (field === undefined) return false
    const of = isAsked(before) && isAsked(after) ? shownOf : valueOf
    return !equal(of(before, field), of(after, field))
  })

/** Whether two values are equal; the order of keys does not matter. */
export const equal = (a: Json, b: Json): boolean => canonical(a) === canonical(b)

const canonical = (value: Json): string =>
  JSON.stringify(value, (_, part: Json) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )

type Values = Readonly<Record<string, Json>>

/**
 * Returns fields as they are sent: a grace beside a probe that has none is that of the probe. Fails with why they cannot be given
 * together, because each says the same otherwise.
 */
export const joined = (values: Values): Result.Result<Values, string> => {
  const { probe, grace, ...others } = values
  // The server would take the schedule alone, and `update` would say that it changed both.
  if (values["timeout"] !== undefined && values["schedule"] !== undefined)
    return Result.fail("timeout and schedule both say when signals are expected: give one")
  if (typeof probe !== "object" || probe === null) return Result.succeed(values)
  const given = (what: string, meaning: string) =>
    Result.fail(
      `${what} and probe both say ${meaning}: give the probe alone, as {"url": "https://example.org", "every": "5m", "grace": "10m"}`,
    )
  const timed = ["timeout", "schedule"].find((name) => values[name] !== undefined)
  if (timed !== undefined) return given(timed, "when signals come")
  if (grace === undefined) return Result.succeed(values)
  const parts = probe as Readonly<Record<string, Json>> // safe because a probe is no list
  if (Object.hasOwn(parts, "grace") && parts["grace"] !== grace)
    return given("grace", "for how long it may fail")
  return Result.succeed({ ...others, probe: ProbeField.told({ ...parts, grace }) })
}
