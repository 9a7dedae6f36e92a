/** A kind of probe as the registry lists it: one protocol. */
import type { Asked } from "@overdue/core/Probe"
import type { Attempt } from "./Attempt.ts"

/** A kind of probe. */
export interface Kind {
  readonly name: Asked
  /** What is asked, as a sentence for the documentation. */
  readonly asks: string
  /** What fails it, beside that the target cannot be reached. */
  readonly fails: string
  /** Asks a target, and notes what is seen. Fails with `Failure` or `Unknown`, or an error of Node. */
  readonly ask: (attempt: Attempt) => Promise<void>
}
