/** Why a schedule's text is not a schedule: which field, which part of it, what was expected, and where. */
import * as Schema from "effect/Schema"

/**
 * A schedule that cannot be read, or that can never fire.
 *
 * `field` names the part of the grammar ("minute", "day-of-week", "zone", "expression"), `part` is the offending
 * text as typed, `expected` says what is allowed there, `offset` is its position in the text (UTF-16 units, from 0).
 */
export class ScheduleError extends Schema.TaggedError<ScheduleError>()("ScheduleError", {
  field: Schema.String,
  part: Schema.String,
  expected: Schema.String,
  offset: Schema.Int,
}) {
  override get message(): string {
    return `${this.field}: ${JSON.stringify(this.part)} at ${this.offset}: expected ${this.expected}`
  }
}
