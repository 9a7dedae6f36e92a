/** What a probe said in a round, from each region, as the API shows it. */
import * as Format from "@overdue/core/document/Format"
import * as Schemas from "@overdue/core/document/Schemas"
import * as Probe from "@overdue/core/Probe"
import { none, type Probing, type Round } from "@overdue/core/probe/Rounds"
import * as Threshold from "@overdue/core/probe/Threshold"
import * as Schema from "effect/Schema"

const milliseconds = Schema.NullOr(Schema.Number).annotate({
  description: "Milliseconds; null when there was none.",
})

const One = Schema.Struct({
  region: Schema.NullOr(Schema.String),
  ok: Schema.Boolean,
  status_code: Schema.NullOr(Schema.Int),
  reason: Schema.NullOr(Schema.String).annotate({ description: "Why it failed." }),
  value: Schema.optionalKey(
    Schema.Number.annotate({ description: "What the server reported; only of a threshold." }),
  ),
  response_time: Schema.NullOr(Schema.Number).annotate({
    description: "Milliseconds from the beginning to the end; null of a threshold, which nobody asks.",
  }),
  dns: milliseconds,
  connect: milliseconds,
  tls: milliseconds,
  first_byte: milliseconds,
})

/** The results of a round. */
export const results = Schema.Array(One)

/** The last round of a check. */
export const last = Schema.Struct({
  at: Schemas.instant.annotate({
    description: "When it was told, or of a threshold, when the server has measured what it reported.",
  }),
  results,
})

/** Returns the results of a round. */
export const show = ({ results }: Round): readonly (typeof One.Type)[] => results.map(one)

/** Returns the last round of a check with a probe; null when it has had none. */
export const showLast = (
  probe: Probe.Probe,
  { last: round, toldAt }: Probing = none,
): typeof last.Type | null => {
  if (round === undefined) return null
  // A round of a probe is named by an instant of a grid, which may be half of the interval away.
  const at = Threshold.is(probe) ? round.at : (toldAt ?? round.at)
  return { at: Format.preciseInstant(at), results: show(round) }
}

const one = (result: Probe.Result): typeof One.Type => {
  const { region, ok, statusCode, reason, value, timings } = result
  return {
    region: region === "" ? null : region,
    ok,
    status_code: statusCode ?? null,
    reason: reason ?? null,
    ...(value !== undefined && { value }),
    response_time: Probe.responseTime(result) ?? null,
    dns: timings.dns ?? null,
    connect: timings.connect ?? null,
    tls: timings.tls ?? null,
    first_byte: timings.firstByte ?? null,
  }
}
