/** What becomes of deliveries in memory when a channel works again, when what they wait for is over, and when one is told. */
import { justTold, untold as givenUp, type Delivery, type TrackedDelivery } from "@overdue/core/Delivery"
import * as Limits from "@overdue/core/Limits"
import type { Status } from "@overdue/core/State"
import type { Instant } from "@overdue/core/Time"
import { end, revive, routeOf, type Entry, type Table } from "./Deliveries.ts"

/** Which deliveries are sent when a channel works again. */
export interface Recovery {
  readonly channel: string
  readonly now: Instant
  /** Whether messages count as well that the receiver has refused again and again (`Limits.refusals`). */
  readonly withRefused: boolean
  /** Returns the present status of a check, and the number of the flip that made it. */
  readonly present: (check: string) => { readonly status: Status; readonly flips: number }
}

/** Makes due at once what waits for a channel that works again, and what it was never told of. */
export const release = (self: Table, { channel, now, withRefused, present }: Recovery): void => {
  const own = Array.from(self.all.values()).filter(({ delivery }) => delivery.channel === channel)
  for (const entry of own) {
    const { delivery } = entry
    const isWaiting = delivery.status === "pending" && delivery.cause === "failed" && !entry.isLeased
    if (isWaiting && delivery.dueAt > now) entry.delivery = { ...delivery, dueAt: now }
  }
  const isAny = (of: Delivery, flip: number, ...statuses: readonly TrackedDelivery["status"][]): boolean =>
    self.routes
      .get(routeOf(of))!
      .some(({ delivery: other }) => other.flip === flip && statuses.includes(other.status))
  const newest = new Map<string, Entry>()
  for (const entry of own) {
    const { delivery } = entry
    const { status, cause, check, flip, attempts } = delivery
    const isRefused = cause === "refused" && attempts >= Limits.refusals
    if (status !== "dead" || (isRefused && !withRefused)) continue
    const state = present(check)
    const isNews =
      state.status === "down" || (state.status === "up" && isAny(delivery, flip - 1, "delivered"))
    if (flip === state.flips && isNews) newest.set(check, entry)
  }
  for (const entry of newest.values()) {
    const { delivery } = entry
    if (!isAny(delivery, delivery.flip, "pending", "delivered")) revive(self, entry, now)
  }
}

/** Makes due at once the deliveries that are held and for which `is` holds. */
export const unhold = (self: Table, is: (delivery: Delivery) => boolean, now: Instant): void => {
  for (const entry of self.pending) {
    const { delivery } = entry
    const isHeld = delivery.cause === "held" && !entry.isLeased && delivery.dueAt > now
    if (isHeld && is(delivery)) entry.delivery = { ...delivery, dueAt: now }
  }
}

/** Skips what was to remind a channel of an outage of which it has just been told. */
export const skipReminders = (self: Table, of: Delivery, now: Instant): void => {
  for (const entry of self.pending) {
    const { check, channel, flip, occasion } = entry.delivery
    const isOfSame = check === of.check && channel === of.channel && flip === of.flip
    if (!isOfSame || occasion !== "reminder" || entry.isLeased) continue
    end(self, entry, { status: "skipped", error: justTold }, now)
  }
}

/** Returns what was given up before a delivery to the same channel, and of which nothing later has told; newest last. */
export const untold = (self: Table, of: Delivery): readonly TrackedDelivery[] => {
  const found: TrackedDelivery[] = []
  // The highest number of a flip that something later has told of.
  let told = 0
  let isBefore = false
  for (const { delivery } of self.routes.get(routeOf(of))!.toReversed()) {
    if (isBefore && delivery.status === "delivered") told = Math.max(told, delivery.flip)
    if (isBefore && givenUp.includes(delivery.status) && delivery.flip > told) found.push(delivery)
    isBefore ||= delivery.id === of.id
    if (found.length === Limits.untoldAlerts) break
  }
  return found.toReversed()
}
