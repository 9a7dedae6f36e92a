/** A check's past in a database: replayed under another policy, or read for advice. */
import type { Check } from "@overdue/core/Check"
import type { Comparison } from "@overdue/core/Replay"
import * as Store from "@overdue/core/Store"
import type { Zone } from "@overdue/core/Zone"
import * as PlanInput from "@overdue/engine/PlanInput"
import * as Replay from "@overdue/engine/queries/Replay"
import * as Effect from "effect/Effect"
import { UsageError } from "../Failure.ts"
import * as Expression from "../commands/schedule/Expression.ts"
import { pick, type Naming } from "../Pick.ts"
import type { Place } from "./Place.ts"
import type { PolicyChanges } from "./ReplayFlags.ts"
import * as Projects from "./Projects.ts"
import { use } from "./Session.ts"

const naming: Naming<Check> = {
  noun: "check",
  id: ({ id }) => id,
  names: [({ details }) => details.slug, ({ details }) => details.name],
}

/** Without a project, the check may be of any. */
const find = Effect.fnUntraced(function* (project: string | undefined, words: string) {
  const store = yield* Store.Store
  const projects = project === undefined ? yield* store.projects : [yield* Projects.find(project)]
  const checks: Check[] = []
  for (const { id } of projects) checks.push(...(yield* store.checks(id, {})))
  return pick(checks, words, naming)
})

/** What became of a check under its own policy (`a`) and under the changed one (`b`). */
export interface Compared extends Comparison {
  readonly check: Check
}

/** Replays the stored pings of a check under its own policy and under a changed one. */
export const compare = (
  { database, project }: Place,
  words: string,
  changes: PolicyChanges,
): Promise<Compared> =>
  use(
    database,
    Effect.gen(function* () {
      const check = yield* find(project, words)
      const { policy } = yield* Effect.mapError(
        Effect.fromResult(PlanInput.plan(asPlan(changes, check), check)),
        ({ message }) => new UsageError(message),
      )
      return { check, ...(yield* Replay.compare(check, policy)) }
    }),
  )

/** A zone alone moves the check's own schedule to it; a schedule alone is read in the check's own zone. */
const asPlan = (
  { expression, ...changes }: PolicyChanges,
  { policy: { schedule } }: Check,
): PlanInput.PlanInput => {
  if (expression !== undefined) {
    const own = "zone" in schedule ? schedule.zone.name : undefined
    const zone = Expression.zone(changes.zone ?? own)
    // The plan reads it again, but this reading marks what is wrong.
    Expression.read(expression, zone)
    return { ...changes, zone: zone.name, schedule: expression }
  }
  if (changes.zone === undefined || ("zone" in schedule && changes.every === undefined)) return changes
  throw new UsageError(
    "--tz is the time zone of a schedule, and this check has none: add --schedule, or leave out --tz",
  )
}

/** Advice, and the check that it is for. */
export interface Advised extends Replay.Advised {
  readonly check: Check
}

/** Returns which grace, `early` and maximum runtime the stored pings of a check suggest. */
export const advise = (
  { database, project }: Place,
  words: string,
  options: { readonly quantile?: number; readonly zone?: Zone },
): Promise<Advised> =>
  use(
    database,
    Effect.gen(function* () {
      const check = yield* find(project, words)
      return { check, ...(yield* Replay.advise(check, options)) }
    }),
  )
