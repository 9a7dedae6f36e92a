/** What a check's log says about other policies, straight on a database. */
import type { Check } from "@overdue/core/Check"
import type { Comparison } from "@overdue/core/Replay"
import * as Store from "@overdue/core/Store"
import type { Zone } from "@overdue/core/Zone"
import * as PlanInput from "@overdue/engine/PlanInput"
import * as Replay from "@overdue/engine/queries/Replay"
import * as Effect from "effect/Effect"
import { UsageError } from "../Failure.ts"
import * as Expression from "../commands/schedule/Expression.ts"
import type { Database } from "./Address.ts"
import { pick, type Kind } from "./Pick.ts"
import type { Changes } from "./PolicyFlags.ts"
import * as Projects from "./Projects.ts"
import { use } from "./Session.ts"

export interface Place {
  readonly database: Database
  /** Name or id; `undefined`: the check may be of any project. */
  readonly project: string | undefined
}

const kind: Kind<Check> = {
  noun: "check",
  id: ({ id }) => id,
  names: ({ details: { slug, name } }) => [slug, name],
}

const find = Effect.fnUntraced(function* (project: string | undefined, words: string) {
  const store = yield* Store.Store
  const projects = project === undefined ? yield* store.projects : [yield* Projects.find(project)]
  const checks: Check[] = []
  for (const { id } of projects) checks.push(...(yield* store.checks(id, {})))
  return pick(checks, words, kind)
})

export interface Compared extends Comparison {
  readonly check: Check
}

/** The check's policy and a changed one, over the pings that are kept. */
export const compare = ({ database, project }: Place, words: string, changes: Changes): Promise<Compared> =>
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

/** A zone alone moves the schedule that there is; a schedule alone stays in the zone that there is. */
const asPlan = (
  { expression, ...changes }: Changes,
  { policy: { schedule } }: Check,
): PlanInput.PlanInput => {
  if (expression !== undefined) {
    const own = schedule.kind === "every" ? undefined : schedule.zone.name
    const zone = Expression.zone(changes.zone ?? own)
    const { kind } = Expression.read(expression, zone)
    return { ...changes, zone: zone.name, [kind]: expression }
  }
  if (changes.zone === undefined) return changes
  if (schedule.kind !== "every" && changes.every === undefined) {
    return { ...changes, [schedule.kind]: schedule.expression }
  }
  throw new UsageError("--tz is of a --schedule; a period has no time zone")
}

export interface Advised extends Replay.Advised {
  readonly check: Check
}

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
