/**
 * The desk of a prober elsewhere: its rounds come from a server, and results go there, several at a time. What a server
 * that is away cannot take waits for it for a minute, and is then no news any more. What names a round comes from the server
 * and goes back as it came, so the clock of this machine does not matter.
 */
import * as ProbeField from "@overdue/core/document/ProbeField"
import * as ResultDocument from "@overdue/core/document/ResultDocument"
import { turnsAtOnce } from "@overdue/core/Limits"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Limits from "../Limits.ts"
import type * as Prober from "../Prober.ts"
import * as Line from "./Line.ts"
import type * as Trouble from "./Trouble.ts"
import * as Waiting from "./Waiting.ts"

/** Where it is, and how it talks to its server. */
export interface Options {
  readonly region: string
  readonly post: Line.Post
}

/** A round, with what goes back with its result. */
export interface Round extends Prober.Round {
  readonly ticket: string
}

/** The desk. */
export interface RemoteDesk extends Prober.Desk<Round, Trouble.Trouble, never> {
  /** Sends what there is until it is interrupted. */
  readonly run: Effect.Effect<never>
  /** Waits until nothing is left to be sent, which `run` does. */
  readonly sent: Effect.Effect<void>
  /** Sends what is left, once, as fast as it can. */
  readonly finish: Effect.Effect<void>
  /** Returns how many results the server did not take since this was last asked. */
  readonly lost: () => number
}

/** Returns a desk, which sends nothing before its `run`. */
export const make = ({ region, post }: Options): RemoteDesk => {
  const claims = Line.make(post, "claim", decodeTurns)
  const reports = Line.make(post, "report", decodeOutcomes)
  const waiting = Waiting.make()

  const sendSome = Effect.gen(function* () {
    const some = yield* waiting.first
    if (some.length === 0) return
    const sent = yield* Effect.result(reports.send({ region, reports: some }))
    if (Result.isFailure(sent)) {
      if (!sent.failure.isFinal) return yield* sent.failure
      waiting.remove(some)
      return yield* waiting.lose(some.length, sent.failure.why)
    }
    waiting.remove(some)
    const invalid = sent.success.reports.filter(({ outcome }) => outcome === "invalid")
    yield* waiting.lose(invalid.length, `the server cannot read them: ${invalid[0]?.error ?? ""}`)
  })

  return {
    claim: Effect.fnUntraced(function* (limit) {
      yield* claims.ready
      const { turns } = yield* claims.send({ region, limit: Math.min(limit, turnsAtOnce) })
      const known = turns.flatMap(({ ticket, probe }): readonly Round[] => {
        const shown = ProbeField.ofShown(probe)
        return Result.isFailure(shown) ? [] : [{ ticket, regions: [region], probe: shown.success }]
      })
      const why = "the server asks for what this program does not know, and is newer"
      yield* waiting.lose(turns.length - known.length, why)
      return known
    }),
    report: ({ ticket }, { results: [result], unjudged }) =>
      waiting.add({
        ticket,
        ...(result !== undefined && { result: ResultDocument.show(result) }),
        ...(unjudged !== undefined && { unjudged: unjudged.why }),
      }),
    run: Effect.gen(function* () {
      while (true) {
        yield* waiting.some
        yield* Effect.sleep(Limits.gathering)
        yield* reports.ready
        // What is in the way is logged by the line.
        yield* Effect.ignore(sendSome)
      }
    }),
    sent: waiting.none,
    finish: Effect.gen(function* () {
      while (waiting.size() > 0) yield* sendSome
    }).pipe(
      Effect.timeout(Limits.farewell),
      Effect.catch(() =>
        waiting.lose(waiting.size(), "the server did not take them before this program ended"),
      ),
    ),
    lost: waiting.lost,
  }
}

const decodeTurns = Schema.decodeUnknownResult(
  Schema.Struct({ turns: Schema.Array(Schema.Struct({ ticket: Schema.String, probe: Schema.Unknown })) }),
)

const decodeOutcomes = Schema.decodeUnknownResult(
  Schema.Struct({
    reports: Schema.Array(
      Schema.Struct({ outcome: Schema.String, error: Schema.optionalKey(Schema.String) }),
    ),
  }),
)
