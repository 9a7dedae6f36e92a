/** A row of a recording, ready to be run. */
import type { StoreName } from "../kit/StoreName.ts"
import type { Difference } from "./Compare.ts"

export interface Scenario {
  readonly id: string
  /** `undefined` when everything was as expected. */
  readonly run: (store: StoreName) => Promise<Failure | undefined>
}

export interface Failure {
  /** Counted from 0. */
  readonly step: number
  readonly what: string
  /** At least one. */
  readonly differences: readonly Difference[]
}
