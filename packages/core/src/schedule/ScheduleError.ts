/** The error of every text that is no schedule. */
import * as Schema from "effect/Schema"

/**
 * The text is no schedule, or one that is never due.
 *
 * `field` names the part of the grammar ("minute", "day-of-week", "zone", "expression"), `part` is the wrong text as
 * typed, `expected` says what is allowed there, `offset` is its position in the whole text (UTF-16 units, from 0).
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
