/** The journal: what really was written, in the order in which it was, and what people were told of it. */
import type * as Check from "@overdue/core/Check"
import type * as Machine from "@overdue/core/Machine"
import type { Delivery } from "@overdue/core/Alert"
import type { Flip } from "@overdue/core/Flip"
import type * as Store from "@overdue/core/Store"
import type { Instant } from "@overdue/core/Time"

/** Something that happened to a check, as its record says. */
export interface Happened {
  readonly at: Instant
  readonly event: Machine.Event
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

export class Journal {
  readonly lives = new Map<string, Life>()
  /** One line each, in order; of a check where it is about one. */
  readonly lines: { readonly at: Instant; readonly check: string | undefined; readonly text: string }[] = []

  note(at: Instant, text: string, check?: string): void {
    this.lines.push({ at, check, text })
  }

  /** A decision that was written. `before` gives the checks as they were loaded. */
  wrote(decision: Store.Decision<unknown>, before: (id: string) => Check.Check | undefined): void {
    for (const check of decision.checks ?? []) {
      const old = before(check.id)
      if (old === undefined) {
        this.lives.set(check.id, { made: check, happened: [], pings: [], flips: [], deliveries: [] })
        continue
      }
      const life = this.lives.get(check.id)! // safe because it was loaded, and so was written before
      const isOfCheck = ({ check: id }: { readonly check: string }): boolean => id === check.id
      life.pings.push(...(decision.pings ?? []).filter(isOfCheck).map(({ n }) => n))
      life.flips.push(...(decision.flips ?? []).filter(isOfCheck))
      life.deliveries.push(...(decision.deliveries ?? []).filter(isOfCheck))
      life.happened.push(...eventsOf(decision, old, check))
    }
  }
}

/** What a decision says has happened to a check. Silence that was settled is no event. */
const eventsOf = (
  decision: Store.Decision<unknown>,
  old: Check.Check,
  check: Check.Check,
): readonly Happened[] => {
  const pings = (decision.pings ?? []).filter((ping) => ping.check === check.id)
  if (pings.length > 0) return pings.map(({ at, kind, rid }) => ({ at, event: { type: kind, rid } }))
  const byPerson = decision.flips?.find(
    (flip) => flip.check === check.id && (flip.reason === "paused" || flip.reason === "resumed"),
  )
  if (byPerson !== undefined) {
    return [{ at: byPerson.at, event: { type: byPerson.reason === "paused" ? "pause" : "resume" } }]
  }
  if (check.policy === old.policy) return []
  return [{ at: check.state.flippedAt, event: { type: "configure", policy: check.policy } }]
}
