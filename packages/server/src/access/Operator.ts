/** The operator of the installation, who has a key of their own: no key of a project reaches beyond its project. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Site } from "../Site.ts"
import { KeyMissing } from "./Access.ts"
import * as Keys from "./Keys.ts"

/** The key is not the operator's, or the installation has none. */
export class NotOperator extends Schema.TaggedError<NotOperator>()("NotOperator", {}) {}

/** Succeeds with the operator's key only. */
export const expect = Effect.fnUntraced(function* (key: string | undefined) {
  const { adminKey } = yield* Site
  if (key === undefined) return yield* new KeyMissing()
  if (adminKey === undefined || !Keys.isSame(key, adminKey)) return yield* new NotOperator()
  return undefined
})
