/** The endpoints of probers elsewhere, beyond Healthchecks: they claim rounds that are due, and hand in what came of them. */
import * as Format from "@overdue/core/document/Format"
import * as ProbeField from "@overdue/core/document/ProbeField"
import * as ResultDocument from "@overdue/core/document/ResultDocument"
import * as Schemas from "@overdue/core/document/Schemas"
import * as Limits from "@overdue/core/Limits"
import type * as Probe from "@overdue/core/Probe"
import * as ProbeRefusal from "@overdue/core/probe/ProbeRefusal"
import * as ProbeRounds from "@overdue/core/probe/Rounds"
import * as Rounds from "@overdue/engine/commands/Rounds"
import * as SteadyClock from "@overdue/engine/SteadyClock"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Ticket from "../../../../access/Ticket.ts"
import { Site } from "../../../../Site.ts"
import * as Sentence from "../../../Sentence.ts"
import * as Json from "../../Json.ts"
import type { Endpoint, Probing } from "../Endpoint.ts"
import * as RequestBody from "../RequestBody.ts"

const claim = Effect.fnUntraced(function* ({ project, body }: Probing) {
  const { region, limit = Limits.turnsAtOnce } = yield* RequestBody.decoded(decodeClaim, body)
  const { secret } = yield* Site
  const prober = { region, ...(project !== undefined && { project: project.id }) }
  const turns = yield* Rounds.claim({ limit, prober })
  const claimedAt = yield* SteadyClock.now
  return yield* Json.list("turns", Effect.succeed(turns), (some) =>
    Effect.succeed(
      some.flatMap(({ check, at }) => {
        const { probe } = check.policy
        if (probe === undefined) return []
        const question = ProbeRounds.question(probe)
        return {
          ticket: Ticket.of({ check: check.id, at, claimedAt }, { secret, region, question }),
          check: check.id,
          at: Format.preciseInstant(at),
          probe: ProbeField.show(probe),
        }
      }),
    ),
  )
})

const report = Effect.fnUntraced(function* ({ project, body }: Probing) {
  const { region, reports } = yield* RequestBody.decoded(decodeReports, body)
  const outcomes = yield* Effect.forEach(reports, (each) => handIn(each, region, project?.id), {
    // They are committed together.
    concurrency: "unbounded",
  })
  return Json.json(200, { reports: outcomes })
})

/** One that cannot be read does not keep the others out. */
const handIn = Effect.fnUntraced(function* (given: unknown, region: string, project: string | undefined) {
  const read = decodeReport(given)
  if (Result.isFailure(read)) return invalid(Sentence.whole(read.failure.issue, given, "report"))
  const ticket = Ticket.read(read.success.ticket)
  if (ticket === undefined) return invalid("report.ticket is not one that came with a turn")
  const said = saidIn(read.success)
  if (Result.isFailure(said)) return invalid(said.failure)
  const { secret } = yield* Site
  const { check, at, claimedAt, isOn } = ticket
  const outcome = yield* Rounds.handIn({
    check,
    project,
    at,
    claimedAt,
    region,
    said: said.success,
    isAnswerTo: (question) => isOn({ secret, region, question }),
  })
  return { outcome }
})

const saidIn = ({ result, unjudged }: typeof Report.Type): Result.Result<Probe.Said, string> => {
  if (result === undefined && unjudged === undefined) return Result.fail("report.result is missing")
  if (result === undefined) return Result.succeed({ why: unjudged ?? "" })
  return unjudged === undefined
    ? Result.mapError(ResultDocument.read(result), ({ issue }) => Sentence.whole(issue, result, "result"))
    : Result.fail("report.unjudged is given beside a result")
}

const invalid = (error: string) => ({ outcome: "invalid" as const, error })

/** The endpoints. */
export const endpoints: readonly Endpoint[] = [
  {
    path: "/probes/claim",
    methods: { POST: { id: "claimTurns", access: "probe", run: claim } },
    since: 3,
  },
  {
    path: "/probes/report",
    methods: { POST: { id: "reportResults", access: "probe", run: report } },
    since: 3,
  },
]

const region = Schemas.textUpTo(Limits.regionLength)
  .check(Schemas.rule(ProbeRefusal.isLabel, "is not a label such as eu-central-1"))
  .annotate({ description: "Where the prober is: a label that checks name in `probe.regions`." })

/** The body of a request that claims. */
export const ClaimInput = Schema.Struct({
  region,
  limit: Schema.optionalKey(
    Schemas.wholeNumber(1, Limits.turnsAtOnce).annotate({ description: "The most turns; those due first." }),
  ),
})

/** What a prober is to ask. */
export const Turn = Schema.Struct({
  ticket: Schema.String.annotate({ description: "Goes back with the result, as it is." }),
  check: Schema.String.annotate({ description: "Id of the check." }),
  at: Schema.String.annotate({ description: "When the round was due." }),
  probe: Schema.Record(Schema.String, Schema.Unknown).annotate({
    description:
      "What is asked, as the field `probe` of checks has it: with header fields and a body that may be secrets.",
  }),
})

const Report = Schema.Struct({
  ticket: Schemas.textUpTo(Ticket.length).annotate({ description: "That of the turn." }),
  result: Schema.optionalKey(Schema.Unknown),
  unjudged: Schema.optionalKey(
    Schemas.textUpTo(Limits.failureLength).annotate({
      description: "Instead of a result: why nothing can be said of the target, as a sentence.",
    }),
  ),
})

/** The body of a request that hands in results, each of which is read by itself. */
const Reports = Schema.Struct({
  region,
  reports: Schemas.listOf(Schema.Unknown).check(Schemas.isListUpTo(Limits.reportsAtOnce)),
})

/** The same for whoever writes it. */
export const ReportInput = Schema.Struct({
  ...Reports.fields,
  reports: Schemas.listOf(
    Schema.Struct({ ...Report.fields, result: Schema.optionalKey(ResultDocument.Input) }),
  ).check(Schema.isMaxLength(Limits.reportsAtOnce)),
})

/** What became of a report. */
export const Outcome = Schema.Struct({
  outcome: Schema.Literals(["taken", "late", "void", "unknown", "invalid"]).annotate({
    description:
      "`late`: a newer round is known, or it was claimed more than two minutes ago. `void`: the check is paused, in a maintenance window or has another probe by now, or the ticket is for another region. `unknown`: there is no such check, or not for this key. `invalid`: `error` says what is wrong.",
  }),
  error: Schema.optionalKey(Schema.String),
})

const decodeClaim = Schema.decodeUnknownResult(ClaimInput)
const decodeReports = Schema.decodeUnknownResult(Reports)
const decodeReport = Schema.decodeUnknownResult(Report)
