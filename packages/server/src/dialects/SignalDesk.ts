/**
 * Takes signals that came over HTTP to the engine, for every dialect: reads the body within the memory that there is, and
 * answers from a callback, because a fiber for each costs more than all the rest.
 */
import { idempotencyKey } from "@overdue/core/Ping"
import type { Action } from "@overdue/core/Signal"
import * as Store from "@overdue/core/Store"
import * as Receive from "@overdue/engine/commands/Receive"
import { Settings } from "@overdue/engine/Settings"
import * as Trouble from "@overdue/engine/Trouble"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Origin from "../access/Origin.ts"
import { networkOf, Protection } from "../access/Protection.ts"
import type { Inbound, Outbound } from "../http/Http.ts"
import type { Services } from "./Dialect.ts"
import type { SignalAnswers } from "./SignalAnswers.ts"

/** A signal as its request describes it. */
export interface Asked {
  readonly inbound: Inbound
  readonly target: Receive.Target
  readonly action: Action
  /** 0 to 255. When given it decides, not the action. */
  readonly exitStatus?: number | undefined
  /** Lower-case UUID. */
  readonly rid?: string | undefined
  /** What is logged as the body, in place of that of the request. */
  readonly said?: string | undefined
  /** What only the dialect knows of it; see `Ping.Origin`. */
  readonly extension?: Readonly<Record<string, unknown>> | undefined
}

/** What becomes of a signal, and where its answer goes. */
export interface Answering {
  readonly done: (outbound: Outbound) => void
  /** Returns the answer from the outcome. */
  readonly ofOutcome: (outcome: Receive.Outcome) => Outbound
}

/** The dialect's answers to what never becomes a signal. */
export type Refusals = SignalAnswers & { readonly notFound: Outbound }

/** Takes signals. */
export class SignalDesk {
  readonly #services: Context.Context<Services>
  readonly #receive: Receive.Receive["Service"]
  readonly #protection: Protection
  readonly #bodyLimit: number
  readonly #isLimited: boolean
  readonly #refusals: Refusals

  /** At most `bodyLimit` bytes of a body are logged; by default as many as the operator wants. */
  constructor(services: Context.Context<Services>, refusals: Refusals, bodyLimit = Infinity) {
    this.#services = services
    this.#receive = Context.get(services, Receive.Receive)
    this.#protection = Context.get(services, Protection)
    const { pingBodyLimit, signalsPerMinute } = Context.get(services, Settings)
    this.#bodyLimit = Math.min(pingBodyLimit, bodyLimit)
    this.#isLimited = signalsPerMinute !== undefined
    this.#refusals = refusals
  }

  /** Returns a promise when the signal has to wait; it rejects when a step is at fault. */
  take(asked: Asked, answering: Answering): Promise<void> | void {
    const { inbound, target, said } = asked
    if (said !== undefined) {
      const bytes = encoder.encode(said).subarray(0, this.#bodyLimit)
      return this.#submit(asked, answering, bytes.length === 0 ? undefined : bytes)
    }
    if (!inbound.hasBody) return this.#submit(asked, answering, undefined)
    // Who knows a ping key is known. Whether there is a check with the id is asked only when memory is short, and before
    // a long body is read: usually the commit finds out.
    if (!("id" in target)) return this.#read(asked, answering, true)
    if (isShort(inbound) && inbound.isCrowded?.(this.#bodyLimit) !== true)
      return this.#read(asked, answering, false)
    return this.run(isCheck(target.id), answering.done, (isKnown) =>
      isKnown ? this.#read(asked, answering, true) : answering.done(this.#refusals.notFound),
    )
  }

  /** Runs a step that needs the store, in a fiber. When the step fails, so does the signal. */
  async run<A>(
    step: Effect.Effect<A, Store.StoreError, Services>,
    done: Answering["done"],
    next: (made: A) => Promise<void> | void,
  ): Promise<void> {
    const reported = Effect.tapCause(step, (cause) =>
      Trouble.report("the check of a ping could not be looked up", cause),
    )
    const exit = await Effect.runPromiseExitWith(this.#services)(reported)
    return Exit.isSuccess(exit) ? next(exit.value) : done(this.#refusals.ofCause(exit.cause))
  }

  #read(asked: Asked, answering: Answering, isKnown: boolean): Promise<void> {
    return asked.inbound.body(this.#bodyLimit, isKnown).then(
      ({ bytes }) => this.#submit(asked, answering, bytes.length === 0 ? undefined : bytes),
      (error: unknown) => answering.done(this.#refusals.ofBodyError(error)),
    )
  }

  #submit(asked: Asked, { done, ofOutcome }: Answering, body: Uint8Array | undefined): void {
    const { inbound, target, action, exitStatus, rid, extension } = asked
    const { trusts } = this.#protection
    const origin = Origin.of(inbound, body, trusts)
    const arrival: Receive.Arrival = {
      target,
      rid,
      key: idempotencyKey(inbound.header("idempotency-key")),
      origin: extension === undefined ? origin : { ...origin, extension },
      ...(this.#isLimited && { sender: networkOf(inbound, origin, trusts) }),
      signal: {
        via: "http",
        method: inbound.method,
        action,
        exitStatus,
        text: () => decoder.decode(body),
      },
    }
    this.#receive.submit(arrival, (outcome) => done(ofOutcome(outcome)))
  }
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** Bytes of a body that are read of anybody. Those of most jobs are shorter. */
const short = 64 * 1024

/** A body without a length may be of any. */
const isShort = (inbound: Inbound): boolean => Number(inbound.header("content-length") ?? Infinity) <= short

/** Whether there is a check with an id. */
export const isCheck = Effect.fnUntraced(function* (id: string) {
  return (yield* (yield* Store.Store).check(id)) !== undefined
})
