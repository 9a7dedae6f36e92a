/** Commands about one check, asked for by another project than its own. */
import { describe, expect, it } from "@effect/vitest"
import * as Store from "@overdue/core/Store"
import * as Delete from "@overdue/engine/commands/Delete"
import * as Pause from "@overdue/engine/commands/Pause"
import * as Projects from "@overdue/engine/commands/Projects"
import * as Resume from "@overdue/engine/commands/Resume"
import type * as Subject from "@overdue/engine/commands/Subject"
import * as Update from "@overdue/engine/commands/Update"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as EngineFixture from "../../../../test/kit/EngineFixture.ts"

const renamed = (subject: Subject.Subject) =>
  Update.run({
    ...subject,
    plan: ({ policy, details }) => Result.succeed({ policy, details: { ...details, name: "renamed" } }),
  }).pipe(Effect.catchTag("ServerNotFound", Effect.die))

const commands = [
  ["pause", Pause.run],
  ["resume", Resume.run],
  ["delete", Delete.run],
  ["update", renamed],
] as const

describe("a check of another project", () => {
  for (const [name, run] of commands) {
    it.effect(`is not found by ${name}, and stays as it is`, () =>
      Effect.gen(function* () {
        const { project, check } = yield* EngineFixture.furnish()
        const other = yield* Projects.create({ name: "other" })
        const own = yield* Pause.run({ project: project.id, id: check.id })
        for (const stranger of [other.id, "no project"]) {
          const error = yield* Effect.flip(Effect.asVoid(run({ project: stranger, id: check.id })))
          expect(error).toMatchObject({ _tag: "CheckNotFound", check: check.id })
        }
        const store = yield* Store.Store
        expect(yield* store.check(check.id)).toEqual(own)
      }).pipe(Effect.provide(EngineFixture.layer())),
    )
  }
})
