/** What `Monitor.ensure` does: the check with a slug, created or changed. */
import * as Effect from "effect/Effect"
import * as Create from "../commands/Create.ts"
import * as PlanInput from "../PlanInput.ts"

/** What is asked for. */
export interface Input {
  readonly project: string
  readonly input: PlanInput.PlanInput
  /** Ids of the channels that a new check tells, unless the input names some. */
  readonly channels: readonly string[]
}

/**
 * Creates the check with the slug of the input or, if it exists, changes the given fields. Fails with `PlanInvalid`,
 * also without a slug: an empty one is that of many checks.
 */
export const run = Effect.fnUntraced(function* ({ project, input, channels }: Input) {
  const slug = yield* Effect.fromResult(PlanInput.slug(input))
  return yield* Create.run({
    project,
    match: { slug },
    plan: (existing, all) =>
      existing === undefined
        ? PlanInput.birth(input, { name: slug, channels }, all)
        : PlanInput.plan(input, existing, all),
  })
})
