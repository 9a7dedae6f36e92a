/** The project that a benchmark fills with checks. */
import * as Check from "@overdue/core/Check"
import type { Project } from "@overdue/core/Project"
import { Store } from "@overdue/core/Store"
import type { Instant } from "@overdue/core/Time"
import * as Effect from "effect/Effect"

/** Returns a project that has room for so many checks. */
export const make = (checkLimit: number, createdAt: Instant = Date.now()): Project => ({
  id: crypto.randomUUID(),
  name: "bench",
  pingKey: undefined,
  badgeKey: crypto.randomUUID(),
  zone: "UTC",
  checkLimit,
  pingLogLimit: 100,
  silencedUntil: undefined,
  createdAt,
})

/** Checks that are written at once. */
const atOnce = 1_000

/** What a check is to be, beside who it is. */
type Given = Pick<Parameters<typeof Check.make>[0], "details" | "policy">

/** Stores a project with so many new checks, and returns those. */
export const fill = Effect.fnUntraced(function* (
  count: number,
  given: (index: number) => Given,
  createdAt: Instant = Date.now(),
) {
  const store = yield* Store
  const project = make(count, createdAt)
  yield* store.createProject({ project, keys: [] })
  const all = Array.from({ length: count }, (_, index) =>
    Check.make({
      id: crypto.randomUUID(),
      project: project.id,
      badgeKey: crypto.randomUUID(),
      createdAt,
      ...given(index),
    }),
  )
  for (let made = 0; made < count; made += atOnce) {
    const checks = all.slice(made, made + atOnce)
    yield* store.transact({}, () => ({ result: undefined, checks }))
  }
  return all
})
