/** Why the status of a check changed, as documents say it. */
import * as Schema from "effect/Schema"

/** The reason of a flip. */
export const schema = Schema.Literals([
  "success",
  "fail",
  "too-short",
  "missed",
  "overran",
  "paused",
  "resumed",
]).annotate({ description: "Why the status changed." })
