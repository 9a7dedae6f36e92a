/** What servers report: metrics as they come in. The protocol is ours, for none is published. */
import { counted } from "@overdue/core/Counted"
import * as Limits from "@overdue/core/Limits"
import type * as Sample from "@overdue/core/Sample"
import type { Instant, Span } from "@overdue/core/Time"
import * as Wording from "@overdue/core/Wording"
import * as Receive from "@overdue/engine/commands/Receive"
import * as Samples from "@overdue/engine/queries/Samples"
import * as SteadyClock from "@overdue/engine/SteadyClock"
import { Settings } from "@overdue/engine/Settings"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Protection } from "../../access/Protection.ts"
import { json } from "../../http/Http.ts"
import * as Origin from "../../access/Origin.ts"
import { FieldsInvalid, type Request } from "../../rest/Endpoint.ts"
import * as Fields from "../../rest/Fields.ts"
import * as ServerTypes from "../ServerTypes.ts"
import * as Parameters from "./Parameters.ts"
import * as Metric from "./ServerMetric.ts"
import * as ServerResources from "./ServerResources.ts"

/** The most bytes of a report. */
export const longest = 64 * 1024

const mostMetrics = 200

/** A report. */
export const Report = Schema.Struct({
  received_at: Schema.optionalKey(
    Parameters.instant.annotate({ description: "When it was measured; by default, now." }),
  ),
  metrics: Fields.list(
    Schema.Struct({
      type: Metric.typeField,
      value: Schema.Unknown.annotate({ description: "What was measured, as the type has it." }),
    }).annotate({ message: "must be an object with type and value" }),
    "objects with type and value",
    mostMetrics,
  ),
})

const read = Fields.reader(Report)

/** What is kept of a report. */
interface Kept {
  readonly samples: readonly Sample.Sample[]
  /** The series of each metric whose numbers are samples. */
  readonly measured: readonly (readonly string[])[]
  readonly processes: readonly Metric.Process[] | undefined
  readonly accepted: number
  /** Types that the monitor does not list. */
  readonly unlisted: ReadonlySet<Metric.Type>
}

/** Takes one report: a success of the check, with its samples. */
export const take = Effect.fnUntraced(function* (request: Request) {
  const check = yield* ServerResources.subject(request)
  const { received_at: measuredAt, metrics } = yield* read(request.fields)
  const now = yield* SteadyClock.now
  const at = measuredAt ?? now
  const { raw } = (yield* Settings).samples
  // Of one that is not timely, the values are looked at as well.
  const kept = keptOf(metrics, ServerTypes.kept(check.details), isTimely(at, now, raw) ? at : now)
  const [, { samples, measured, processes, accepted, unlisted }] = yield* Fields.both(
    timely(at, now, raw),
    kept,
  )
  const { trusts } = yield* Protection
  const origin = Origin.of(request.inbound, undefined, trusts)
  const receive = yield* Receive.Receive
  const receiving = receive.receive({
    target: { id: check.id },
    rid: undefined,
    signal: { via: "http", method: "POST", action: "success", exitStatus: undefined, text: () => "" },
    origin: {
      ...origin,
      ...(processes !== undefined && { extension: { pinghome: { measuredAt: at, processes } } }),
    },
    samples,
  })
  // It is named by its id.
  const receipt = yield* Effect.catchTag(receiving, "SlugAmbiguous", Effect.die)
  if (receipt.kind === "ignored") {
    const message = "Report ignored: the server monitor is disabled"
    return json(200, { message, accepted: 0, ignored: metrics.length })
  }
  // Only the store knows which series of a monitor that has very many are new.
  const known = new Set(measured.length === 0 ? [] : yield* Samples.series(check))
  const isKept = (series: string): boolean => known.has(series)
  const whole = accepted - measured.filter((own) => !own.every(isKept)).length
  const surplus = samples.filter(({ series }) => !isKept(series)).length
  return json(200, {
    message: received(unlisted, surplus),
    accepted: whole,
    ignored: metrics.length - whole,
  })
})

/** Fails when what was measured at an instant is not kept. */
const timely = (at: Instant, now: Instant, raw: Span): Effect.Effect<void, FieldsInvalid> =>
  isTimely(at, now, raw)
    ? Effect.void
    : Effect.fail(
        Fields.invalid(
          "received_at",
          `must be at most ${Wording.span(raw)} ago, and at most ${Wording.span(Limits.sampleAhead)} ahead`,
        ),
      )

const isTimely = (at: Instant, now: Instant, raw: Span): boolean =>
  at >= now - raw && at <= now + Limits.sampleAhead

const received = (unlisted: ReadonlySet<Metric.Type>, surplus: number): string =>
  [
    "Report received",
    ...(unlisted.size === 0
      ? []
      : [`without what the server monitor does not list: ${Metric.named(unlisted)}`]),
    ...(surplus === 0
      ? []
      : [
          `without ${counted(surplus, "number")} whose series would be more than the ${Limits.series} of a server monitor`,
        ]),
  ].join(", ")

const keptOf = Effect.fnUntraced(function* (
  metrics: (typeof Report.Type)["metrics"],
  enabled: ReadonlySet<unknown>,
  at: Instant,
): Effect.fn.Return<Kept, FieldsInvalid> {
  const samples: Sample.Sample[] = []
  const measured: (readonly string[])[] = []
  let processes: Kept["processes"]
  let accepted = 0
  const unlisted = new Set<Metric.Type>()
  const issues: FieldsInvalid["issues"][number][] = []
  for (const [index, { type, value }] of metrics.entries()) {
    const found = Metric.read(type, value, at)
    if (found === undefined) {
      issues.push({ field: `metrics.${index}.value`, message: Metric.expected(type) })
      continue
    }
    if (!enabled.has(type)) {
      unlisted.add(type)
      continue
    }
    accepted += 1
    if ("samples" in found) {
      samples.push(...found.samples)
      measured.push(found.samples.map(({ series }) => series))
    } else processes = found.processes
  }
  if (issues.length > 0) return yield* new FieldsInvalid({ issues })
  if (samples.length > Limits.samplesPerReport)
    return yield* Fields.invalid("metrics", `must have at most ${Limits.samplesPerReport} numbers`)
  return { samples, measured, processes, accepted, unlisted }
})
