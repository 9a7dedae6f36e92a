/** The length of a silence as people write it in code. */
import * as Limits from "@overdue/core/Limits"
import type { Instant } from "@overdue/core/Time"
import * as SteadyClock from "../SteadyClock.ts"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import { type InstantInput, PlanInvalid, type SpanInput } from "../PlanInput.ts"
import { instant } from "../planInput/Timing.ts"
import * as WindowInput from "./WindowInput.ts"

/**
 * For a length of time, or until an instant, which is on the wall clock of `zone` (by default UTC) when it has no offset;
 * a year at most.
 */
export type SilenceInput =
  | { readonly for: SpanInput }
  | { readonly until: InstantInput; readonly zone?: string }

/** Returns when a silence ends that begins now. Fails with `PlanInvalid` when it is no length of time or too long. */
export const until = Effect.fnUntraced(function* (input: SilenceInput) {
  const now = yield* SteadyClock.now
  if (!("until" in input)) {
    const ends = endOf(input.for, now)
    if (ends >= now && ends <= now + Limits.longestSilence) return ends
    return yield* new PlanInvalid({ field: "for", expected: 'a span such as "2 hours", a year at most' })
  }
  const zone = yield* Effect.fromResult(WindowInput.zone(input.zone))
  const ends = instant(input.until, zone)
  if (Result.isFailure(ends)) return yield* new PlanInvalid({ field: "until", expected: ends.failure })
  if (ends.success <= now + Limits.longestSilence) return ends.success
  return yield* new PlanInvalid({ field: "until", expected: "an instant within a year" })
})

const endOf = (span: SpanInput, now: Instant): number =>
  Option.match(Duration.fromInput(span), {
    onNone: () => Number.NaN,
    onSome: (duration) => now + Math.round(Duration.toMillis(duration)),
  })
