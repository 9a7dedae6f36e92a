/**
 * What a recording calls by a name: saved values, written `{{name}}`, and ids that the recorded server chose and that
 * nobody saved. Such an id stands for whatever id takes its place here: always the same one.
 */
import type { Rule } from "./Compare.ts"

export interface Names {
  readonly bind: (name: string, value: string) => void
  /** Puts values in place of names; a name without a value stays. */
  readonly expand: (text: string) => string
  /** Knows `"<any>"`, and compares texts with names and recorded ids in them. */
  readonly rule: Rule
}

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g

/** `said` is all that the recording itself sends: an id in it is meant as it is. */
export const make = (said: string): Names => {
  const values = new Map<string, string>()
  const literal = new Set(said.match(uuid))
  const taken = new Map<string, string>()

  const expand = (text: string): string =>
    text.replace(/\{\{([^}]+)\}\}/g, (whole, name: string) => values.get(name) ?? whole)

  const isSameText = (expected: string, actual: string): boolean => {
    const wanted = expand(expected)
    if (wanted === actual) return true
    const recorded = wanted.match(uuid)
    const given = actual.match(uuid)
    if (recorded === null || recorded.length !== given?.length) return false
    if (wanted.replace(uuid, "") !== actual.replace(uuid, "")) return false
    return recorded.every((id, index) => standsFor(id, given[index]!))
  }

  const standsFor = (id: string, actual: string): boolean => {
    if (id === actual) return true
    if (literal.has(id) || [...values.values()].includes(id)) return false
    const known = taken.get(id)
    if (known !== undefined) return known === actual
    if ([...taken.values(), ...values.values()].includes(actual)) return false
    taken.set(id, actual)
    return true
  }

  return {
    bind: (name, value) => void values.set(name, value),
    expand,
    rule: (expected, actual) => {
      if (expected === "<any>") return actual !== undefined
      return typeof expected === "string" && typeof actual === "string"
        ? isSameText(expected, actual)
        : undefined
    },
  }
}
