/** Signals of wrapped jobs that the store did not take: kept in memory, and tried again in their order. */
import type { Span } from "@overdue/core/Time"
import { minute, second } from "@overdue/core/Time"

/** At most so many signals are kept; of more, the oldest give way. With their bodies they take some 20 MB. */
export const most = 1000

/** The wait before the first further try, doubled before each next one. */
const shortest: Span = second

/** The longest wait between two tries. */
const longest: Span = minute

/** A signal that is kept. */
export interface Kept {
  readonly check: string
  /** Tries once more. Resolves to whether that is the end of it, be it stored or given up. */
  readonly send: () => Promise<boolean>
  /** To be called when it gives way. */
  readonly lose: () => void
}

/** Sleeps; resolves to false when it was ended before its time, by the signal or because the engine is closed. */
export type Sleep = (span: Span, signal: AbortSignal) => Promise<boolean>

/** The signals that wait, in the order in which they happened. */
export class Backlog {
  readonly #sleep: Sleep
  #waiting: Kept[] = []
  #draining: Promise<void> | undefined
  #isRetrying = false
  readonly #closed = new AbortController()

  constructor(sleep: Sleep) {
    this.#sleep = sleep
  }

  /** Whether signals of a check wait, which a later one must not overtake. */
  has(check: string): boolean {
    return this.#waiting.some((kept) => kept.check === check)
  }

  /** Whether it keeps nothing any more, because the monitor is closed. */
  get isClosed(): boolean {
    return this.#closed.signal.aborted
  }

  /** Keeps a signal, and tries it again later, for as long as the process lives. */
  add(kept: Kept): void {
    if (this.isClosed) return kept.lose()
    this.#waiting.push(kept)
    if (this.#waiting.length > most) this.#waiting.shift()?.lose()
    if (!this.#isRetrying) void this.#retry()
  }

  /** Takes out a signal that is not worth sending any more. Returns whether it was there. */
  remove(kept: Kept): boolean {
    const index = this.#waiting.indexOf(kept)
    if (index < 0) return false
    this.#waiting.splice(index, 1)
    return true
  }

  /** Tries all once more, until `over` is resolved. What is left then is lost. */
  async close(over: Promise<unknown>): Promise<void> {
    this.#closed.abort()
    if (this.#waiting.length > 0) await Promise.race([this.#drain(), over])
    for (const kept of this.#waiting.splice(0)) kept.lose()
  }

  async #retry(): Promise<void> {
    this.#isRetrying = true
    const { signal } = this.#closed
    for (let wait = shortest; this.#waiting.length > 0; wait = Math.min(2 * wait, longest)) {
      if (!(await this.#sleep(wait, signal))) break
      await this.#drain()
    }
    this.#isRetrying = false
  }

  /** Tries one after the other, up to the first for which it is too early. */
  #drain(): Promise<void> {
    this.#draining ??= this.#sendAll().finally(() => (this.#draining = undefined))
    return this.#draining
  }

  async #sendAll(): Promise<void> {
    for (let kept = this.#waiting[0]; kept !== undefined; kept = this.#waiting[0]) {
      if (!(await kept.send())) return
      this.remove(kept)
    }
  }
}
