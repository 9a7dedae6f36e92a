/** The error of every text that is no schedule. */
import * as Schema from "effect/Schema"
import * as Limits from "../Limits.ts"

/**
 * The text is no schedule, or one that is never due.
 *
 * `field` names the part of the grammar ("minute", "day-of-week", "zone", "expression"), `part` is the wrong text as
 * typed, `expected` says what is allowed there, `offset` is its position in the whole text (UTF-16 units, from 0).
 * `rewritten` is what to write instead: one line that the same function reads, and that means the same. It is absent
 * when there is none. When the line means the same in another zone only, `rewrittenZone` is the name of that zone.
 */
export class ScheduleError extends Schema.TaggedError<ScheduleError>()("ScheduleError", {
  field: Schema.String,
  part: Schema.String,
  expected: Schema.String,
  offset: Schema.Int,
  rewritten: Schema.optionalKey(Schema.String),
  rewrittenZone: Schema.optionalKey(Schema.String),
}) {
  override get message(): string {
    const part = this.part.length > shown ? `${this.part.slice(0, shown)}…` : this.part
    return `${this.field}: ${JSON.stringify(part)} at ${this.offset}: expected ${this.expected}`
  }
}

/** UTF-16 units of the wrong part that the message repeats. */
const shown = 100

/** Returns the error of an expression that is longer than any may be. */
export const tooLong = (expression: string): ScheduleError =>
  new ScheduleError({
    field: "expression",
    part: `${expression.slice(0, 20)}…`,
    expected: `at most ${Limits.expressionLength} characters, not ${expression.length}`,
    offset: Limits.expressionLength,
  })

/** Returns the error of a text that begins at `offset` of a longer one, which nothing rewrites. */
export const moved = (self: ScheduleError, offset: number): ScheduleError =>
  new ScheduleError({
    field: self.field,
    part: self.part,
    expected: self.expected,
    offset: self.offset + offset,
  })
