/** The length of a silence as people write it in code. */
import * as Limits from "@overdue/core/Limits"
import type { Instant } from "@overdue/core/Time"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { PlanInvalid, type SpanInput } from "../PlanInput.ts"

/** For a length of time, or until an instant (a number is milliseconds since 1970); a year at most. */
export type SilenceInput = { readonly for: SpanInput } | { readonly until: Date | number }

/** Returns when a silence ends that begins now. Fails with `PlanInvalid` when it is no length of time or too long. */
export const until = Effect.fnUntraced(function* (input: SilenceInput) {
  const now = yield* Clock.currentTimeMillis
  const ends = "until" in input ? Number(input.until) : endOf(input.for, now)
  if (Number.isSafeInteger(ends) && ends <= now + Limits.longestSilence) return ends
  const field = "until" in input ? "until" : "for"
  const expected = field === "for" ? 'a span such as "2 hours", a year at most' : "an instant within a year"
  return yield* new PlanInvalid({ field, expected })
})

const endOf = (span: SpanInput, now: Instant): number =>
  Option.match(Duration.fromInput(span), {
    onNone: () => Number.NaN,
    onSome: (duration) => now + Math.round(Duration.toMillis(duration)),
  })
