/**
 * Remarks for people, each with a code for programs: the diagnosis of a ping or a flip, which is part of the details,
 * and what is remarked on about the policy of a check, for those who ask.
 */
import type { Code } from "@overdue/core/Diagnosis"
import * as Schema from "effect/Schema"

const codes: Readonly<Record<Code, true>> = {
  "too-early": true,
  "another-zone": true,
  "too-short": true,
  overran: true,
  "missed-slot": true,
  "never-heard": true,
  "duplicate-run": true,
  filtered: true,
  "exit-status": true,
  method: true,
  probe: true,
  expires: true,
  unjudged: true,
  "server-gone": true,
  "not-kept": true,
  asked: true,
  server: true,
  paused: true,
}

/** The diagnosis as the API returns it. */
export const schema = Schema.Array(
  Schema.Struct({ code: Schema.Literals(Object.keys(codes)), text: Schema.String }),
).annotate({
  description:
    "Why the ping or the change had the effect that it had: a code for programs, a sentence for people. A detail.",
})

/** What the API returns about the policy of a check with `?remarks=1`. */
export const ofPolicy = Schema.Array(Schema.Struct({ code: Schema.String, text: Schema.String })).annotate({
  description:
    "What the check probably does not mean, such as a grace longer than its period: a code for programs, a sentence for people. Only with `?remarks=1`.",
})
