/** Badges: one status for one check or several, the worst of them. */
import type { ShownStatus } from "./Check.ts"

/** The status on a badge. `late`: a check is in its grace. */
export type BadgeStatus = "up" | "late" | "down"

/** What a badge shows. */
export interface Badge {
  readonly status: BadgeStatus
  /** How many checks it stands for. */
  readonly total: number
  /** How many of them are in their grace. */
  readonly grace: number
  /** How many of them are down. */
  readonly down: number
}

/** How many statuses a badge distinguishes: 3, or 2, for which a late check is up. */
export type States = 2 | 3

/** Returns the badge for the statuses of checks. New and paused checks count as up, as in Healthchecks. */
export const of = (statuses: Iterable<ShownStatus>, states: States): Badge => {
  let total = 0
  let grace = 0
  let down = 0
  for (const status of statuses) {
    total++
    if (status === "grace") grace++
    if (status === "down") down++
  }
  return { status: down > 0 ? "down" : grace > 0 && states === 3 ? "late" : "up", total, grace, down }
}
