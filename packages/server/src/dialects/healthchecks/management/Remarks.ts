/** Why a ping or a flip is what it is, as the API says it to those who ask for details. */
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

export const schema = Schema.Array(
  Schema.Struct({ code: Schema.Literals(Object.keys(codes)), text: Schema.String }),
).annotate({ description: "Why it is what it is, for programs and for people. A detail." })
