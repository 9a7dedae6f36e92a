/** The endpoints of silence, beyond Healthchecks: no alerts of a check, a tag or the project until an instant. */
import * as Limits from "@overdue/core/Limits"
import * as LocalTime from "@overdue/core/LocalTime"
import * as Zone from "@overdue/core/Zone"
import * as Format from "@overdue/core/document/Format"
import * as Schemas from "@overdue/core/document/Schemas"
import { second, type Instant } from "@overdue/core/Time"
import * as Silence from "@overdue/engine/commands/Silence"
import * as SteadyClock from "@overdue/engine/SteadyClock"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { json } from "../../../../http/Http.ts"
import * as Sentence from "../../../Sentence.ts"
import { BadRequest, type Authorized, type Endpoint } from "../Endpoint.ts"
import * as Checks from "./Checks.ts"

/** The body of a request for silence: how long it lasts, or when it ends. */
export const Input = Schema.Struct({
  for: Schema.optionalKey(
    Schemas.wholeNumber(0, Limits.longestSilence / second).annotate({
      description: "How many seconds the silence lasts; 0 ends it.",
    }),
  ),
  until: Schema.optionalKey(
    Schemas.instant.annotate({ description: "When the silence ends, instead of how long it lasts." }),
  ),
}).check(
  Schemas.rule(
    (body) => (body.for === undefined) !== (body.until === undefined),
    "needs either for, in seconds, or until, an instant",
  ),
)

/** What was silenced beyond a single check. */
export const Output = Schema.Struct({
  checks: Schema.Int.annotate({ description: "How many checks were silenced, or are not silent any more." }),
  silenced_until: Schema.NullOr(Schemas.instant).annotate({
    description: "When the silence ends; null when it was ended.",
  }),
})

const decode = Schema.decodeUnknownResult(Input)

const untilOf = Effect.fnUntraced(function* ({ body }: Authorized) {
  const read = decode(body)
  if (Result.isFailure(read)) return yield* invalid(Sentence.of(read.failure.issue))
  const now = yield* SteadyClock.now
  const { for: seconds, until } = read.success
  const ends =
    until === undefined ? now + (seconds ?? 0) * second : Result.getOrThrow(LocalTime.read(until, Zone.utc))
  if (ends > now + Limits.longestSilence) return yield* invalid("until is too far away: a year at most")
  return ends > now ? ends : undefined
})

const invalid = (sentence: string) => new BadRequest({ text: `json validation error: ${sentence}` })

const ofCheck = (until: (request: Authorized) => Effect.Effect<Instant | undefined, BadRequest>) =>
  Effect.fnUntraced(function* (request: Authorized) {
    const { id } = yield* Checks.named(request)
    const [check] = yield* Silence.run({
      project: request.project.id,
      which: { id },
      until: yield* until(request),
    })
    return yield* Checks.answer(200, request, check!)
  })

const ofProject = (until: (request: Authorized) => Effect.Effect<Instant | undefined, BadRequest>) =>
  Effect.fnUntraced(function* (request: Authorized) {
    const tag = request.query.getAll("tag").at(-1)
    const ends = yield* until(request)
    const which: Silence.Which = tag === undefined || tag === "" ? "all" : { tag }
    const checks = yield* Silence.run({ project: request.project.id, which, until: ends })
    return json(200, { checks: checks.length, silenced_until: Format.instantOrNull(ends) })
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
