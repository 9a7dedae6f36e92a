/** What the methods of a monitor are asked besides a plan, of whatever type JavaScript passes. */
import * as Effect from "effect/Effect"
import type { PlanInvalid } from "../PlanInput.ts"
import * as Values from "../planInput/Values.ts"

/** Returns an id of a check, which may be that of none. Fails when it is no text, which no check has. */
export const id = (value: unknown): Effect.Effect<string, PlanInvalid> =>
  typeof value === "string"
    ? Effect.succeed(value)
    : Effect.fromResult(Values.attempt(() => Values.refuse("id", "the id of a check, which is text")))

/** Returns whether a check is to be expected from now on, by default not. */
export const restart = (options: unknown): Effect.Effect<boolean, PlanInvalid> =>
  Effect.fromResult(
    Values.attempt(() => {
      const asked = Values.members("options", options, ["restart"])
      return Values.given(asked.restart, false, (value) => Values.flag("options.restart", value))
    }),
  )
