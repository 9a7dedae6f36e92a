/** The flags of `overdue checks create` and `update`: one for each field of a check, made of the one table of fields. */
import type { CheckPolicy } from "@overdue/client/management"
import type { Form, Json } from "@overdue/core/document/Field"
import * as Result from "effect/Result"
import { UsageError } from "./Failure.ts"
import type { Flag, Texts } from "./Flags.ts"
import * as JsonFault from "./JsonFault.ts"
import { nearest } from "./Nearest.ts"
import * as Written from "./Written.ts"
import { fields, joined, type WrittenField } from "./WrittenFields.ts"

type Fields = ReadonlyMap<string, WrittenField>

/** Sets a field by its name in the API. */
const set: Texts = {
  kind: "texts",
  value: "FIELD=VALUE",
  help: 'any of these fields by its name in the management API, the value as JSON or as text: alert={"failures":3}',
}

/** Returns a flag for each field, under its name with dashes, and `--set` for all of them. */
export const of = (known: Fields): Readonly<Record<string, Flag>> & { readonly set: Texts } => ({
  ...Object.fromEntries(
    [...known.values()].map((field) => {
      const alias = aliases[field.name]
      return [flagName(field.name), { ...flagOf(field), ...(alias !== undefined && { alias }) }]
    }),
  ),
  set,
})

/** Flags that do something are looked for under the verb. */
const aliases: Readonly<Record<string, string>> = { armed: "arm" }

/** What was given for the flags, by their names. */
type Given = Readonly<Record<string, string | boolean | readonly string[] | undefined>>

/** Returns a probe that is written as for its flag, in the words of the API. Fails with a `UsageError` that names `label`. */
export const probe = (label: string, text: string): Json => {
  const field = fields.get("probe")! // safe because it is in the table
  return convert(field, label, fromFlag(field.form, text))
}

/** Whether a probe is given as a URL alone: where there is one already, that says nothing of its other parts. */
export const isTargetAlone = (given: Given): boolean =>
  typeof given["probe"] === "string" && URL.canParse(given["probe"])

/** Returns the fields that the flags set, in the words of the API. Fails with a `UsageError` for a wrong value. */
export const read = (given: Given, known: Fields = fields): CheckPolicy => {
  const policy: Record<string, Json> = {}
  for (const field of known.values()) {
    const flag = flagName(field.name)
    const value = given[flag]
    if (value !== undefined) policy[field.name] = convert(field, `--${flag}`, fromFlag(field.form, value))
  }
  for (const pair of [given["set"] ?? []].flat().map(String)) {
    const [, name = "", text = ""] = /^([a-z_]+)=(.*)$/s.exec(pair) ?? []
    const field = known.get(name)
    if (field === undefined) {
      const near = nearest(name, [...known.keys()])
      throw new UsageError(
        `--set takes FIELD=VALUE, and there is no field in ${JSON.stringify(pair)}${near === undefined ? "" : `; did you mean ${near}?`}`,
      )
    }
    policy[name] = convert(field, `--set ${name}`, Written.parse(text))
  }
  const sent = joined(policy)
  if (Result.isFailure(sent)) throw new UsageError(sent.failure)
  return sent.success
}

const flagName = (field: string): string => field.replaceAll("_", "-")

const flagOf = ({ form, sentence }: WrittenField): Flag => {
  const help = asHelp(sentence)
  switch (form.is) {
    case "flag":
      return { kind: "toggle", help }
    case "choice":
      return { kind: "text", value: "WHICH", choices: form.of, help }
    case "text":
      return { kind: "text", value: "TEXT", help }
    case "words":
      return {
        kind: "text",
        value: "LIST",
        help: `${help}; separated by ${form.by === "," ? "commas" : "spaces"}`,
      }
    case "span":
      return { kind: "text", value: "SPAN", help }
    case "counts":
      return { kind: "text", value: "COUNTS", help }
    case "windows":
      return { kind: "text", value: "JSON", help }
    case "probe":
      return { kind: "text", value: "URL", help: help.replace(/\. null takes it away$/, "") }
  }
}

/** A sentence as help writes it: without the full stop, and without the capital unless it is an abbreviation's. */
const asHelp = (sentence: string): string =>
  sentence.replace(/\.$/, "").replace(/^[A-Z](?=[a-z ])/, (letter) => letter.toLowerCase())

/** Windows, and all that a probe may have, are too much for a notation of their own on a command line. */
const fromFlag = (form: Form, value: unknown): unknown =>
  (form.is === "windows" || form.is === "probe" || form.is === "counts") && typeof value === "string"
    ? Written.parse(value)
    : value

/** The words that unset a field, and make it as in a new check, where a text could not mean something else. */
const resets = (name: string, { is }: Form): readonly unknown[] => {
  if (is === "counts" || is === "windows" || is === "probe") return ["default", "none", "null", "", null]
  if (name === "tz") return ["default", ""]
  return is === "span" ? ["default"] : []
}

/** What a server would refuse is refused before anything is sent. */
const convert = (field: WrittenField, label: string, value: unknown): Json => {
  const { name, form, problem, plain, usual, isSecret } = field
  if (resets(name, form).includes(value)) {
    if (name !== "timeout") return usual
    // A new check of ours is expected every so often.
    if (typeof usual === "number") return usual
  }
  if (name === "schedule" && (value === "" || value === "none" || value === null)) {
    throw new UsageError(
      `${label}: to expect a signal every so often again, give --timeout SPAN, such as --timeout 1d`,
    )
  }
  const outcome = Written.read(form, value)
  if (typeof outcome === "string") {
    // A text that is not JSON is long, and a probe may have secrets in it.
    const isBare = isSecret || (typeof value === "string" && JsonFault.isMeant(value))
    throw new UsageError(`${label} ${outcome}${isBare ? "" : `, not ${JSON.stringify(value)}`}`)
  }
  const wrong = problem(outcome.value, label)
  if (wrong !== undefined) throw new UsageError(wrong)
  return plain(outcome.value)
}

/** What the values of the flags are, for the details of a command's help. */
export const notation = [
  "Values",
  '  SPAN    a length of time: 90s, 15m, 2h, 1d, "1h 30m", 200ms; default: as in a new check;',
  "          none: of a reminder and of the least and the longest runtime, that there is none",
  "  COUNTS  numbers by name: failures=2,out_of=3,recoveries=1; default: 1 each",
  '  JSON    a list of windows: [{"schedule": "0 22 * * *", "tz": "Europe/Riga", "duration": "8h"}],',
  '          or [{"from": "2026-12-24T18:00", "to": "2026-12-27"}] on the clock of the check\'s own zone;',
  "          none: no window",
  "  URL     what the server asks by itself: https://example.org/health, tcp://db:5432, dns://example.org?type=MX;",
  '          or JSON: {"url": "https://example.org/health", "every": "5m", "grace": "10m"};',
  '          or a threshold on what a server reports: "cpu > 90 for 5m on SERVER-ID", "disk /home > 95 on SERVER-ID";',
  "          none: no probe",
  "",
  "Other texts and lists are unset by an empty text: --desc ''. A schedule is by --timeout SPAN.",
].join("\n")

/** The flags for all fields. */
export const policyFlags = of(fields)
