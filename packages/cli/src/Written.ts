/** Values of fields as people write them in flags and files, and as documents have them. */
import type { Form, Json } from "@overdue/core/document/Field"
import * as Format from "@overdue/core/document/Format"
import * as LocalTime from "@overdue/core/LocalTime"
import * as Nickname from "@overdue/core/schedule/Nickname"
import * as Zone from "@overdue/core/Zone"
import * as Result from "effect/Result"
import * as JsonFault from "./JsonFault.ts"
import * as Span from "./Span.ts"
import * as WrittenProbe from "./WrittenProbe.ts"
import type { Outcome } from "./WrittenProbe.ts"

export type { Outcome } from "./WrittenProbe.ts"

/** The shapes of quiet windows, for messages. */
export const windowShapes = "{schedule, tz, duration}, {every, duration} and {from, to, tz}"

/**
 * Returns the document's value for one that somebody wrote. Schedules and local times in windows stay as they are written,
 * unless the window has a `tz`: they are on the clock of the check's zone, which `inZone` and the server know.
 */
export const read = (form: Form, value: unknown): Outcome => {
  switch (form.is) {
    case "text":
      return typeof value === "string" ? { value } : "is text"
    case "flag":
      return typeof value === "boolean" ? { value } : "is true or false"
    case "choice":
      return typeof value === "string" && form.of.includes(value)
        ? { value }
        : `is one of ${form.of.map((word) => JSON.stringify(word)).join(", ")}`
    case "words":
      return words(form.by, value)
    case "span":
      return span(value, form.or)
    case "counts":
      return typeof value === "string" && JsonFault.isMeant(value)
        ? JsonFault.sentence(value)
        : counts(form.of, typeof value === "string" ? pairs(value) : value)
    case "windows": {
      if (typeof value === "string" && JsonFault.isMeant(value)) return JsonFault.sentence(value)
      const found = Array.isArray(value) ? value.map(window) : [undefined]
      return found.every((window) => window !== undefined) ? { value: found } : `is a list of ${windowShapes}`
    }
    case "probe":
      return WrittenProbe.read(value, span)
  }
}

/**
 * Returns the document's value as the server will answer it: windows without a `tz` are on the clock of a zone, so their
 * schedules get that `tz`, and instants take the place of their local times.
 */
export const inZone = (form: Form, value: Json, zone: Zone.Zone): Json => {
  if (form.is !== "windows") return value
  // safe because `read` makes windows of nothing else
  const windows = value as readonly (Once | { readonly [key: string]: Json })[]
  return windows.map((window) => {
    if ("from" in window) return { ...once(window as Once, zone) }
    return "schedule" in window ? { tz: zone.name, ...window } : window
  })
}

/** Returns the value of a text on a command line: what it is as JSON, or the text itself. */
export const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** Returns what people read, and could write, for the document's value. */
export const write = (form: Form, value: Json): Json => {
  switch (form.is) {
    case "span":
      return typeof value === "number" ? Span.exact(value) : value
    case "windows":
      // safe because the server answers with a list of windows
      return (value as readonly Readonly<Record<string, Json>>[]).map((window) =>
        Object.fromEntries(
          Object.entries(window).map(([name, part]) => [
            name,
            typeof part === "number" ? Span.exact(part) : part,
          ]),
        ),
      )
    case "probe":
      return WrittenProbe.write(value)
    case "text":
    case "flag":
    case "choice":
    case "words":
    case "counts":
      return value
  }
}

/** Returns the words of a list as documents have it. */
export const listOf = (separator: string, list: Json): readonly string[] =>
  (typeof list === "string" ? list : "")
    .split(separator === " " ? /\s+/ : separator)
    .map((word) => word.trim())
    .filter((word) => word !== "")

const words = (separator: string, value: unknown): Outcome => {
  const list = typeof value === "string" ? [value] : value
  const isList = Array.isArray(list) && list.every((item) => typeof item === "string")
  return isList ? { value: list.join(separator) } : "is text, or a list of texts"
}

/** How people write that there is no length of time, where there may be none. */
const none: readonly unknown[] = [null, "null", "none", "never", ""]

