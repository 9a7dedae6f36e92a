/** Which checks are silenced, and how long, as people write it in code: of whatever type JavaScript passes. */
import * as Check from "@overdue/core/Check"
import * as Limits from "@overdue/core/Limits"
import type { Instant } from "@overdue/core/Time"
import type { Which } from "../commands/Silence.ts"
import * as SteadyClock from "../SteadyClock.ts"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { InstantInput, PlanInvalid, SpanInput } from "../PlanInput.ts"
import { instant } from "../planInput/Timing.ts"
import * as Values from "../planInput/Values.ts"
import * as WindowInput from "./WindowInput.ts"

/**
 * For a length of time, or until an instant, which is on the wall clock of `zone` (by default UTC) when it has no offset;
 * a year at most.
 */
export type SilenceInput =
  | { readonly for: SpanInput }
  | { readonly until: InstantInput; readonly zone?: string }

/** Returns which checks are meant. Fails with `PlanInvalid` unless they are named in exactly one way. */
export const which = (value: unknown): Effect.Effect<Which, PlanInvalid> =>
  Effect.fromResult(Values.attempt(() => whichOf(value)))

const ways = '"all", { id }, or { tag }'

const whichOf = (value: unknown): Which => {
  if (value === "all") return value
  if (typeof value !== "object" || value === null) return Values.refuse("which", ways)
  const { id, tag } = Values.members("which", value, ["id", "tag"])
  if (id !== undefined && tag !== undefined) return Values.refuse("which", "either id or tag, not both")
  if (id !== undefined) return { id: Values.text("which.id", id) }
  if (tag === undefined) return Values.refuse("which", ways)
  const text = Values.text("which.tag", tag)
  return Check.isTag(text)
    ? { tag: text }
    : Values.refuse("which.tag", 'one tag, without spaces; all checks are "all"')
}

/**
 * Returns when a silence ends that begins now. Fails with `PlanInvalid` when that is not later than now or too late, and
 * unless it is said in exactly one way.
 */
export const until = Effect.fnUntraced(function* (input: unknown) {
  const now = yield* SteadyClock.now
  return yield* Effect.fromResult(Values.attempt(() => endOf(input, now)))
})

const toEnd = "to end a silence, use endSilence"

const endOf = (input: unknown, now: Instant): Instant => {
  const { for: length, until, zone } = Values.members("length", input, ["for", "until", "zone"])
  if (length !== undefined && until !== undefined) {
    return Values.refuse("for", "either for or until, not both")
  }
  if (until !== undefined) return instantOf(until, zone, now)
  if (length === undefined) return Values.refuse("for", 'for, a span such as "2 hours", or until, an instant')
  const span = Values.span("for", length, { shortest: -Infinity, longest: Infinity })
  if (span <= 0) return Values.refuse("for", `a span longer than nothing; ${toEnd}`)
  if (span <= Limits.longestSilence) return now + span
  return Values.refuse("for", 'a span such as "2 hours", a year at most')
}

const instantOf = (until: unknown, zone: unknown, now: Instant): Instant => {
  const name = Values.given(zone, undefined, (value) => Values.text("zone", value))
  const ends = instant(until, Result.getOrThrow(WindowInput.zone(name)))
  if (Result.isFailure(ends)) return Values.refuse("until", ends.failure)
  if (ends.success <= now) {
    return Values.refuse("until", `an instant that is still to come, and this one is past; ${toEnd}`)
  }
  return ends.success <= now + Limits.longestSilence
    ? ends.success
    : Values.refuse("until", "an instant within a year")
}
