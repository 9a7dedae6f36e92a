/**
 * What `Monitor.wrap` does: a job, with signals of its start and of its end. The monitor never decides over the job: it
 * runs whatever the store does, and its result and its error are its own.
 */
import { StoreError } from "@overdue/core/Store"
import type { Instant, Span } from "@overdue/core/Time"
import { day, second } from "@overdue/core/Time"
import { CheckNotFound, SignalInvalid } from "../CommandError.ts"
import type * as Receive from "../commands/Receive.ts"
import { PlanInvalid } from "../planInput/PlanInvalid.ts"
import { Backlog } from "./Backlog.ts"
import type { Kept, Sleep } from "./Backlog.ts"
import type { PingOptions } from "./PingOptions.ts"

/** What a wrapped job signals. */
type Kind = "start" | "success" | "fail"

/** A signal of a wrapped job that could not be stored. */
export interface Trouble {
  /** Id of the check, as it was given. */
  readonly check: string
  readonly kind: Kind
  /** When it happened. */
  readonly at: Instant
  readonly error: unknown
  /** Whether it is kept and tried again; otherwise it is lost. */
  readonly isKept: boolean
}

/** Is called with each signal that could not be stored, and not waited for. What it throws or rejects with is ignored. */
export type OnTrouble = (trouble: Trouble) => unknown

/** How a job is wrapped. */
export interface WrapOptions {
  /** By default, `onTrouble` of the monitor, and without that the log. */
  readonly onTrouble?: OnTrouble | undefined
}

/** Sends a signal for the check with an id. */
type Signal = (id: string, options: PingOptions) => Promise<Receive.Receipt>

/** What a wrapped job signals to. */
export type Signals = { readonly [kind in Kind | "log"]: Signal }

/** What is needed of the engine. */
export interface World {
  readonly now: () => Instant
  readonly sleep: Sleep
  readonly onTrouble: OnTrouble
}

/** Milliseconds for which the end of a job waits for its last signal, as the client does. */
const patience: Span = 10 * second

/** Time for signals that wait when the monitor is closed. */
const closing: Span = 5 * second

/** The most characters of an error that are kept; the server keeps 10,000 bytes by default. */
const longestBody = 10_000

/** After this time a signal says nothing about the present any more: it is only logged. */
const staleAfter: Span = day

/** Wraps jobs, and keeps the signals that could not be stored. */
export class Wraps {
  readonly #world: World
  readonly #backlog: Backlog
  readonly #underWay = new Set<Promise<void>>()

  constructor(world: World) {
    this.#world = world
    this.#backlog = new Backlog(world.sleep)
  }

