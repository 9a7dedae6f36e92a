/** New ids. Whoever knows the id of a check can ping it, so ids must not be guessable. */
import * as Context from "effect/Context"

/** Makes ids. */
export interface Ids {
  /** Returns a new lower-case UUID. */
  readonly next: () => string
}

/** The maker of ids, by default random UUIDs. Tests provide one whose ids they know. */
export const Ids = Context.Reference<Ids>("@overdue/engine/Ids", {
  defaultValue: () => ({ next: () => crypto.randomUUID() }),
})
