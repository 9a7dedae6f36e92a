/** The history of a heartbeat: what its job has reported, and what it has missed. */
import type { Flip } from "@overdue/core/Flip"
import * as Limits from "@overdue/core/Limits"
import type { PingSummary } from "@overdue/core/Store"
import { second } from "@overdue/core/Time"
import * as Flips from "@overdue/engine/queries/Flips"
import * as Pings from "@overdue/engine/queries/Pings"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as LongJson from "../../http/LongJson.ts"
import type { Request } from "../../rest/Endpoint.ts"
import * as Fields from "../../rest/Fields.ts"
import * as Shapes from "../../rest/Shapes.ts"
import * as Answers from "./Answers.ts"
import * as Heartbeats from "./Heartbeats.ts"
import * as Parameters from "./Parameters.ts"

const read = Parameters.reader(
  Schema.Struct({
    limit: Schema.optionalKey(Fields.integer(1, Limits.mostListed)),
    last_received_at: Schema.optionalKey(Parameters.instant),
  }),
)

const defaultLimit = 50

/** An event as answers have it. */
export const Output = Schema.Struct({
  result: Schema.Literals(["tick", "run", "complete", "fail", "missed"]).annotate({
    description: "`missed`: nothing came in time.",
  }),
  received_at: Shapes.instant,
  message: Schema.NullOr(Schema.String),
  duration: Schema.optionalKey(
    Schema.Number.annotate({ description: "Seconds that the run took which it ends." }),
  ),
})

type Shown = typeof Output.Type
type Result = Exclude<Shown["result"], "missed">

/**
 * Returns the result of a ping; `undefined` when it changed nothing. What came through another dialect completes
 * something when it closes a run.
 */
export const resultOf = ({ kind, duration, extension }: PingSummary): Result | undefined => {
  if (kind === "start") return "run"
  if (kind === "fail") return "fail"
  if (kind !== "success") return undefined
  const own = extension?.["pinghome"] as { readonly result?: unknown } | undefined // safe because its part is looked at
  const isComplete = own === undefined ? duration !== undefined : own.result === "complete"
  return isComplete ? "complete" : "tick"
}

const isMiss = ({ reason }: Flip): boolean => reason === "missed" || reason === "overran"

const decoder = new TextDecoder()

/** Answers with the events of a heartbeat, newest first. */
export const list = Effect.fnUntraced(function* (request: Request) {
  const check = yield* Heartbeats.subject(request)
  const { limit = defaultLimit, last_received_at: after = -1 } = yield* read(request.query)
  const pings = yield* Pings.newest(check, limit, (ping) =>
    ping.at > after && resultOf(ping) !== undefined ? [ping] : [],
  )
  // What was missed before the oldest of as many pings as are shown is not shown.
  const from = pings.length < limit ? after + 1 : Math.max(after + 1, pings.at(-1)!.at)
  const flips = yield* Flips.upToNow(check, from)
  const misses = flips.filter((flip) => flip.at >= from && isMiss(flip)).slice(0, limit)
  const merged = [
    ...pings.map((ping) => ({ at: ping.at, ping })),
    ...misses.map(({ at }) => ({ at, ping: undefined })),
  ]
    // Of two at the same time, the ping is the newer one: what was missed had been missed by then.
    .toSorted((a, b) => b.at - a.at)
    .slice(0, limit)
  const bodies = yield* Pings.bodies(
    check,
    merged.flatMap(({ ping }) => ping ?? []),
  )
  const shown = yield* LongJson.list(merged, ({ at, ping }): Shown => {
    if (ping === undefined) return { result: "missed", received_at: Answers.instant(at), message: null }
    // What has no result is not among them.
    const result = resultOf(ping)!
    const isEnd = result === "complete" || result === "fail"
    const body = bodies.get(ping.n)
    return {
      result,
      received_at: Answers.instant(at),
      message: body === undefined ? null : decoder.decode(body),
      ...(isEnd && ping.duration !== undefined && { duration: ping.duration / second }),
    }
  })
  return yield* LongJson.answer({ data: shown })
})
