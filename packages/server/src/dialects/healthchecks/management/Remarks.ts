/** The diagnosis of a ping or a flip: why it had the effect that it had. Part of the details. */
import type { Code } from "@overdue/core/Diagnosis"
import * as Schema from "effect/Schema"

const codes: Readonly<Record<Code, true>> = {
  "too-early": true,
  "another-zone": true,
  "too-short": true,
  overran: true,
  "missed-slot": true,
  "duplicate-run": true,
  filtered: true,
  "exit-status": true,
  method: true,
  paused: true,
}

/** The diagnosis as the API returns it. */
export const schema = Schema.Array(
  Schema.Struct({ code: Schema.Literals(Object.keys(codes)), text: Schema.String }),
).annotate({
  description:
    "Why the ping or the change had the effect that it had: a code for programs, a sentence for people. A detail.",
})
