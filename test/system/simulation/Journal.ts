/** The journal: what really was written, in the order in which it was, and what people were told of it. */
import type { Delivery } from "@overdue/core/Delivery"
import type * as Check from "@overdue/core/Check"
import type { Blind } from "@overdue/core/Deadline"
import type { Flip } from "@overdue/core/Flip"
import * as Machine from "@overdue/core/Machine"
import type * as UnitOfWork from "@overdue/core/UnitOfWork"
import type { Instant } from "@overdue/core/Time"
import { isDeepStrictEqual } from "node:util"

/** Something that happened to a check, as its record says. */
export interface Happened {
  readonly at: Instant
  /** `look`: what blind spans had moved on is looked at anew, because they were cut. */
  readonly event: Machine.Event | { readonly type: "look" }
  /** The blind spans that were known then; by default those that are known in the end. */
  readonly blind?: Blind
}

/** A check as it was made, and all that happened to it since. */
export interface Life {
  readonly made: Check.Check
  readonly happened: Happened[]
  /** Numbers of logged pings. */
  readonly pings: number[]
  readonly flips: Flip[]
  readonly deliveries: Delivery[]
}

/** A decision that was written, with what is known of who made it. */
export interface Written {
  readonly decision: UnitOfWork.Decision<unknown>
  /** What it was made on. */
  readonly loaded: UnitOfWork.Loaded
  /** What may have been the reason, if it was no ping: what a command does, or the sweeper. */
  readonly maybe: readonly Happened[]
}

export class Journal {
  readonly lives = new Map<string, Life>()
  /** One line each, in order; of a check where it is about one. */
  readonly lines: { readonly at: Instant; readonly check: string | undefined; readonly text: string }[] = []
  /** Decisions that nothing explains, by their checks. */
  readonly unexplained: { readonly check: string; readonly at: Instant }[] = []

  note(at: Instant, text: string, check?: string): void {
    this.lines.push({ at, check, text })
  }

  /** A check that was made. */
  made(check: Check.Check): void {
    this.lives.set(check.id, { made: check, happened: [], pings: [], flips: [], deliveries: [] })
  }

  /** Blind spans were cut, so every check is looked at anew. */
  cut(at: Instant): void {
    for (const { happened } of this.lives.values()) happened.push({ at, event: { type: "look" } })
  }

  wrote({ decision, loaded, maybe }: Written): void {
    for (const check of decision.checks ?? []) {
      const old = loaded.check(check.id)!
      const life = this.lives.get(check.id)! // safe because it was loaded, and so was written before
      const isOfCheck = ({ check: id }: { readonly check: string }): boolean => id === check.id
      const pings = (decision.pings ?? []).filter(isOfCheck)
      life.pings.push(...pings.map(({ n }) => n))
      life.flips.push(...(decision.flips ?? []).filter(isOfCheck))
      life.deliveries.push(...(decision.deliveries ?? []).filter(isOfCheck))
      if (check === old) continue
      const { blind } = loaded
      if (pings.length > 0) {
        life.happened.push(...pings.map(({ at, kind, rid }) => ({ at, event: { type: kind, rid }, blind })))
        continue
      }
      const reason = maybe.find((one) => isReason(one, blind, old, check))
      if (reason !== undefined) life.happened.push({ ...reason, blind })
      else this.unexplained.push({ check: check.id, at: check.state.flippedAt })
    }
  }
}

/** Whether an event made one check of the other, in one step. That somebody changed it is noted by the command. */
const isReason = ({ at, event }: Happened, blind: Blind, old: Check.Check, check: Check.Check): boolean => {
  if (event.type === "look") return false
  const { updatedAt } = check
  return isDeepStrictEqual({ ...Machine.step(old, event, at, blind).check, updatedAt }, check)
}
