/** Spans in which no node was awake, or which the clock has leapt over, in a memory store. */
import * as Steps from "@overdue/core/Steps"
import type { Instant, Span } from "@overdue/core/Time"
import type { Tables } from "./Tables.ts"

/** Lets blind spans end at `now` at the latest. */
export const cut = (tables: Tables, now: Instant): void => {
  const { blind } = tables
  if (!blind.some(({ to }) => to > now)) return
  const kept = blind.filter(({ to, isStep }) => isStep !== true || to <= now)
  const cut = kept.map((span) => ({ ...span, to: Math.min(span.to, now) }))
  blind.splice(0, blind.length, ...cut.filter(({ from, to }) => from < to))
  lookAgain(tables, now)
}

/** Records a step of the clock; see `Store.stepped`. */
export const stepped = (tables: Tables, now: Instant, by: Span): Span => {
  if (tables.awakeAt === undefined) return Math.min(0, by)
  const { blind, rest } = Steps.after(tables.blind, now, by)
  tables.blind.splice(0, tables.blind.length, ...blind)
  if (rest > by) lookAgain(tables, now)
  return rest
}

/** Deadlines are lower bounds, so that every check may be looked at early. */
const lookAgain = (tables: Tables, now: Instant): void => {
  for (const entry of tables.checks.values()) {
    const { check } = entry
    if ((check.state.deadline ?? now) <= now) continue
    entry.check = { ...check, state: { ...check.state, deadline: now } }
  }
}
