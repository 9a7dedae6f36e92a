/** The operator of the installation, who has a key of their own: no key of a project reaches beyond its project. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Site } from "../Site.ts"
import type { Inbound } from "../http/Http.ts"
import * as Access from "./Access.ts"
import * as Keys from "./Keys.ts"

/** The key is not the operator's, or the installation has none. */
export class NotOperator extends Schema.TaggedError<NotOperator>()("NotOperator", {}) {}

/** Succeeds with the operator's key in the header only. */
export const expect = Effect.fnUntraced(function* (inbound: Inbound) {
  const { adminKey } = yield* Site
  const key = inbound.header("x-api-key")
  if (key === undefined) return yield* new Access.KeyMissing()
  if (adminKey !== undefined && Keys.isSame(key, adminKey)) return undefined
  return yield* Effect.catchTag(Access.wrong(inbound), "KeyWrong", () => new NotOperator())
})
