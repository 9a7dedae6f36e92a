/** The error of every input that describes a check or a window in code. */
import * as Schema from "effect/Schema"

/** A field has an invalid value. `field` is its path, such as `alert.failures`; `expected` says what is allowed. */
export class PlanInvalid extends Schema.TaggedError<PlanInvalid>()("PlanInvalid", {
  field: Schema.String,
  expected: Schema.String,
}) {
  override get message(): string {
    return `${this.field}: expected ${this.expected}`
  }
}
