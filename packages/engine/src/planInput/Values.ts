/**
 * Values in code, which the compiler has not always checked: each function returns the value, or throws a `PlanInvalid`
 * that names the field. The bounds are those of the management API.
 */
import type { Span } from "@overdue/core/Time"
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import { PlanInvalid } from "./PlanInvalid.ts"

/** Throws a `PlanInvalid`. */
export const refuse = (field: string, expected: string): never => {
  throw new PlanInvalid({ field, expected })
}

/** Returns a field as it is read; one that is left out or `undefined` keeps its value. */
export const given = <A>(value: unknown, otherwise: A, read: (value: unknown) => A): A =>
  value === undefined ? otherwise : read(value)

/** Returns a text that a database can store, of at most so many code points; without `longest`, of any number. */
export const text = (field: string, value: unknown, longest?: number): string => {
  if (typeof value !== "string") return refuse(field, "text")
  if (!value.isWellFormed() || value.includes("\0")) {
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

/** Returns a list of what `item` reads; the path of an item is `field[0]`. */
export const listOf = <A>(
  field: string,
  value: unknown,
  item: (field: string, value: unknown) => A,
): readonly A[] =>
  Array.isArray(value)
    ? value.map((part: unknown, index) => item(`${field}[${index}]`, part))
    : refuse(field, "a list")

/** Returns an object that has none but the known keys. `field` is the path of the object; empty for the whole input. */
export const members = <K extends string>(
  field: string,
  value: unknown,
  known: readonly K[],
): { readonly [key in K]?: unknown } => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return refuse(field, "an object")
  const names: readonly string[] = known
  const unknown = Object.keys(value).find((key) => !names.includes(key))
  if (unknown !== undefined) {
    const path = field === "" ? unknown : `${field}.${unknown}`
    return refuse(path, `no field of this name: there are ${known.join(", ")}`)
  }
  return value
}

const units = ["weeks", "days", "hours", "minutes", "seconds", "milliseconds", "microseconds", "nanoseconds"]

/** Returns a span, rounded to the millisecond, from `shortest` to `longest`, both inclusive. */
export const span = (
  field: string,
  value: unknown,
  { shortest, longest }: { readonly shortest: Span; readonly longest: Span },
): Span => {
  const given = milliseconds(value)
  if (given === undefined) return refuse(field, 'a span such as "5 minutes", or a number of milliseconds')
  const span = Math.round(given)
  return span >= shortest && span <= longest
    ? span
    : refuse(field, `a span from ${shortest} ms to ${longest} ms`)
}

/** Effect takes NaN, and objects without a known unit, for no time at all. */
const milliseconds = (value: unknown): number | undefined => {
  if (typeof value === "number") return Number.isNaN(value) ? undefined : value
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
