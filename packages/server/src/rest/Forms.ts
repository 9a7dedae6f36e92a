/** Values as forms write them, which have texts for everything, and lists in several ways. */
import type * as Body from "../dialects/Body.ts"

const flags: ReadonlyMap<string, boolean> = new Map([
  ["1", true],
  ["true", true],
  ["on", true],
  ["0", false],
  ["false", false],
  ["off", false],
])

/** Returns the truth value of a text; `undefined` when it is none. */
export const flag = (text: string): boolean | undefined => flags.get(text.trim().toLowerCase())

/**
 * Returns fields with truth values in place of their texts, as forms and queries have them. What is no such text stays as it
 * is, also an empty one, so that a schema refuses it: nobody who sends nothing means to switch something off.
 */
export const withFlags = (fields: Body.Fields, names: readonly string[]): Body.Fields => ({
  ...fields,
  ...Object.fromEntries(
    names.flatMap((name) => {
      const value = fields[name]
      return typeof value === "string" ? [[name, flag(value) ?? value]] : []
    }),
  ),
})

/** Fields of which one may be a list, and what is given of that. */
export interface Gathered {
  readonly others: Body.Fields
  /** Of each way in which the list is given, the values; null is as one that is left out. */
  readonly given: readonly unknown[]
}

/** Gathers a list, whether it is written as `name[]=1`, `name[0]=1`, repeatedly, or as an array. */
export const gather = (fields: Body.Fields, name: string): Gathered => {
  const isIt = (field: string): boolean =>
    field === name || (field.startsWith(`${name}[`) && /^\[[^\]]*\]$/.test(field.slice(name.length)))
  const entries = Object.entries(fields)
  return {
    others: Object.fromEntries(entries.filter(([field]) => !isIt(field))),
    given: entries.flatMap(([field, value]) => (isIt(field) && value !== null ? [value] : [])),
  }
}
