/** Values as forms, JSON and queries of 66uptime's clients write them. */
import * as Record from "effect/Record"
import * as Forms from "../../rest/Forms.ts"
import type * as Body from "../Body.ts"

/** Returns a truth value; `undefined` when it is none. */
export const flag = (value: unknown): boolean | undefined =>
  ["string", "number", "boolean"].includes(typeof value) ? Forms.flag(String(value)) : undefined

/** The number of something in its project; `undefined` when it can be none. */
export const serial = (text: string): number | undefined => {
  const digits = /^\s*\+?(\d{1,15})\s*$/.exec(text)
  return digits === null ? undefined : Number(digits[1])
}

/**
 * Returns fields with the list in one place, whether it was written as `name[]=1`, `name[0]=1`, repeatedly, with commas,
 * or as an array; with what is switched off by nothing as `false`; and with no project as project 0.
 */
export const normalised = (fields: Body.Fields): Body.Fields => {
  const { others, given } = Forms.gather(fields, "is_ok_notifications")
  const found = given.flatMap(numbers)
  // Whoever sends nothing that could be an id does not mean nobody.
  const chosen = found.length > 0 || given.every(isEmpty) ? found : "nonsense"
  return {
    ...Record.map(others, (value, name) => named(name, value)),
    ...(given.length > 0 && { is_ok_notifications: chosen }),
  }
}

const isEmpty = (value: unknown): boolean =>
  value === "" || (Array.isArray(value) && value.every((item) => item === ""))

const named = (name: string, value: unknown): unknown => {
  if (name === "project_id") return value === "" || value === null ? 0 : value
  if (name !== "is_enabled") return value
  // A form has a hidden field before its box, which has the last word.
  const last: unknown = Array.isArray(value) ? value.at(-1) : value
  // An unchecked box of a form has no value.
  return last === "" ? false : (flag(last) ?? value)
}

/** The numbers in a value. What is none is left out, as ids are that nothing has. Only one level deep. */
const numbers = (value: unknown): readonly number[] => {
  const items = typeof value === "object" && value !== null ? Object.values(value) : [value]
  return items.flatMap((item: unknown) => {
    if (typeof item === "number") return Number.isInteger(item) ? [item] : []
    return typeof item === "string" ? item.split(",").flatMap((part) => serial(part) ?? []) : []
  })
}
