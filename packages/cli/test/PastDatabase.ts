/** A database file with a past, written under a clock of its own: the jobs of a project, and what became of them. */
import type { Policy } from "@overdue/core/Check"
import * as Check from "@overdue/core/Check"
import type { Project } from "@overdue/core/Project"
import * as Store from "@overdue/core/Store"
import { minute } from "@overdue/core/Time"
import * as CallbackNotifier from "@overdue/engine/CallbackNotifier"
import * as Pause from "@overdue/engine/commands/Pause"
import * as Projects from "@overdue/engine/commands/Projects"
import * as Receive from "@overdue/engine/commands/Receive"
import * as Engine from "@overdue/engine/Engine"
import * as Sqlite from "@overdue/storage/Sqlite"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as TestClock from "effect/testing/TestClock"
import * as Arrival from "../../../test/kit/Arrival.ts"

export const start = Date.UTC(2026, 2, 2, 3)

/** A signal so many minutes after the one before. */
export type Signal = readonly [after: number, action: "success" | "start" | "fail"]

export interface Job {
  readonly slug: string
  readonly policy: Partial<Policy>
  readonly signals: readonly Signal[]
}

/** Paused at the end, so that the silence since means nothing. */
export const write = (filename: string, name: string, jobs: readonly Job[]): Promise<Project> =>
  Effect.runPromise(
    Effect.scoped(
      Effect.gen(function* () {
        yield* TestClock.setTime(start)
        const project = yield* Projects.create({ name })
        for (const job of jobs) yield* live(project, job)
        return project
      }).pipe(
        Effect.provide(
          Engine.still({
            store: Sqlite.layer({ filename }),
            notifiers: CallbackNotifier.none,
            settings: { blindAfter: undefined },
          }).pipe(Layer.provideMerge(TestClock.layer())),
        ),
      ),
    ),
  )

const live = Effect.fnUntraced(function* (project: Project, { slug, policy, signals }: Job) {
  const store = yield* Store.Store
  const receive = yield* Receive.Receive
  yield* TestClock.setTime(start)
  const check = Check.make({
    id: crypto.randomUUID(),
    project: project.id,
    badgeKey: crypto.randomUUID(),
    createdAt: start,
    details: { slug, name: `the ${slug} job` },
    policy,
  })
  yield* store.transact({}, () => ({ result: undefined, checks: [check] }))
  for (const [after, action] of signals) {
    yield* TestClock.adjust(after * minute)
    yield* receive.receive(Arrival.overHttp({ id: check.id }, action))
  }
  yield* Pause.run({ project: project.id, id: check.id })
})
