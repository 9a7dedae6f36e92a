/** Where new ids come from. A check's id is what lets somebody ping it, so they cannot be guessed. */
import * as Context from "effect/Context"

export interface Ids {
  /** A new lower-case UUID. */
  readonly next: () => string
}

export const Ids = Context.Reference<Ids>("@overdue/engine/Ids", {
  defaultValue: () => ({ next: () => crypto.randomUUID() }),
})
