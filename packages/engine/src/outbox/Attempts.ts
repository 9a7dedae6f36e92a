/**
 * Attempts to tell channels: messages that are being sent, and those that have ended and wait to be settled. Each is sent
 * by one fiber, as a mass outage has a thousand of them.
 */
import * as Bag from "@overdue/core/Bag"
import type { Blind } from "@overdue/core/Deadline"
import type { Claim, DeliveryOutcome } from "@overdue/core/Delivery"
import type * as Notifier from "@overdue/core/Notifier"
import * as Turns from "@overdue/core/Turns"
import { minute, second, type Span } from "@overdue/core/Time"
import type * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import * as Latch from "effect/Latch"
import type { Meter } from "../Meter.ts"
import { metrics, type attemptEnds } from "../Metrics.ts"
import * as Trace from "../Trace.ts"
import * as Message from "./Message.ts"

/** Longer than any notifier may take, so that no other node claims a delivery that is being sent. */
export const lease: Span = 2 * minute

/**
 * How long after a claim an attempt may begin. A process that stood still for longer may hold the lease no more by the time
 * the attempt ends: another node may be sending the same.
 */
export const beginsWithin: Span = 20 * second

/** How long a notifier may take, well within the lease, so that one that never answers does not hold its place. */
const answerWithin: Span = 90 * second

/**
 * How an attempt ended: with the notifier's verdict; before it was sent; with the end of this process; or by a bug, so
 * that nobody knows.
 */
export type End =
  | { readonly type: "told"; readonly verdict: Notifier.Verdict }
  | { readonly type: "kept"; readonly outcome: DeliveryOutcome }
  | { readonly type: "stopped" }
  | { readonly type: "unknown"; readonly cause: Cause.Cause<never> }

/** A message that is being sent, or was. */
interface Attempt {
  readonly message: Message.Message
  /** When it began, by the monotonic clock. */
  readonly begunAt: Span
  /** Where it is among all. */
  place: Bag.Place<Attempt> | undefined
  fiber: Fiber.Fiber<Notifier.Verdict> | undefined
  end: End | undefined
}

/** An attempt that has ended. */
export interface Ended extends Attempt {
  readonly end: End
}

/** What attempts are made with. */
export interface Means {
  readonly notifier: Pick<Notifier.Notifier["Service"], "notify" | "kinds">
  readonly run: (telling: Effect.Effect<Notifier.Verdict>) => Fiber.Fiber<Notifier.Verdict>
  readonly meter: Meter
  /** The monotonic clock. */
  readonly now: () => Span
}

/** Sends messages, and knows which are under way. */
export class Attempts {
  readonly #notify: Notifier.Notifier["Service"]["notify"]
  /** The kinds that are counted by their names: what a damaged channel has for one is not. */
  readonly #kinds: ReadonlySet<string>
  readonly #run: Means["run"]
  readonly #meter: Meter
  readonly #now: Means["now"]
  readonly #all = new Bag.Bag<Attempt>()
  #ended: Attempt[] = []
  /** Open while messages wait to be settled. */
  readonly #isAnyEnded = Latch.makeUnsafe(false)
  /** Open while nothing is under way. */
  readonly #isIdle = Latch.makeUnsafe(true)

  constructor({ notifier, run, meter, now }: Means) {
    this.#notify = notifier.notify
    this.#kinds = new Set(notifier.kinds.map(({ kind }) => kind))
    this.#run = run
    this.#meter = meter
    this.#now = now
  }

  /** How many have begun and are not settled. */
  get size(): number {
    return this.#all.size
  }

  /** How many have ended and are not being settled. */
  get waiting(): number {
    return this.#ended.length
  }

  /** Waits until one has ended that is not being settled. */
  get anyEnded(): Effect.Effect<void> {
    return this.#isAnyEnded.await
  }

  /** Waits until all are settled. */
  get idle(): Effect.Effect<void> {
    return this.#isIdle.await
  }

