/** The command that creates a check, or updates the existing check that matches. */
import type { Channel } from "@overdue/core/Channel"
import type * as Check from "@overdue/core/Check"
import * as Store from "@overdue/core/Store"
import * as Switch from "@overdue/core/Switch"
import type * as UnitOfWork from "@overdue/core/UnitOfWork"
import type { Instant } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Awake from "../Awake.ts"
import { Changes } from "../Changes.ts"
import { CheckExists, type CheckLimitReached, ProjectNotFound, type ServerNotFound } from "../CommandError.ts"
import { Ids } from "../Ids.ts"
import * as Birth from "./Birth.ts"
import * as Watched from "./Watched.ts"

/** What is asked for. */
export interface Input<E> {
  readonly project: string
  /** Fields by which an existing check is found, which is then updated; without it a check is always created. */
  readonly match?: Omit<UnitOfWork.Match, "project"> | undefined
  /** The id and the badge key that a new check keeps, from another server; what is left out is made. */
  readonly identity?: Partial<Birth.Fresh>
  /** By how much the project's limit of checks is multiplied; by default 1. */
  readonly limitFactor?: number
  /** From when on an existing check that matched is expected; see `Start`. */
  readonly from?: Start
  /** Whether the check is switched on or off; left out, a new one is on, and an existing one stays as it is. */
  readonly isOn?: boolean | undefined
  /**
   * Returns what the new check is to be or, when a check matched, what `existing` is to become; may fail. `channels`
   * are those of the project. Pure.
   */
  readonly plan: (
    existing: Check.Check | undefined,
    channels: readonly Channel[],
  ) => Result.Result<Check.Plan, E>
}

/**
 * From when on a changed check is expected: `anchor` counts on from its last signal, as Healthchecks does, and `now`
 * from the change, whatever changed. `undefined`: from now when the schedule or its zone changed, else from the anchor.
 */
export type Start = "anchor" | "now" | undefined

/** A check, and whether it is new. */
export interface Created {
  readonly check: Check.Check
  /** False when an existing check matched and was updated. */
  readonly created: boolean
}

/**
 * Creates or updates a check and returns it. Fails with the error of `plan`, with `CheckExists`, `CheckLimitReached`,
 * `ProjectNotFound`, or `ServerNotFound`.
 */
export const run = Effect.fn("Create.run")(function* <E>(input: Input<E>) {
  const store = yield* Store.Store
  const now = yield* Awake.decisionAt
  const { id, badgeKey } = input.identity ?? {}
  const made = Birth.fresh(yield* Ids)
  const fresh: Birth.Fresh = { id: id ?? made.id, badgeKey: badgeKey ?? made.badgeKey }
  // Nothing breaks when two checks get the same badge key at once: the older one has the badge.
  const hasBadge = badgeKey === undefined ? undefined : yield* store.checkByBadgeKey(badgeKey)
  const selection: UnitOfWork.Selection = {
    projects: [input.project],
    ...(input.match === undefined ? {} : { match: { ...input.match, project: input.project } }),
  }
  return yield* Watched.reading((server) =>
    store.transact(
      { ...selection, checks: [id, server].filter((one) => one !== undefined) },
      (loaded): UnitOfWork.Decision<Result.Result<Created, Refusal<E>>> => {
        const project = loaded.project(input.project)
        if (project === undefined) return refuse(new ProjectNotFound({ project: input.project }))
        const existing = loaded.match
        const clash = id === undefined ? undefined : loaded.check(id)
        if (clash !== undefined && clash.id !== existing?.id) {
          return refuse(new CheckExists({ field: "id", taken: clash.id }))
        }
        if (existing === undefined && hasBadge !== undefined) {
          return refuse(new CheckExists({ field: "badge key", taken: hasBadge.badgeKey }))
        }
        const parent: Birth.Parent = { ...project, limitFactor: input.limitFactor ?? 1 }
        const room = existing === undefined ? Birth.room(parent) : Result.void
        if (Result.isFailure(room)) return refuse(room.failure)
        const planned = input.plan(existing, project.channels)
        if (Result.isFailure(planned)) return refuse(planned.failure)
        const plan = Switch.to(input.isOn, planned.success)
        const watching = { loaded, project: input.project, existing, read: server }
        const unwatched = Watched.refusal(plan, watching)
        if (unwatched !== undefined) return refuse(unwatched)
        const changes = new Changes(loaded)
        const made =
          existing === undefined
            ? Birth.make(parent, fresh, plan, now)
            : revise(changes, existing, { plan, now, from: input.from })
        changes.put(made)
        const check = switched(changes, made, { isOn: input.isOn, now })
        return changes.decide(Result.succeed({ check, created: existing === undefined }))
      },
    ),
  )
})

type Refusal<E> = E | CheckExists | CheckLimitReached | ProjectNotFound | ServerNotFound | Watched.Unread

/** Does the same without an identity: then no check can have it already. */
export const unnamed = <E>(input: Omit<Input<E>, "identity">) =>
  Effect.catchIf(run(input), (error) => error instanceof CheckExists, Effect.die)

/** What a check becomes, and when. */
export interface Revision {
  readonly plan: Check.Plan
  readonly now: Instant
  readonly from: Start
}

/**
 * Returns the check with the details and the policy of a plan. A policy that is the same object as before leaves the
 * deadline alone, unless the check is to be expected from now on.
 */
export const revise = (
  changes: Changes,
  check: Check.Check,
  { plan: { details, policy }, now, from }: Revision,
): Check.Check => {
  const isSame = policy === check.policy && from !== "now"
  const configured = isSame
    ? check
    : changes.step(check, { type: "configure", policy, ...(from !== undefined && { from }) }, now).check
  return { ...configured, details, updatedAt: now }
}

/** What is asked of a check beside its plan, and when. */
interface Switching {
  readonly isOn: boolean | undefined
  readonly now: Instant
}

/** Returns the check paused or resumed as it is asked for, in the same unit of work: nobody sees it half done. */
export const switched = (changes: Changes, check: Check.Check, { isOn, now }: Switching): Check.Check =>
  isOn === undefined ? check : changes.step(check, { type: isOn ? "resume" : "pause" }, now).check

const refuse = <E>(error: E): UnitOfWork.Decision<Result.Result<never, E>> => ({ result: Result.fail(error) })
