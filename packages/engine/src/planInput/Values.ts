/**
 * Values in code, which the compiler has not always checked: each function returns the value, or throws a `PlanInvalid`
 * that names the field. The bounds are those of the management API.
 */
import * as Storable from "@overdue/core/Storable"
import type { Span } from "@overdue/core/Time"
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import { PlanInvalid } from "./PlanInvalid.ts"
import * as SpanText from "./SpanText.ts"

/** Throws a `PlanInvalid`. */
export const refuse = (field: string, expected: string): never => {
  throw new PlanInvalid({ field, expected })
}

/** Returns what is read, or the `PlanInvalid` that is thrown meanwhile. */
export const attempt = <A>(read: () => A): Result.Result<A, PlanInvalid> => {
  try {
    return Result.succeed(read())
  } catch (error) {
    if (error instanceof PlanInvalid) return Result.fail(error)
    throw error
  }
}

/** Looks at a value, of which getters and proxies may throw anything: that is no fault of the engine. */
const looking = <A>(field: string, look: () => A): A => {
  try {
    return look()
  } catch {
    return refuse(field, "a value that can be read")
  }
}

/** Returns a field as it is read; one that is left out or `undefined` keeps its value. */
export const given = <A>(value: unknown, otherwise: A, read: (value: unknown) => A): A =>
  value === undefined ? otherwise : read(value)

/** Returns a text that a database can store, of at most so many code points; without `longest`, of any number. */
export const text = (field: string, value: unknown, longest?: number): string => {
  if (typeof value !== "string") return refuse(field, "text")
  if (!Storable.is(value)) {
    return refuse(
      field,
      "text without NUL characters and halves of surrogate pairs, which no database stores",
    )
  }
  // There are at most as many code points as UTF-16 units, which cost nothing to count.
  return longest === undefined || value.length <= longest || Array.from(value).length <= longest
    ? value
    : refuse(field, `at most ${longest} characters`)
}

/** Returns a boolean. */
export const flag = (field: string, value: unknown): boolean =>
  typeof value === "boolean" ? value : refuse(field, "true or false")

/** Returns one of some words. */
export const oneOf = <const A extends string>(field: string, value: unknown, words: readonly A[]): A =>
  words.find((word) => word === value) ??
  refuse(field, words.map((word) => JSON.stringify(word)).join(" or "))

/** Whether a value is a list. */
export const isList = (field: string, value: unknown): value is readonly unknown[] =>
  looking(field, () => Array.isArray(value))

/**
 * Returns a list of what `item` reads; the path of an item is `field[0]`. A hole is read as `undefined`, which `map` would
 * pass over.
 */
export const listOf = <A>(
  field: string,
  value: unknown,
  item: (field: string, value: unknown) => A,
): readonly A[] => {
  if (!isList(field, value)) return refuse(field, "a list")
  const { length } = looking(field, () => ({ length: value.length }))
  const items: A[] = []
  for (let index = 0; index < length; index++) {
    const path = `${field}[${index}]`
    items.push(
      item(
        path,
        looking(path, () => value[index]),
      ),
    )
  }
  return items
}

/**
 * Returns the members of an object that has none but the known keys: each read once, those that it lacks absent. `field`
 * is the path of the object; empty for the whole input.
 */
export const members = <K extends string>(
  field: string,
  value: unknown,
  known: readonly K[],
): { readonly [key in K]?: unknown } => {
  if (typeof value !== "object" || value === null || !isRecord(field, value))
    return refuse(field, "an object")
  const names: readonly string[] = known
  const path = (key: string): string => (field === "" ? key : `${field}.${key}`)
  const unknown = looking(field, () => Object.keys(value)).find((key) => !names.includes(key))
  if (unknown !== undefined)
    return refuse(path(unknown), `no field of this name: there are ${known.join(", ")}`)
  const given: Partial<Record<string, unknown>> = value
  const members: { [key in K]?: unknown } = {}
  for (const key of known) {
    looking(path(key), () => {
      if (key in given) members[key] = given[key]
    })
  }
  return members
}

/** A list, `Date` or `Map` has no members, so that whatever it was to say would be passed over. */
const isRecord = (field: string, value: object): boolean =>
  looking(field, () => Object.prototype.toString.call(value) === "[object Object]")

const units = ["weeks", "days", "hours", "minutes", "seconds", "milliseconds", "microseconds", "nanoseconds"]

/** Returns a span, rounded to the millisecond, from `shortest` to `longest`, both inclusive. */
export const span = (
  field: string,
  value: unknown,
  { shortest, longest }: { readonly shortest: Span; readonly longest: Span },
): Span => {
  const given = looking(field, () => milliseconds(value))
  if (given === undefined)
    return refuse(field, 'a span such as "5 minutes" or "1h 30m", or a number of milliseconds')
  const span = Math.round(given)
  return span >= shortest && span <= longest
    ? span
    : refuse(field, `a span from ${shortest} ms to ${longest} ms`)
}

/** Effect takes NaN, and objects without a known unit, for no time at all. */
const milliseconds = (value: unknown): number | undefined => {
  if (typeof value === "number") return Number.isNaN(value) ? undefined : value
  const written = typeof value === "string" ? SpanText.parse(value) : undefined
  if (written !== undefined) return written
  if (typeof value !== "string" && typeof value !== "bigint" && !isLength(value)) return undefined
  // safe because what is no input of a duration fails
  const duration = Duration.fromInput(value as Duration.Input)
  return Option.getOrUndefined(Option.map(duration, Duration.toMillis))
}

const isLength = (value: unknown): boolean => {
  if (Duration.isDuration(value) || Array.isArray(value)) return true
  const keys = typeof value === "object" && value !== null ? Object.keys(value) : []
  return keys.length > 0 && keys.every((key) => units.includes(key))
}
