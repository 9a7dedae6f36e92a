/**
 * Steps of the clock: spans of its time that it has leapt over. What happened before a step happened as long ago as it
 * did, so it counts from as much later as the step is long.
 */
import type { Interval } from "./Stops.ts"
import type { Instant, Span } from "./Time.ts"

/** Blind spans, taken apart. */
interface Parts {
  readonly others: readonly Interval[]
  readonly steps: readonly Interval[]
  /** The steps as the clock has made them, the oldest first. */
  readonly merged: readonly Interval[]
}

/** Every step of every check asks for them, and they hardly ever change: whoever changes them makes new ones. */
const known = new WeakMap<readonly Interval[], Parts>()

const partsOf = (blind: readonly Interval[]): Parts => {
  const before = known.get(blind)
  if (before !== undefined) return before
  const parts = apart(blind)
  known.set(blind, parts)
  return parts
}

const apart = (blind: readonly Interval[]): Parts => {
  const steps = blind.filter(isStep)
  const others = steps.length === 0 ? blind : blind.filter((span) => !isStep(span))
  return { others, steps, merged: merged(steps) }
}

/** Returns the blind spans without those that the clock has leapt over. The list must not be changed afterwards. */
export const without = (blind: readonly Interval[]): readonly Interval[] =>
  blind.length === 0 ? blind : partsOf(blind).others

/** Returns the spans among blind spans that the clock has leapt over. The list must not be changed afterwards. */
export const among = (blind: readonly Interval[]): readonly Interval[] =>
  blind.length === 0 ? blind : partsOf(blind).steps

/** Returns where an instant lies by the clock as it is now. The list must not be changed afterwards. */
export const moved = (at: Instant, blind: readonly Interval[]): Instant => {
  if (blind.length === 0) return at
  let moved = at
  for (const { from, to } of partsOf(blind).merged) if (moved < to) moved += to - from
  return moved
}

/**
 * Returns the blind spans after the clock has stepped to `now` by so much. A step back takes back what the clock has
 * leapt over, the newest first; `rest` is by how much it went back beyond that, at most 0.
 */
export const after = (
  blind: readonly Interval[],
  now: Instant,
  by: Span,
): { readonly blind: readonly Interval[]; readonly rest: Span } => {
  const { others, steps, merged } = apart(blind)
  if (by > 0) return { blind: [...others, ...steps, { from: now - by, to: now, isStep: true }], rest: 0 }
  let rest = by
  const left: Interval[] = []
  for (const { from, to } of merged.toReversed()) {
    const back = Math.max(rest, from - to)
    rest -= back
    if (to + back > from) left.unshift({ from, to: to + back, isStep: true })
  }
  return { blind: [...others, ...left], rest }
}

const isStep = (span: Interval): boolean => span.isStep === true

/** Several nodes leap over the same, one soon after the other. */
const merged = (steps: readonly Interval[]): readonly Interval[] => {
  const found: Interval[] = []
  for (const { from, to } of steps.toSorted((a, b) => a.from - b.from)) {
    const last = found.at(-1)
    if (last === undefined || from > last.to) found.push({ from, to })
    else found[found.length - 1] = { from: last.from, to: Math.max(last.to, to) }
  }
  return found
}
