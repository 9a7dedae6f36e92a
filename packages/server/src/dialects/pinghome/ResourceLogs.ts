/** What has happened to uptime monitors: changes of their state, and what each round said. */
import type { Flip } from "@overdue/core/Flip"
import * as Probe from "@overdue/core/Probe"
import * as Rounds from "@overdue/core/probe/Rounds"
import { second, type Instant } from "@overdue/core/Time"
import * as Flips from "@overdue/engine/queries/Flips"
import * as Pings from "@overdue/engine/queries/Pings"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as LongJson from "../../http/LongJson.ts"
import type { Request } from "../../rest/Endpoint.ts"
import * as Shapes from "../../rest/Shapes.ts"
import * as Answers from "./Answers.ts"
import * as Parameters from "./Parameters.ts"
import * as Resources from "./Resources.ts"

const readQuery = Parameters.reader(Schema.Struct(Parameters.range).check(Parameters.inOrder))

const asked = Effect.fnUntraced(function* (query: URLSearchParams) {
  const {
    limit = Parameters.usualLimit,
    start_date: from = 0,
    end_date: to = Infinity,
  } = yield* readQuery(query)
  return { limit, from, to }
})

const states = { new: "pending", up: "up", down: "down", paused: "paused" } as const

/** A change of the state as answers have it. */
export const Change = Schema.Struct({
  state: Schema.Literals(Object.values(states)),
  created_at: Shapes.instant,
  region: Schema.NullOr(Schema.String),
  status_code: Schema.NullOr(Schema.Number),
  reason: Schema.NullOr(Schema.String).annotate({ description: "Why it went down." }),
  duration: Schema.NullOr(Schema.Number).annotate({
    description: "Seconds until the state changed again; null while it has not.",
  }),
})

const showFlip = (flip: Flip, next: Instant | undefined): typeof Change.Type => ({
  state: states[flip.to],
  created_at: Answers.instant(flip.at),
  region: flip.result?.region || null,
  status_code: flip.result?.statusCode ?? null,
  // A person pauses and resumes, and what succeeds needs no reason.
  reason: flip.result?.reason ?? (flip.to === "up" ? null : flip.reason),
  duration: next === undefined ? null : Math.floor((next - flip.at) / second),
})

/** Answers with the changes of the state, newest first. */
export const changes = Effect.fnUntraced(function* (request: Request) {
  const check = yield* Resources.subject(request)
  const { limit, from, to } = yield* asked(request.query)
  const all = yield* Flips.upToNow(check, from)
  const found = all
    .map((flip, index) => ({ flip, next: all[index - 1]?.at }))
    .filter(({ flip: { at } }) => from <= at && at <= to)
    .slice(0, limit)
  const data = yield* LongJson.list(found, ({ flip, next }) => showFlip(flip, next))
  return yield* LongJson.answer({ data })
})

/** What one place said in a round, as answers have it. */
export const Response = Schema.Struct({
  received_at: Shapes.instant,
  region: Schema.NullOr(Schema.String),
  ok: Schema.Boolean,
  status_code: Schema.NullOr(Schema.Number),
  response_time: Schema.NullOr(
    Schema.Number.annotate({ description: "Milliseconds; null of a threshold, which nobody asks." }),
  ),
  reason: Schema.NullOr(Schema.String),
})

/** Answers with what each place said in each round, newest first. */
export const responses = Effect.fnUntraced(function* (request: Request) {
  const check = yield* Resources.subject(request)
  const { limit, from, to } = yield* asked(request.query)
  const found = yield* Pings.newest(check, limit, (ping) =>
    from <= ping.at && ping.at <= to
      ? (Rounds.ofPing(ping)?.results ?? []).map((result) => ({ at: ping.at, result }))
      : [],
  )
  const data = yield* LongJson.list(found, ({ at, result }): typeof Response.Type => ({
    received_at: Answers.instant(at),
    region: result.region || null,
    ok: result.ok,
    status_code: result.statusCode ?? null,
    response_time: Probe.responseTime(result) ?? null,
    reason: result.reason ?? null,
  }))
  return yield* LongJson.answer({ data })
})