  /** Waits for the signals that are under way, and tries those that wait once more, for at most 5 seconds in all. */
  async close(): Promise<void> {
    const inTime = new AbortController()
    const over = this.#world.sleep(closing, inTime.signal)
    await Promise.race([Promise.all(this.#underWay), over])
    await this.#backlog.close(over)
    inTime.abort()
  }

  /**
   * Runs a job at once, and signals its start and its end beside it. Resolves or rejects exactly as the job does, when
   * its last signal is stored or kept for later, at most 10 seconds after its end.
   */
  async run<A>(
    signals: Signals,
    id: string,
    job: () => A | Promise<A>,
    options: WrapOptions = {},
  ): Promise<A> {
    const onTrouble = options.onTrouble ?? this.#world.onTrouble
    const run = new Run({
      signals,
      id,
      world: this.#world,
      backlog: this.#backlog,
      underWay: this.#underWay,
      onTrouble,
    })
    run.begin()
    let result: A
    try {
      result = await job()
    } catch (error) {
      await run.end("fail", textOf(error))
      throw error
    }
    await run.end("success", undefined)
    return result
  }
}

/** What a run of a job is made of. */
interface Parts {
  readonly signals: Signals
  readonly id: string
  readonly world: World
  readonly backlog: Backlog
  /** The signals that are being stored. */
  readonly underWay: Set<Promise<void>>
  readonly onTrouble: OnTrouble
}

/** A signal of a run. */
interface Sent {
  readonly kind: Kind
  readonly at: Instant
  readonly body: string | undefined
  /** The same for each try, so that it is logged once. */
  readonly key: string
}

class Run {
  readonly #parts: Parts
  readonly #rid = crypto.randomUUID()
  #begun: Promise<void> = Promise.resolve()
  /** The start, while it waits to be tried again. */
  #start: Kept | undefined

  constructor(parts: Parts) {
    this.#parts = parts
  }

  begin(): void {
    this.#begun = this.#noted(this.#new("start", undefined))
  }

  async end(kind: "success" | "fail", body: string | undefined): Promise<void> {
    const { backlog, world } = this.#parts
    const sent = this.#new(kind, body)
    const done = this.#begun.then(() => {
      // A start after its end would begin a run that nobody ends.
      if (this.#start !== undefined) backlog.remove(this.#start)
      return this.#noted(sent)
    })
    const inTime = new AbortController()
    await Promise.race([done.then(() => inTime.abort()), world.sleep(patience, inTime.signal)])
  }

  #new(kind: Kind, body: string | undefined): Sent {
    return { kind, body, at: this.#parts.world.now(), key: crypto.randomUUID() }
  }

  #noted(sent: Sent): Promise<void> {
    const { underWay } = this.#parts
    const noted = this.#signal(sent).finally(() => underWay.delete(noted))
    underWay.add(noted)
    return noted
  }

  /** Sends a signal, or keeps it. Never rejects. */
  async #signal(sent: Sent): Promise<void> {
    const { backlog, id } = this.#parts
    // What happened earlier is stored earlier.
    if (backlog.has(id)) {
      this.#tell(sent, new Error("earlier signals of the check wait to be stored"), true)
      return this.#keep(sent)
    }
    try {
      await this.#send(sent, false)
    } catch (error) {
      const isKept = !isFinal(error) && !backlog.isClosed
      this.#tell(sent, error, isKept)
      if (isKept) this.#keep(sent)
    }
  }

  async #send({ kind, body, at, key }: Sent, isLate: boolean): Promise<void> {
    const { signals, id, world } = this.#parts
    const late = isLate ? `sent late: this happened ${new Date(at).toISOString()}` : undefined
    const text = [late, body].filter((part) => part !== undefined).join("\n\n")
    const verb = isLate && world.now() - at > staleAfter ? "log" : kind
    await signals[verb](id, { rid: this.#rid, key, ...(text !== "" && { body: text }) })
  }

  #keep(sent: Sent): void {
    const { backlog, id } = this.#parts
    let last: unknown
    const kept: Kept = {
      check: id,
      send: async () => {
        try {
          await this.#send(sent, true)
          return true
        } catch (error) {
          last = error
          if (isFinal(error)) this.#tell(sent, error, false)
          return isFinal(error)
        }
      },
      lose: () =>
        this.#tell(sent, last ?? new Error("the monitor was closed, or too many signals wait"), false),
    }
    if (sent.kind === "start") this.#start = kept
    backlog.add(kept)
  }

  #tell({ kind, at }: Sent, error: unknown, isKept: boolean): void {
    const { onTrouble, id } = this.#parts
    const report = async () => onTrouble({ check: id, kind, at, error, isKept })
    // An error in the report of a failed signal does not disturb the job either.
    report().catch(() => {})
  }
}

/** Whether a further try cannot help: there is no such check, or the store will never take this one signal. */
const isFinal = (error: unknown): boolean =>
  error instanceof CheckNotFound ||
  error instanceof SignalInvalid ||
  error instanceof PlanInvalid ||
  (error instanceof StoreError && error.reason === "constraint")

/** Returns the stack or text of what was thrown, which may be anything, and may fail when it is looked at. */
const textOf = (error: unknown): string => {
  try {
    return (error instanceof Error ? error.stack || error.message : String(error)).slice(0, longestBody)
  } catch {
    return "what was thrown cannot be shown"
  }
}
