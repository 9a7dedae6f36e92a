/** The command that deletes several checks. */
import { describe, expect, it } from "@effect/vitest"
import * as Check from "@overdue/core/Check"
import * as Store from "@overdue/core/Store"
import * as Create from "@overdue/engine/commands/Create"
import * as Delete from "@overdue/engine/commands/Delete"
import * as Projects from "@overdue/engine/commands/Projects"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as EngineFixture from "../../../../test/kit/EngineFixture.ts"

const created = Effect.fnUntraced(function* (project: string) {
  const plan = { details: Check.noDetails, policy: Check.defaultPolicy }
  const { check } = yield* Create.run({ project, plan: () => Result.succeed(plan) })
  return check.id
})

const ids = Effect.fnUntraced(function* (project: string) {
  const store = yield* Store.Store
  return (yield* store.checks(project, {})).map(({ id }) => id)
})

describe("several checks", () => {
  it.effect("are deleted at once, and others stay", () =>
    Effect.gen(function* () {
      const { project, check } = yield* EngineFixture.furnish()
      const made = [yield* created(project.id), yield* created(project.id)]
      yield* Delete.several(project.id, made)
      expect(yield* ids(project.id)).toEqual([check.id])
    }).pipe(Effect.provide(EngineFixture.layer())),
  )

  it.effect("all stay when one is another project's, or of none", () =>
    Effect.gen(function* () {
      const { project, check } = yield* EngineFixture.furnish()
      const other = yield* Projects.create({ name: "other" })
      for (const lost of [yield* created(other.id), "no check"]) {
        const error = yield* Effect.flip(Delete.several(project.id, [check.id, lost]))
        expect(error).toMatchObject({ _tag: "CheckNotFound", check: lost })
      }
      expect(yield* ids(project.id)).toEqual([check.id])
      expect(yield* ids(other.id)).toHaveLength(1)
    }).pipe(Effect.provide(EngineFixture.layer())),
  )
})
