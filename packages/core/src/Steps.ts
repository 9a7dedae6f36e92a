/**
 * Steps of the clock: spans of its time that it has leapt over. What happened before a step happened as long ago as it
 * did, so it counts from as much later as the step is long.
 */
import type { Interval } from "./Stops.ts"
import type { Instant, Span } from "./Time.ts"

/** Returns the blind spans without those that the clock has leapt over. */
export const without = (blind: readonly Interval[]): readonly Interval[] =>
  blind.some(isStep) ? blind.filter((span) => !isStep(span)) : blind

/** Returns the spans among blind spans that the clock has leapt over. */
export const among = (blind: readonly Interval[]): readonly Interval[] =>
  blind.length === 0 ? blind : blind.filter(isStep)

/** Returns where an instant lies by the clock as it is now. */
export const moved = (at: Instant, blind: readonly Interval[]): Instant => {
  const steps = among(blind)
  if (steps.length === 0) return at
  let moved = at
  for (const { from, to } of merged(steps)) if (moved < to) moved += to - from
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
  const others = without(blind)
  if (by > 0)
    return { blind: [...others, ...among(blind), { from: now - by, to: now, isStep: true }], rest: 0 }
  let rest = by
  const left: Interval[] = []
  for (const { from, to } of merged(among(blind)).toReversed()) {
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
