/** The details of a check, which Healthchecks does not have: since when it is as it is, and why. */
import type { Check } from "@overdue/core/Check"
import * as Deadline from "@overdue/core/Deadline"
import type { Blind } from "@overdue/core/Deadline"
import * as Format from "@overdue/core/document/Format"
import * as Schemas from "@overdue/core/document/Schemas"
import * as Machine from "@overdue/core/Machine"
import type { Access } from "@overdue/core/Project"
import type { Instant } from "@overdue/core/Time"
import * as Diagnosis from "@overdue/engine/queries/Diagnosis"
import * as Flips from "@overdue/engine/queries/Flips"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Site } from "../../../Site.ts"
import * as Reason from "@overdue/core/document/Reason"
import * as Remarks from "./Remarks.ts"
import * as Watched from "../../Watched.ts"
import * as RoundDocument from "./RoundDocument.ts"

/** The details as the API returns them. */
export const output = Schema.Struct({
  since: Schemas.instant.annotate({
    description:
      "When the check became new, up, down or paused; a check that is late in its grace is still up. A detail.",
  }),
  running_since: Schema.NullOr(Schemas.instant).annotate({
    description: "When the oldest run that has not ended started; null when none is open. A detail.",
  }),
  expected_at: Schema.NullOr(Schemas.instant).annotate({
    description:
      "When a signal is expected, also of a new check that is armed; null when none is, or while the check is down. A detail.",
  }),
  reason: Schema.NullOr(Reason.schema).annotate({
    description: "Why the check is down; null unless it is, or when that is no longer stored. A detail.",
  }),
  diagnosis: Remarks.schema.annotate({
    description:
      "Sentences about the reason, about a probe that says nothing of its target, and about a threshold that hears nothing of its server, each with a code for programs. A detail.",
  }),
  last_round: Schema.optionalKey(
    Schema.NullOr(RoundDocument.last).annotate({
      description:
        "What the probe of the check said last; null when it has said nothing yet, and absent of checks without a probe and for read-only keys. A detail.",
    }),
  ),
  email: Schema.optionalKey(
    Schema.String.annotate({
      description:
        "Address that takes pings by e-mail; absent when the server takes none, and for read-only keys. A detail.",
    }),
  ),
})

/** From where, and by whom, a check is looked at. */
export interface View {
  readonly now: Instant
  readonly blind: Blind
  readonly access: Access
}

/** Returns the details of a check. */
export const of = Effect.fnUntraced(function* (check: Check, { now, blind, access }: View) {
  // A deadline that has just passed may not be stored yet.
  const settled = Machine.step(check, { type: "tick" }, now, blind)
  const { state } = settled.check
  const isDown = state.status === "down"
  const [stored] = isDown ? yield* Flips.list(check.id, { from: state.flippedAt }) : []
  const flip = settled.flips.at(-1) ?? stored
  const isExpected = state.status === "up" || state.status === "new"
  const expected = isExpected ? Deadline.expectedAt(settled.check, blind, "hurried") : undefined
  const { pingEmailDomain, takesEmail } = yield* Site
  const [diagnosis = []] = !isDown || flip === undefined ? [] : yield* Diagnosis.ofFlips(check, [flip])
  return {
    since: Format.preciseInstant(state.flippedAt),
    running_since: state.runs[0] === undefined ? null : Format.preciseInstant(state.runs[0].startedAt),
    expected_at: expected === undefined ? null : Format.instant(expected),
    reason: isDown && flip?.to === "down" ? flip.reason : null,
    diagnosis: [...diagnosis, ...Diagnosis.ofProbing(check), ...(yield* Watched.remarks(check))],
    ...(check.policy.probe !== undefined &&
      access === "read-write" && { last_round: RoundDocument.showLast(check.policy.probe, state.probing) }),
    ...(takesEmail === true && access === "read-write" && { email: `${check.id}@${pingEmailDomain}` }),
  } satisfies typeof output.Type
})
