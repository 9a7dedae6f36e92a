/**
 * The command that silences checks: everything goes on being expected and recorded, and what is still down when the
 * silence ends is told then.
 */
import type { Check } from "@overdue/core/Check"
import * as Store from "@overdue/core/Store"
import type { Instant } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import * as Awake from "../Awake.ts"
import { CheckNotFound, ProjectNotFound } from "../CommandError.ts"
import * as StepEach from "../StepEach.ts"

/** Which checks of a project: one, those that have a tag now, or all, those that are created meanwhile included. */
export type Which = { readonly id: string } | { readonly tag: string } | "all"

/** What is asked for. */
export interface Input {
  readonly project: string
  readonly which: Which
  /** When the silence ends; `undefined`, or an instant that has passed, ends it now. */
  readonly until: Instant | undefined
}

/** The most checks that are silenced in one unit of work, so that pings come between. */
const atOnce = 200

/**
 * Silences checks, or ends their silence, and returns them. Fails with `CheckNotFound` when the project has no check
 * with the id, and with `ProjectNotFound`.
 */
export const run = Effect.fn("Silence.run")(function* ({ project, which, until }: Input) {
  const store = yield* Store.Store
  if (which === "all" && !(yield* store.silenceProject(project, until))) {
    return yield* new ProjectNotFound({ project })
  }
  const ids = yield* idsOf(project, which)
  const silenced: Check[] = []
  for (let from = 0; from < ids.length; from += atOnce) {
    silenced.push(...(yield* some(project, ids.slice(from, from + atOnce), until)))
  }
  if (silenced.length === 0 && typeof which === "object" && "id" in which) {
    return yield* new CheckNotFound({ check: which.id })
  }
  return silenced
})

const idsOf = Effect.fnUntraced(function* (project: string, which: Which) {
  if (typeof which === "object" && "id" in which) return [which.id]
  const store = yield* Store.Store
  const checks = yield* store.checks(project, which === "all" ? {} : { tags: [which.tag] })
  return checks.map(({ id }) => id)
})

/** Silences those of the checks that the project has, in one unit of work. */
const some = Effect.fnUntraced(function* (
  project: string,
  ids: readonly string[],
  until: Instant | undefined,
) {
  const steps = yield* StepEach.run(ids, {
    event: { type: "silence", until },
    now: yield* Awake.decisionAt,
    concerns: (check) => check.project === project,
  })
  return steps.map(({ check }) => check)
})
