/** The creation of a check, within the limit of its project, whether a person or a ping asked for it. */
import type { Channel } from "@overdue/core/Channel"
import * as Check from "@overdue/core/Check"
import * as Machine from "@overdue/core/Machine"
import type { LoadedProject } from "@overdue/core/UnitOfWork"
import type { Instant } from "@overdue/core/Time"
import * as Result from "effect/Result"
import { CheckLimitReached } from "../CommandError.ts"
import type { Ids } from "../Ids.ts"

/** Pings that create checks may exceed the limit of a project up to this many times (Healthchecks v4.3). */
export const pingFactor = 2

/** The identity of a check that may be created. Made before the unit of work, which must be pure. */
export interface Fresh {
  readonly id: string
  readonly badgeKey: string
}

/** Returns a new identity. */
export const fresh = (ids: Ids): Fresh => ({ id: ids.next(), badgeKey: ids.next() })

/** What a check is to be that a ping may create. It tells all channels of the project, unless `details` names some. */
export interface Blueprint {
  readonly details?: Partial<Check.Details>
  readonly policy: Check.Policy
}

/** Returns the plan of a check that a ping by slug creates. Its name is its slug, unless the blueprint has one. */
export const ofBlueprint = (
  slug: string,
  blueprint: Blueprint,
  channels: readonly Channel[],
): Check.Plan => ({
  policy: blueprint.policy,
  details: {
    ...Check.noDetails,
    name: slug,
    slug,
    channels: channels.map(({ id }) => id),
    ...blueprint.details,
  },
})

/** The project in which a check is to be created. */
export interface Parent extends LoadedProject {
  /** How many checks the same unit of work has created in it already; by default none. */
  readonly bornNow?: number
  /** By how much the project's limit is multiplied; by default 1. */
  readonly limitFactor?: number
}

/**
 * Fails when the project has as many checks as it may have. Checked before a plan is made, which may take more work.
 */
export const room = (parent: Parent): Result.Result<void, CheckLimitReached> => {
  const limit = (parent.limitFactor ?? 1) * parent.project.checkLimit
  return parent.checkCount + (parent.bornNow ?? 0) < limit
    ? Result.void
    : Result.fail(new CheckLimitReached({ limit }))
}

/** Returns the new check, in the state of one that has had no signal; silent when its project is. */
export const make = (
  { project }: Parent,
  identity: Fresh,
  plan: Check.Plan,
  createdAt: Instant,
): Check.Check => {
  const check = Check.make({ ...identity, ...plan, project: project.id, createdAt })
  const { silencedUntil } = project
  return silencedUntil === undefined || silencedUntil <= createdAt
    ? check
    : Machine.step(check, { type: "silence", until: silencedUntil }, createdAt).check
}
