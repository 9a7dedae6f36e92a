/**
 * The desk of a prober elsewhere: its rounds come from a server, and results go there, several at a time. What a server
 * that is away cannot take waits for it for a minute, and is then no news any more. What names a round comes from the server
 * and goes back as it came, so the clock of this machine does not matter.
 */
import * as ProbeField from "@overdue/core/document/ProbeField"
import * as ResultDocument from "@overdue/core/document/ResultDocument"
import { reportsAtOnce, turnsAtOnce } from "@overdue/core/Limits"
import { Said } from "@overdue/core/Said"
import { minute, type Span } from "@overdue/core/Time"
import * as Monotonic from "@overdue/engine/Monotonic"
import * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Limits from "../Limits.ts"
import type * as Prober from "../Prober.ts"
import * as Line from "./Line.ts"
import * as Trouble from "./Trouble.ts"

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

interface Report {
  readonly ticket: string
  readonly result: ResultDocument.Document
}

interface Waiting {
  readonly report: Report
  readonly length: number
  readonly since: Span
}

/** Returns a desk, which sends nothing before its `run`. */
export const make = ({ region, post }: Options): RemoteDesk => {
  const [claims, reports] = [Line.make(post, "claim"), Line.make(post, "report")]
  const said = new Said(minute)
  const arrived = Latch.makeUnsafe(false)
  const empty = Latch.makeUnsafe(true)
  let waiting: readonly Waiting[] = []
  let lost = 0
  let unsaid = 0

  const keep = (left: readonly Waiting[]): void => {
    waiting = left
    if (left.length > 0) {
      arrived.openUnsafe()
      empty.closeUnsafe()
    } else {
      arrived.closeUnsafe()
      empty.openUnsafe()
    }
  }

  const drop = Effect.fnUntraced(function* (dropped: number, why: string) {
    if (dropped === 0) return
    lost += dropped
    unsaid += dropped
    if (said.again(why, yield* Monotonic.now) === undefined) return
    yield* Effect.logWarning(`results of probes are lost, ${unsaid} by now: ${why}`)
    unsaid = 0
  })

  /** Whoever stood still meanwhile, or waited for the server for long, has nothing new to say. */
  const forget = Effect.gen(function* () {
    const now = yield* Monotonic.now
    const left = waiting.filter(({ since }) => now - since <= Limits.useful)
    const old = waiting.length - left.length
    keep(left)
    yield* drop(old, "the server was away, or this program stood still, for longer than a minute")
  })

  const sendSome = Effect.gen(function* () {
    yield* forget
    const some = parcel(waiting)
    if (some.length === 0) return
    const sent = yield* Effect.result(reports.send({ region, reports: some.map(({ report }) => report) }))
    if (Result.isFailure(sent)) {
      if (!sent.failure.isFinal) return yield* sent.failure
      keep(waiting.filter((each) => !some.includes(each)))
      return yield* drop(some.length, sent.failure.why)
    }
    const answer = decodeOutcomes(sent.success)
    if (Result.isFailure(answer)) return yield* Trouble.stranger()
    keep(waiting.filter((each) => !some.includes(each)))
    const invalid = answer.success.reports.filter(({ outcome }) => outcome === "invalid")
    yield* drop(invalid.length, `the server cannot read them: ${invalid[0]?.error ?? ""}`)
  })

  return {
    claim: Effect.fnUntraced(function* (limit) {
      yield* claims.ready
      const answer = yield* claims.send({ region, limit: Math.min(limit, turnsAtOnce) })
      const read = decodeTurns(answer)
      if (Result.isFailure(read)) return yield* Trouble.stranger()
      const { turns } = read.success
      const known = turns.flatMap(({ ticket, probe }): readonly Round[] => {
        const shown = ProbeField.ofShown(probe)
        return Result.isFailure(shown) ? [] : [{ ticket, regions: [region], probe: shown.success }]
      })
      const why = "the server asks for what this program does not know, and is newer"
      yield* drop(turns.length - known.length, why)
      return known
    }),
    report: Effect.fnUntraced(function* ({ ticket }, [result]) {
      if (result === undefined) return
      const report = { ticket, result: ResultDocument.show(result) }
      const since = yield* Monotonic.now
      keep([...waiting, { report, length: JSON.stringify(report).length, since }])
    }),
    run: Effect.gen(function* () {
      while (true) {
        yield* arrived.await
        yield* Effect.sleep(Limits.gathering)
        yield* reports.ready
        // What is in the way is logged by the line.
        yield* Effect.ignore(sendSome)
      }
    }),
    sent: empty.await,
    finish: Effect.gen(function* () {
      while (waiting.length > 0) yield* sendSome
    }).pipe(
      Effect.timeout(Limits.farewell),
      Effect.catch(() => drop(waiting.length, "the server did not take them before this program ended")),
    ),
    lost: () => {
      const before = lost
      lost = 0
      return before
    },
  }
}

/** Returns the oldest, as many as a server takes at once. */
const parcel = (waiting: readonly Waiting[]): readonly Waiting[] => {
  let length = 0
  const end = waiting.findIndex((each) => (length += each.length) > Limits.parcel)
  return waiting.slice(0, Math.min(reportsAtOnce, end < 0 ? waiting.length : Math.max(end, 1)))
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