  /** Returns how many of `most` messages more may begin at `now`. */
  places(most: number, now: Span): number {
    let slow = 0
    for (const { begunAt } of this.#all) if (Turns.isSlow(begunAt, now)) slow += 1
    return Turns.places(most, this.size, slow)
  }

  /** Begins to send a message. */
  begin(message: Message.Message, blind: Blind, now: Span): void {
    const attempt = this.#add(message, now)
    // What tells may throw.
    const telling = Effect.suspend(() => this.#notify(Message.told(message, blind), message[0].channel))
    attempt.fiber = this.#run(Trace.within(telling, this.#spanOf(message)))
    attempt.fiber.addObserver((exit) =>
      this.#end(
        attempt,
        Exit.isSuccess(exit) ? { type: "told", verdict: exit.value } : { type: "unknown", cause: exit.cause },
      ),
    )
  }

  /** Takes in what is not sent now. */
  keep(claim: Claim, outcome: DeliveryOutcome, now: Span): void {
    this.#end(this.#add([claim], now), { type: "kept", outcome })
  }

  /** Cuts off what has not been answered in time: it is sent again later. */
  cut(now: Span): void {
    for (const attempt of this.#all) {
      if (now - attempt.begunAt < answerWithin) continue
      const why = `no answer within ${answerWithin / second} s`
      this.#interrupt(attempt, { type: "told", verdict: { type: "retry", why } })
    }
  }

  /** Cuts off everything, because this node stops. */
  stop(): void {
    for (const attempt of this.#all) this.#interrupt(attempt, { type: "stopped" })
  }

  /** Returns at most `most` that have ended, the first first, to be settled. */
  take(most: number): readonly Ended[] {
    const taken = this.#ended.slice(0, most)
    this.#ended = this.#ended.slice(most)
    if (this.#ended.length === 0) this.#isAnyEnded.closeUnsafe()
    return taken as readonly Ended[] // safe because those that wait have ended
  }

  /** Forgets what is settled, or cannot be. */
  forget(settled: readonly Ended[]): void {
    for (const { place } of settled) if (place !== undefined) this.#all.remove(place)
    if (this.size === 0) this.#isIdle.openUnsafe()
  }

  #add(message: Message.Message, begunAt: Span): Attempt {
    const attempt: Attempt = { message, begunAt, place: undefined, fiber: undefined, end: undefined }
    attempt.place = this.#all.add(attempt)
    this.#isIdle.closeUnsafe()
    return attempt
  }

  /** Ends an attempt before its notifier does, whose verdict then comes too late. */
  #interrupt(attempt: Attempt, end: End): void {
    this.#end(attempt, end)
    attempt.fiber?.interruptUnsafe()
  }

  #kindOf([{ channel }]: Message.Message): string {
    return this.#kinds.has(channel.kind) ? channel.kind : "other"
  }

  #spanOf(message: Message.Message): Trace.Named<Notifier.Verdict> {
    return {
      name: "overdue.attempt",
      kind: "client",
      attributes: { "overdue.kind": this.#kindOf(message), "overdue.alerts": message.length },
      ended: ({ type }) => ({ "overdue.outcome": type }),
    }
  }

  #measure({ message, begunAt }: Attempt, outcome: (typeof attemptEnds)[number]): void {
    const kind = this.#kindOf(message)
    this.#meter.record(metrics.attempts, 1, [kind, outcome])
    const took = Math.max(0, this.#now() - begunAt)
    this.#meter.record(metrics.attemptSeconds, took / second, [kind])
  }

  #end(attempt: Attempt, end: End): void {
    if (attempt.end !== undefined) return
    attempt.end = end
    if (end.type !== "kept") this.#measure(attempt, end.type === "told" ? end.verdict.type : end.type)
    this.#ended.push(attempt)
    this.#isAnyEnded.openUnsafe()
  }
}
