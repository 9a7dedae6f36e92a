/** Samples: numbers that are collected one by one, and their distribution. */
import { percentile } from "../statistics/Runs.ts"

/** Percentiles of numbers, in the unit of the numbers. */
export interface Distribution {
  readonly count: number
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly most: number
}

/** Collects numbers in a growing array. */
export class Samples {
  #values = new Float64Array(256)
  #count = 0

  /** Adds a number. */
  add(value: number): void {
    if (this.#count === this.#values.length) {
      const larger = new Float64Array(this.#count * 2)
      larger.set(this.#values)
      this.#values = larger
    }
    this.#values[this.#count] = value
    this.#count += 1
  }

  /** Returns all numbers, ascending. None may be added afterwards, because they are sorted in place. */
  sorted(): Float64Array {
    return this.#values.subarray(0, this.#count).sort()
  }
}

/** Returns the distribution of ascending numbers; `undefined` when there are none. */
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
