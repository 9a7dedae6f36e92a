/**
 * Dependence: a check that cannot work while another is down keeps its alerts back until that one is up again.
 *
 * A check names what it comes `after` by slug or by tag. Checks that depend on each other in a circle must not silence
 * each other: of those that are down, the one that went down first is told.
 */
import { after, tags, type Check } from "./Check.ts"
import type { Remark } from "./policy/Remark.ts"

/** The check that keeps the alerts of another one back; `undefined` when none does. */
export type Holder = (check: Check) => Check | undefined

/** Returns what finds the holders of checks. `down` are all checks of their project that are down. */
export const among = (down: readonly Check[]): Holder => {
  let named: Named | undefined
  return (check) => {
    const words = after(check)
    // Most checks depend on none, and cost nothing.
    if (words.length === 0) return undefined
    const known = (named ??= byName(down))
    return words
      .flatMap((word) => known.get(word) ?? [])
      .find((other) => other.id !== check.id && !(isBefore(check, other) && reaches(other, check, known)))
  }
}

/**
 * Returns what is to be said of a check that names others which do not exist. `others` are all checks of its project; it
 * does not depend on itself.
 */
export const remarks = (check: Check, others: readonly Check[]): readonly Remark[] => {
  const named = byName(others.filter(({ id }) => id !== check.id))
  const unknown = after(check).filter((word) => !named.has(word))
  if (unknown.length === 0) return []
  const words = unknown.map((word) => JSON.stringify(word)).join(", ")
  const text = `It is to come after ${words}, which is the slug or tag of no other check, and so holds none of its alerts.`
  return [{ code: "after-nothing", text }]
}

/** Whether a changed check may hold, or be held by, others than before. */
export const mayDiffer = ({ details: before }: Check, { details: after }: Check): boolean =>
  before !== after &&
  (before.after !== after.after || before.slug !== after.slug || before.tags !== after.tags)

/** Checks by everything that names them. */
type Named = ReadonlyMap<string, readonly Check[]>

const byName = (checks: readonly Check[]): Named => {
  const named = new Map<string, Check[]>()
  for (const check of checks) {
    for (const word of new Set([check.details.slug, ...tags(check)])) {
      const others = named.get(word)
      if (others === undefined) named.set(word, [check])
      else others.push(check)
    }
  }
  return named
}

/** The order in which checks went down, with the ids as the last word, so that all nodes see the same. */
const isBefore = (a: Check, b: Check): boolean =>
  a.state.flippedAt < b.state.flippedAt || (a.state.flippedAt === b.state.flippedAt && a.id < b.id)

/** Whether one check depends on another, perhaps by way of further ones that are down. */
const reaches = (from: Check, to: Check, named: Named): boolean => {
  const seen = new Set([from.id])
  const open = [from]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const other of after(next).flatMap((word) => named.get(word) ?? [])) {
      if (other.id === to.id) return true
      if (seen.has(other.id)) continue
      seen.add(other.id)
      open.push(other)
    }
  }
  return false
}
