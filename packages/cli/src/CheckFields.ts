/** The fields of a check: how people write them in flags and files, and what they are in the management API. */
import type { Check } from "@overdue/client/management"
import * as Span from "./Span.ts"

/** A value of JSON. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

interface Field {
  /** The default, which a check has as long as the field was never set. */
  readonly otherwise: Json
  /** Returns the API's value for one from a file; a text says what it should have been. */
  readonly read: (value: unknown) => { readonly value: Json } | string
  /** Returns what people read, and could write, for the API's value. */
  readonly write: (value: Json) => Json
}

const same = (value: Json): Json => value

const text: Field = {
  otherwise: "",
  read: (value) => (typeof value === "string" ? { value } : "is text"),
  write: same,
}

const flag: Field = {
  otherwise: false,
  read: (value) => (typeof value === "boolean" ? { value } : "is true or false"),
  write: same,
}

const words = (separator: string): Field => ({
  otherwise: "",
  read: (value) => {
    const list = typeof value === "string" ? [value] : value
    const isList = Array.isArray(list) && list.every((item) => typeof item === "string")
    return isList ? { value: list.join(separator) } : "is text, or a list of texts"
  },
  write: same,
})

const choice = (...choices: readonly [string, ...string[]]): Field => ({
  otherwise: choices[0],
  read: (value) =>
    typeof value === "string" && choices.includes(value) ? { value } : `is one of ${choices.join(", ")}`,
  write: same,
})

/** A length of time: seconds in the API, `90s` or `1h 30m` for people. The words in `further` stay as they are. */
const span = (otherwise: Json, ...further: readonly (string | null)[]): Field => ({
  otherwise,
  read: (value) => {
    const special = further.find((word) => word === value)
    if (special !== undefined) return { value: special }
    if (typeof value === "number" && Number.isInteger(value) && value >= 0) return { value }
    try {
      if (typeof value === "string") return { value: Span.parse("", value)! }
    } catch {
      // The message below goes with the name of the field.
    }
    return `is a length of time such as 90s, 15m, 2h or 1d${further.map((word) => `, or ${String(word)}`).join("")}`
  },
  write: (value) => (typeof value === "number" ? Span.exact(value) : value),
})

/** Whether a value is a whole number from 1. */
const count = (value: unknown): value is number =>
  typeof value === "number" && Number.isInteger(value) && value >= 1

/** When parts are left out, the server takes `failures` for `out_of`, and 1 for the others; so does this. */
const alert: Field = {
  otherwise: { failures: 1, out_of: 1, recoveries: 1 },
  read: (value) => {
    const { failures = 1, out_of = failures, recoveries = 1, ...others } = record(value)
    const isAlert =
      isRecord(value) && Object.keys(others).length === 0 && [failures, out_of, recoveries].every(count)
    // safe because each was just found to be a whole number
    return isAlert
      ? { value: { failures, out_of, recoveries } as Json }
      : "has failures, out_of and recoveries, each a whole number from 1"
  },
  write: same,
}

const quiet: Field = {
  otherwise: [],
  read: (value) => {
    const windows = Array.isArray(value) ? value.map(window) : [undefined]
    return windows.every((window) => window !== undefined)
      ? { value: windows }
      : "is a list of {schedule, tz, duration} and {from, to}"
  },
  write: (value) =>
    // safe because the server answers with a list of windows
    (value as readonly Readonly<Record<string, Json>>[]).map(({ duration, ...others }) => ({
      ...others,
      ...(typeof duration === "number" && { duration: Span.exact(duration) }),
    })),
}

/** Returns a quiet window as the server writes it: with a zone, spans in seconds, instants to the second in UTC. */
const window = (value: unknown): { readonly [key: string]: Json } | undefined => {
  const { schedule, tz = "UTC", duration, from, to } = record(value)
  if (typeof schedule === "string" && typeof tz === "string") {
    const length = span(null).read(duration)
    return typeof length === "string" ? undefined : { schedule, tz, duration: length.value }
  }
  const [start, end] = [from, to].map((at) => Date.parse(String(at)))
  const instant = (at: number) => `${new Date(at).toISOString().slice(0, 19)}+00:00`
  return start! >= 0 && end! >= 0 ? { from: instant(start!), to: instant(end!) } : undefined
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const record = (value: unknown): Readonly<Record<string, unknown>> => (isRecord(value) ? value : {})

/** In the order in which files and pages list them. */
export const fields = {
  name: text,
  slug: text,
  tags: words(" "),
  desc: text,
  timeout: span(86_400),
  schedule: text,
  tz: { ...text, otherwise: "UTC" },
  grace: span(3600),
  max_runtime: span(null, null, "never"),
  min_runtime: span(null, null),
  start_satisfies: flag,
  runs: choice("latest", "every"),
  alert,
  quiet,
  remind_every: span(null, null),
  notify_on_first_ping: flag,
  manual_resume: flag,
  methods: choice("", "POST"),
  start_kw: text,
  success_kw: text,
  failure_kw: text,
  filter_subject: flag,
  filter_body: flag,
  filter_http_body: flag,
  filter_default_fail: flag,
  channels: words(","),
} as const satisfies Readonly<Record<string, Field>>

/** The name of a field. */
export type Name = keyof typeof fields

/** The names of all fields, in order. */
export const names = Object.keys(fields) as readonly Name[] // safe because fields has no other keys

/** Returns the value of a field; its default when the server leaves it out of its answer. */
export const valueOf = (check: Check, name: Name): Json => {
  // A check that is expected every so often follows no schedule, and the reverse.
  if (name === "timeout" && check.schedule !== undefined) return null
  if ((name === "schedule" || name === "tz") && check.schedule === undefined)
    return name === "tz" ? "UTC" : ""
  return (check[name] as Json | undefined) ?? fields[name].otherwise // safe because answers are JSON
}

/** Returns the fields that are not at their defaults, as people write them. */
export const told = (check: Check): readonly (readonly [Name, Json])[] =>
  names.flatMap((name): readonly (readonly [Name, Json])[] => {
    const value = valueOf(check, name)
    const isUsual = value === null || equal(value, fields[name].otherwise)
    return isUsual ? [] : [[name, fields[name].write(value)]]
  })

/** Whether two values are equal; the order of keys does not matter. */
export const equal = (a: Json, b: Json): boolean => canonical(a) === canonical(b)

const canonical = (value: Json): string =>
  JSON.stringify(value, (_, part: Json) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
