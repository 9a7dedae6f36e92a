/** How a check comes into being: within the limit of its project, whether a person or a ping asked for it. */
import type { Channel } from "@overdue/core/Channel"
import * as Check from "@overdue/core/Check"
import type { LoadedProject } from "@overdue/core/Store"
import type { Instant } from "@overdue/core/Time"
import * as Result from "effect/Result"
import { CheckLimitReached } from "../CommandError.ts"
import type { Ids } from "../Ids.ts"

/** Projects may exceed their limit by pings that create checks, up to this many times (Healthchecks v4.3). */
export const pingFactor = 2

/** The identity of a check that may come into being. Made before the unit of work, which is pure. */
export interface Fresh {
  readonly id: string
  readonly badgeKey: string
}

/** Returns an identity that no check has. */
export const fresh = (ids: Ids): Fresh => ({ id: ids.next(), badgeKey: ids.next() })

/** A check that a ping may bring into being. All channels of the project are assigned unless it names some. */
export interface Blueprint {
  readonly details?: Partial<Check.Details>
  readonly policy: Check.Policy
}

/** Returns the plan of a check that a ping by slug brings into being: named by its slug unless it says otherwise. */
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

/** The project that a check is to belong to. */
export interface Parent extends LoadedProject {
  /** Checks of it that the same unit of work has made already, by default none. */
  readonly bornNow?: number
  /** How many times the project's limit counts, by default once. */
  readonly limitFactor?: number
}

/** Fails when the project has as many checks as it may have. Asked before a plan is made: it may cost more. */
export const room = (parent: Parent): Result.Result<void, CheckLimitReached> => {
  const limit = (parent.limitFactor ?? 1) * parent.project.checkLimit
  return parent.checkCount + (parent.bornNow ?? 0) < limit
    ? Result.void
    : Result.fail(new CheckLimitReached({ limit }))
}

/** Returns the new check, of which nothing has been heard. */
export const make = (parent: Parent, identity: Fresh, plan: Check.Plan, createdAt: Instant): Check.Check =>
  Check.make({ ...identity, ...plan, project: parent.project.id, createdAt })
