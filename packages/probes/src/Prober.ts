/**
 * The prober: claims the rounds that are due, asks their targets, and hands the results in. Several share the work, each on
 * a node or a program of its own: a claimed round is nobody else's.
 *
 * When it stops, nothing is said of any target: states stay as they are.
 */
import type * as Probe from "@overdue/core/Probe"
import * as ProbeUrl from "@overdue/core/probe/ProbeUrl"
import * as Rounds from "@overdue/core/probe/Rounds"
import { Said } from "@overdue/core/Said"
import { minute, second, type Span } from "@overdue/core/Time"
import * as Meter from "@overdue/engine/Meter"
import { metrics } from "@overdue/engine/Metrics"
import * as Monotonic from "@overdue/engine/Monotonic"
import * as Trace from "@overdue/engine/Trace"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Limits from "./Limits.ts"

/** A round that is due. */
export interface Round {
  readonly probe: Probe.Probe
  /** The labels that it is asked for. */
  readonly regions: readonly string[]
}

/** What came of a round: results, or why there are none. */
export type Told = ReturnType<typeof Rounds.told>

/** Where rounds come from, and where results go. */
export interface Desk<A extends Round, E, R> {
  /** Returns at most so many rounds that are due, which are nobody else's then. */
  readonly claim: (limit: number) => Effect.Effect<readonly A[], E, R>
  readonly report: (round: A, told: Told) => Effect.Effect<unknown, E, R>
}

/** Asks a target once. */
export type Ask = (probe: Probe.Probe) => Effect.Effect<Probe.Said>

/** How a prober works. */
export interface Options {
  readonly ask: Ask
  /** The most targets that are asked at the same time. */
  readonly atOnce?: number | undefined
  /** How long it rests when nothing is due. */
  readonly every?: Span | undefined
  /** Run after a look at what is due that worked, at most once a minute: for whoever watches over the prober itself. */
  readonly alive?: Effect.Effect<void> | undefined
  /** Told of whatever keeps it from its work; by default it is logged. */
  readonly onFailure?: ((what: string, cause: unknown) => Effect.Effect<void>) | undefined
}

const usual = { atOnce: 500, every: second / 5 }

/** How much longer than it may take an attempt can have taken, until its result is too old to be told. */
const latest: Span = Limits.attempt + 15 * second

/** Asks what a round asks, from one place for all its labels. */
export const told = Effect.fnUntraced(function* ({ probe, regions }: Round, ask: Ask) {
  const meter = yield* Meter.current
  const startedAt = yield* Monotonic.now
  const kind = kindOf(probe)
  // Whoever never answers would keep its place until nothing is asked any more.
  const said = Option.getOrUndefined(
    yield* Trace.within(Effect.timeoutOption(ask(probe), latest), spanOf(kind)),
  )
  // Whoever stood still in between knows nothing of now.
  const isOf = said !== undefined && (yield* Monotonic.now) - startedAt <= latest
  meter.record(metrics.probes, 1, [kind, outcomeOf(isOf ? said : undefined)])
  return Rounds.told(isOf ? said : { why: "This process stood still while it asked." }, regions)
})

/** What a target is asked by; its URL may be a secret, and is named nowhere. */
const kindOf = ({ url }: Probe.Probe): string => {
  const parsed = ProbeUrl.parse(url)
  return Result.isSuccess(parsed) ? parsed.success.kind : "invalid"
}

const spanOf = (kind: string): Trace.Named<Option.Option<Probe.Said>> => ({
  name: "overdue.probe",
  kind: "client",
  attributes: { "overdue.kind": kind },
  ended: (said) => ({ "overdue.outcome": outcomeOf(Option.getOrUndefined(said)) }),
})

const outcomeOf = (said: Probe.Said | undefined): "ok" | "failed" | "unknown" =>
  said === undefined || "why" in said ? "unknown" : said.ok ? "ok" : "failed"

/** The same is logged again only after so long: a store that is away is asked several times a second. */
const quietFor: Span = minute

/** Returns what logs failures. */
const logging = () => {
  const said = new Said(quietFor)
  return Effect.fnUntraced(function* (what: string, cause: unknown) {
    const unsaid = said.again(what, yield* Monotonic.now)
    if (unsaid === undefined) return
    const more = unsaid === 0 ? "" : ` (and ${unsaid} times more since the last line)`
    yield* Effect.logWarning(`${what}: ${String(cause)}${more}`)
  })
}

/** Runs a prober until it is interrupted, which gives up what is being asked. */
export const run = Effect.fnUntraced(function* <A extends Round, E, R>(
  desk: Desk<A, E, R>,
  options: Options,
) {
  const { ask, atOnce = usual.atOnce, every = usual.every, alive = Effect.void } = options
  const onFailure = options.onFailure ?? logging()
  const ended = Latch.makeUnsafe(false)
  let asking = 0
  let aliveAt = -Infinity
  let fullSince: number | undefined

  const work = Effect.fnUntraced(function* (round: A) {
    yield* desk.report(round, yield* told(round, ask))
  })

  const outlived = <B>(what: string, effect: Effect.Effect<B, E, R>) =>
    Effect.catchCause(effect, (cause) =>
      Cause.hasInterruptsOnly(cause)
        ? Effect.interrupt
        : Effect.as(onFailure(what, Cause.squash(cause)), undefined),
    )

  /** Says once a minute that rounds come late, when there has always been more to ask for as long as that. */
  const keepUp = Effect.fnUntraced(function* (isFull: boolean) {
    const now = yield* Monotonic.now
    fullSince = isFull ? (fullSince ?? now) : undefined
    if (fullSince === undefined || now - fullSince < minute) return
    fullSince = now
    yield* onFailure("rounds of probes come late", `for a minute more was due than ${atOnce} targets at once`)
  })

  while (true) {
    const free = atOnce - asking
    if (free === 0) {
      yield* keepUp(true)
      ended.closeUnsafe()
      yield* ended.await
      continue
    }
    const rounds = yield* outlived("the rounds of probes could not be claimed", desk.claim(free))
    if (rounds !== undefined && rounds.length < free) yield* keepUp(false)
    for (const round of rounds ?? []) {
      asking += 1
      yield* Effect.forkScoped(
        Effect.ensuring(
          outlived("results of a probe could not be handed in", work(round)),
          Effect.sync(() => {
            asking -= 1
            ended.openUnsafe()
          }),
        ),
      )
    }
    const now = yield* Monotonic.now
    if (rounds !== undefined && now - aliveAt >= minute) {
      aliveAt = now
      yield* Effect.forkScoped(alive)
    }
    if ((rounds?.length ?? 0) < free) yield* Effect.sleep(every)
  }
})
