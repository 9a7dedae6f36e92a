/** The endpoints of silence, beyond Healthchecks: no alerts of a check, a tag or the project until an instant. */
import * as Check from "@overdue/core/Check"
import * as Limits from "@overdue/core/Limits"
import * as LocalTime from "@overdue/core/LocalTime"
import * as Schedule from "@overdue/core/Schedule"
import * as Zone from "@overdue/core/Zone"
import * as Format from "@overdue/core/document/Format"
import * as Schemas from "@overdue/core/document/Schemas"
import { second, type Instant } from "@overdue/core/Time"
import * as Silence from "@overdue/engine/commands/Silence"
import * as SteadyClock from "@overdue/engine/SteadyClock"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { json } from "../../Json.ts"
import { BadRequest, type Authorized, type Endpoint } from "../Endpoint.ts"
import * as Query from "../Query.ts"
import * as RequestBody from "../RequestBody.ts"
import * as Checks from "./Checks.ts"

const toEnd = "to end a silence, use DELETE"

const seconds = Schema.Number.annotate({ message: "is not a number" }).check(
  Schemas.rule((value: number) => Number.isInteger(value), "is not a whole number"),
  Schema.isGreaterThanOrEqualTo(1, Schemas.bounded("is too small", `at least 1 second (${toEnd})`)),
  Schema.isLessThanOrEqualTo(
    Limits.longestSilence / second,
    Schemas.bounded("is too large", `at most ${Limits.longestSilence / second} seconds, a year`),
  ),
  Schema.isInt(),
)

/** The body of a request for silence: how long it lasts, or when it ends. */
export const Input = Schema.Struct({
  for: Schema.optionalKey(
    seconds.annotate({ description: "How many seconds the silence lasts, instead of when it ends." }),
  ),
  until: Schema.optionalKey(
    Schemas.localTime.annotate({
      description:
        "When the silence ends, instead of how long it lasts. Without an offset from UTC it is on the wall clock of the check's schedule; for several checks it needs its offset.",
    }),
  ),
})

/** What was silenced beyond a single check. */
export const Output = Schema.Struct({
  checks: Schema.Int.annotate({ description: "How many checks were silenced, or are not silent any more." }),
  silenced_until: Schema.NullOr(Schemas.instant).annotate({
    description: "When the silence ends; null when it was ended.",
  }),
})

const decode = Schema.decodeUnknownResult(Input)

/** Returns when the silence ends that is asked for. Without a zone, a local time is refused. */
const untilOf: Ends = Effect.fnUntraced(function* ({ body }: Authorized, zone?: Zone.Zone) {
  if ("for" in body && "until" in body)
    return yield* RequestBody.invalid("give either for or until, not both")
  const { for: seconds, until } = yield* RequestBody.decoded(decode, body)
  const now = yield* SteadyClock.now
  if (seconds !== undefined) return now + seconds * second
  if (until === undefined)
    return yield* RequestBody.invalid("give either for, in seconds, or until, an instant")
  if (zone === undefined && !LocalTime.hasOffset(until)) {
    return yield* RequestBody.invalid(
      "until needs its offset from UTC for several checks: 2026-12-24T22:00:00Z",
    )
  }
  const ends = LocalTime.read(until, zone ?? Zone.utc)
  // A text that can be read in UTC may be outside of the years 1970 to 9999 in another zone.
  if (Result.isFailure(ends)) return yield* RequestBody.invalid(`until is not ${ends.failure.expected}`)
  if (ends.success <= now) return yield* RequestBody.invalid(`until is past; ${toEnd}`)
  if (ends.success > now + Limits.longestSilence) {
    return yield* RequestBody.invalid("until is too far away: a year at most")
  }
  return ends.success
})

type Ends = (request: Authorized, zone?: Zone.Zone) => Effect.Effect<Instant | undefined, BadRequest>

const ofCheck = (until: Ends) =>
  Effect.fnUntraced(function* (request: Authorized) {
    const { id, policy } = yield* Checks.named(request)
    const [check] = yield* Silence.run({
      project: request.project.id,
      which: { id },
      until: yield* until(request, Schedule.zoneOf(policy.schedule)),
    })
    return yield* Checks.answer(200, request, check!)
  })

const ofProject = (until: Ends) =>
  Effect.fnUntraced(function* (request: Authorized) {
    const which = yield* whichOf(request.query)
    const ends = yield* until(request)
    const checks = yield* Silence.run({ project: request.project.id, which, until: ends })
    return json(200, { checks: checks.length, silenced_until: Format.instantOrNull(ends) })
  })

/** An empty tag is one that a script forgot to set, and must not mean all checks. */
const whichOf = Effect.fnUntraced(function* (
  query: URLSearchParams,
): Effect.fn.Return<Silence.Which, BadRequest> {
  yield* Query.expectOnly(query, ["tag"])
  const [tag, ...others] = query.getAll("tag")
  if (tag === undefined) return "all"
  if (others.length > 0) return yield* new BadRequest({ text: "tag is given more than once: name one" })
  if (Check.isTag(tag)) return { tag }
  const text =
    tag.trim() === ""
      ? "tag is empty: name a tag, or leave the parameter out for all checks"
      : "tag has spaces, which separate tags: name one"
  return yield* new BadRequest({ text })
})

const never = () => Effect.succeed(undefined)

/** The endpoints. */
export const endpoints: readonly Endpoint[] = [
  {
    path: "/checks/{uuid}/silence",
    methods: {
      POST: { id: "silenceCheck", access: "write", run: ofCheck(untilOf) },
      DELETE: { id: "endSilence", access: "write", run: ofCheck(never) },
    },
  },
  {
    path: "/silence",
    methods: {
      POST: { id: "silenceProject", access: "write", run: ofProject(untilOf) },
      DELETE: { id: "endSilenceOfProject", access: "write", run: ofProject(never) },
    },
  },
]