/** The words of `or` stay as they are, and win over the words for null. */
const span = (value: unknown, or: readonly (string | null)[] = []): Outcome => {
  const special = or.includes(value as string) // safe because it is compared, and no more
    ? (value as string | null) // safe because it was just found among those
    : or.includes(null) && none.includes(value)
      ? null
      : undefined
  if (special !== undefined) return { value: special }
  if (typeof value === "number" && Number.isFinite(value) && value >= 0) return { value }
  try {
    if (typeof value === "string") return { value: Span.parse("", value)! }
  } catch {
    // The message below goes with the name of the field.
  }
  const words = [...(or.includes(null) ? ["none"] : []), ...or.filter((word) => word !== null)]
  return `is a length of time such as 90s, 15m, 2h or 1d${words.map((word) => `, or ${word}`).join("")}`
}

/** Parts that are left out are what the server takes them for: as many `out_of` as `failures`, and 1 for the others. */
const counts = (names: readonly string[], value: unknown): Outcome => {
  const given = record(value)
  const { failures = 1, out_of = failures, recoveries = 1 } = given
  const all: Readonly<Record<string, unknown>> = { failures, out_of, recoveries }
  const isRight =
    isRecord(value) &&
    Object.keys(given).every((name) => names.includes(name)) &&
    Object.values(all).every(isCount)
  return isRight
    ? { value: all as Json } // safe because each was just found to be a number
    : `has ${listed(names)}, each a whole number from 1`
}

const listed = (names: readonly string[]): string => names.join(", ").replace(/, (?=\w+$)/, " and ")

const isCount = (value: unknown): boolean => Number.isInteger(value) && Number(value) >= 1

/** `failures=2,out_of=3` */
const pairs = (text: string): unknown => {
  const entries = text.split(",").map((pair) => /^\s*(\w+)=(\d+)\s*$/.exec(pair))
  return entries.every((entry) => entry !== null)
    ? Object.fromEntries(entries.map(([, name, count]) => [name, Number(count)]))
    : undefined
}

/**
 * Returns a quiet window as the server writes it: spans in seconds, instants in UTC. A schedule and local times of
 * which the window does not say the zone stay without one.
 */
const window = (value: unknown): { readonly [key: string]: Json } | undefined => {
  const { schedule, every, tz, duration, from, to } = record(value)
  // The schema of the field refuses what a window does not have.
  const others = (...names: readonly string[]) =>
    // safe because it comes from JSON or YAML, or is refused by its name
    Object.fromEntries(Object.entries(record(value)).filter(([name]) => !names.includes(name))) as {
      readonly [key: string]: Json
    }
  const length = span(duration)
  if (typeof schedule === "string" && (tz === undefined || typeof tz === "string")) {
    return typeof length === "string"
      ? undefined
      : {
          ...others("schedule", "tz", "duration"),
          schedule: Nickname.expand(schedule) ?? schedule,
          ...(tz !== undefined && { tz: Zone.canonical(tz) }),
          duration: length.value,
        }
  }
  if (every !== undefined) {
    const period = span(every)
    return typeof length === "string" || typeof period === "string"
      ? undefined
      : { ...others("every", "duration"), every: period.value, duration: length.value }
  }
  return typeof from === "string" && typeof to === "string" && (tz === undefined || typeof tz === "string")
    ? { ...others("from", "to", "tz"), ...once({ from, to, ...(tz !== undefined && { tz }) }) }
    : undefined
}

/** A window that is open once. */
interface Once {
  readonly from: string
  readonly to: string
  readonly tz?: string
}

/**
 * Returns the window with instants where its own `tz`, or the zone of the check, says which they are. What is no time,
 * or no zone, stays: the schema of the field says what is wrong with it.
 */
const once = (window: Once, otherwise?: Zone.Zone): Once => {
  const own = window.tz === undefined ? undefined : Zone.read(window.tz)
  if (own !== undefined && Result.isFailure(own)) return window
  const zone = own?.success ?? otherwise
  const texts = [window.from, window.to]
  if (zone === undefined && !texts.every(LocalTime.hasOffset)) return window
  const [from, to] = texts.map((text) => LocalTime.read(text, zone ?? Zone.utc))
  return Result.isSuccess(from!) && Result.isSuccess(to!)
    ? { from: Format.preciseInstant(from.success), to: Format.preciseInstant(to.success) }
    : window
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const record = (value: unknown): Readonly<Record<string, unknown>> => (isRecord(value) ? value : {})
