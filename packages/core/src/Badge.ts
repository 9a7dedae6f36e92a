/** What a badge says of one check or of several: the worst of them. */
import type { ShownStatus } from "./Check.ts"

export type BadgeStatus = "up" | "late" | "down"

export interface Badge {
  readonly status: BadgeStatus
  /** How many checks it stands for, and how many of them are late within grace, or down. */
  readonly total: number
  readonly grace: number
  readonly down: number
}

/** How many statuses a badge tells apart: with two, who is late is still up. */
export type States = 2 | 3

/** New and paused checks count as up, as in Healthchecks. */
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
