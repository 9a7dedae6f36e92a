/**
 * Lanes: batches of signals that are decided and committed beside each other, where the store can do that, and those that
 * wait for one.
 */
import * as Batch from "./Batch.ts"

/** A batch in its lane. */
export interface Lane {
  readonly signals: readonly Batch.Waiting[]
  /** Names of the checks that it is about; see `Batch.nameOf`. */
  readonly names: ReadonlySet<string>
}

/** The signals of this node that are not committed, in the order in which they came. */
export class Lanes {
  readonly #most: number
  #waiting: Batch.Waiting[] = []
  #lanes: readonly Lane[] = []
  /** How many signals are in a lane. */
  #inLanes = 0
  /** Whether all that wait are known to be for checks that are in a lane. */
  #areHeld = false

  /** `most` is how many batches there may be at once. */
  constructor(most: number) {
    this.#most = most
  }

  /** How many signals wait. */
  get size(): number {
    return this.#waiting.length
  }

  /**
   * Whether a batch may begin. Beside another one it does only with as many signals as that one has: two small ones take
   * the store longer than one, and who waits meanwhile makes the next one large.
   */
  get mayBegin(): boolean {
    if (this.#lanes.length === 0) return this.size > 0
    return this.#lanes.length < this.#most && !this.#areHeld && this.size >= this.#inLanes
  }

  /** Adds a signal that has arrived. */
  add(signal: Batch.Waiting): void {
    this.#waiting.push(signal)
    if (this.#areHeld && this.#isFree(signal)) this.#areHeld = false
  }

  /**
   * Begins a batch of at most `limit` signals; `undefined` when none may begin. Signals of a check that is in a lane wait
   * until that is through, so that those of one name are decided in the order in which they came.
   */
  begin(limit: number): Lane | undefined {
    if (!this.mayBegin) return undefined
    const isAlone = this.#lanes.length === 0
    const free = isAlone ? this.#waiting : this.#waiting.filter((signal) => this.#isFree(signal))
    const signals = free.slice(0, Batch.sizeOf(free, limit))
    this.#areHeld = signals.length === 0
    if (this.#areHeld) return undefined
    const taken = new Set(isAlone ? [] : signals)
    this.#waiting = isAlone
      ? free.slice(signals.length)
      : this.#waiting.filter((signal) => !taken.has(signal))
    const lane: Lane = {
      signals,
      // Nobody asks where there is one lane.
      names: new Set(this.#most === 1 ? [] : signals.map(({ arrival }) => Batch.nameOf(arrival.target))),
    }
    this.#lanes = [...this.#lanes, lane]
    this.#inLanes += signals.length
    return lane
  }

  /** Ends a batch, all of whose signals are answered. */
  end(lane: Lane): void {
    this.#lanes = this.#lanes.filter((other) => other !== lane)
    this.#inLanes -= lane.signals.length
    this.#areHeld = false
  }

  /** Whether the check of a signal is in no lane. */
  #isFree({ arrival }: Batch.Waiting): boolean {
    const name = Batch.nameOf(arrival.target)
    return !this.#lanes.some(({ names }) => names.has(name))
  }

  /** Takes all that wait. */
  takeAll(): readonly Batch.Waiting[] {
    const all = this.#waiting
    this.#waiting = []
    return all
  }
}
