/** Numbers that come one by one, and what they are like once all have come. */
import { percentile } from "../statistics/Runs.ts"

export interface Distribution {
  readonly count: number
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly most: number
}

export class Samples {
  #values = new Float64Array(256)
  #count = 0

  add(value: number): void {
    if (this.#count === this.#values.length) {
      const larger = new Float64Array(this.#count * 2)
      larger.set(this.#values)
      this.#values = larger
    }
    this.#values[this.#count] = value
    this.#count += 1
  }

  /** All of them, ascending. No more may be added. */
  sorted(): Float64Array {
    return this.#values.subarray(0, this.#count).sort()
  }
}

/** `undefined` of none. */
export const distribution = (sorted: Float64Array): Distribution | undefined =>
  sorted.length === 0
    ? undefined
    : {
        count: sorted.length,
        p50: percentile(sorted, 0.5),
        p95: percentile(sorted, 0.95),
        p99: percentile(sorted, 0.99),
        most: sorted[sorted.length - 1]!,
      }
