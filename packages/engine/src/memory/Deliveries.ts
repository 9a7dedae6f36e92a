/** Deliveries in memory, with their leases. */
import type { Delivery, DeliveryOutcome, TrackedDelivery } from "@overdue/core/Delivery"
import type { Channel } from "@overdue/core/Channel"
import type { Flip } from "@overdue/core/Flip"
import type { Status } from "@overdue/core/State"
import type { Instant, Span } from "@overdue/core/Time"

interface Entry {
  /** Number of the delivery in order of creation. */
  readonly n: number
  delivery: TrackedDelivery
  /** Whether an attempt has begun and has not been settled. */
  isLeased: boolean
}

/** The deliveries of a store. */
export interface Table {
  /** By id, in order of creation. */
  readonly all: Map<string, Entry>
  /** Those with status pending, so that a claim need not scan everything that was ever sent. */
  readonly pending: Set<Entry>
  /** How many were ever added. */
  count: number
}

/** Returns a table without deliveries. */
export const make = (): Table => ({ all: new Map(), pending: new Set(), count: 0 })

/** Adds a delivery of a flip, unless its id exists. */
export const add = (self: Table, delivery: Delivery, { to, reason }: Flip): void => {
  if (self.all.has(delivery.id)) return
  self.count += 1
  const entry: Entry = {
    n: self.count,
    delivery: {
      ...delivery,
      to: to === "down" ? "down" : "up",
      reason,
      status: "pending",
      cause: undefined,
      attempts: 0,
      failures: 0,
      dueAt: delivery.at,
      error: undefined,
      settledAt: undefined,
    },
    isLeased: false,
  }
  self.all.set(delivery.id, entry)
  self.pending.add(entry)
}

/** Removes the deliveries for which `is` holds, and returns how many there were. */
export const remove = (self: Table, is: (delivery: TrackedDelivery) => boolean): number => {
  const before = self.all.size
  for (const [id, entry] of self.all) {
    if (!is(entry.delivery)) continue
    self.all.delete(id)
    self.pending.delete(entry)
  }
  return before - self.all.size
}

/**
 * Claims due deliveries, the oldest first, for the time of the lease. Those to disabled channels become dead, and those
 * that have failed are superseded by newer ones that are due.
 */
export const claim = (
  self: Table,
  channels: ReadonlyMap<string, Channel>,
  request: { readonly now: Instant; readonly limit: number; readonly lease: Span },
): readonly TrackedDelivery[] => {
  const { now, limit, lease } = request
  for (const entry of self.pending) {
    const reason = channels.get(entry.delivery.channel)?.disabled
    if (reason !== undefined && (!entry.isLeased || entry.delivery.dueAt <= now)) {
      end(self, entry, { status: "dead", cause: "disabled", error: reason }, now)
    }
  }
  supersede(self, now)
  const first = turns(self, now)
  const claimed = [...self.pending]
    .filter((entry) => entry.delivery.dueAt <= now && first.get(route(entry.delivery)) === entry)
    .sort((a, b) => a.delivery.dueAt - b.delivery.dueAt || a.n - b.n)
    .slice(0, limit)
  return claimed.map((entry) => {
    entry.isLeased = true
    entry.delivery = { ...entry.delivery, attempts: entry.delivery.attempts + 1, dueAt: now + lease }
    return entry.delivery
  })
}

/** Ends an attempt and returns the delivery; `undefined` when another attempt holds it, or none. */
export const settle = (
  self: Table,
  id: string,
  attempt: number,
  outcome: DeliveryOutcome,
  now: Instant,
): TrackedDelivery | undefined => {
  const entry = self.all.get(id)
  if (entry === undefined || !entry.isLeased || entry.delivery.attempts !== attempt) return undefined
  end(self, entry, outcome, now)
  return entry.delivery
}

/** Makes a delivery due again that was given up. Returns false when there is no such delivery. */
export const retry = (self: Table, id: string, now: Instant): boolean => {
  const entry = self.all.get(id)
  if (entry === undefined || !["dead", "superseded", "dropped"].includes(entry.delivery.status)) return false
  revive(self, entry, now)
  return true
}

const revive = (self: Table, entry: Entry, now: Instant): void => {
  entry.delivery = {
    ...entry.delivery,
    status: "pending",
    cause: undefined,
    failures: 0,
    dueAt: now,
    settledAt: undefined,
  }
  self.pending.add(entry)
}

/** Gives up a delivery, also one that is being sent. Returns false when there is none to give up. */
export const drop = (self: Table, id: string, now: Instant): boolean => {
  const entry = self.all.get(id)
  if (entry === undefined || !["pending", "dead", "superseded"].includes(entry.delivery.status)) return false
  entry.isLeased = false
  entry.delivery = { ...entry.delivery, status: "dropped", cause: undefined, settledAt: now }
  self.pending.delete(entry)
  return true
}

/** Which deliveries are sent when a channel works again. */
export interface Recovery {
  readonly channel: string
  readonly now: Instant
  /** Whether messages count as well that the receiver has refused. */
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
  const isAny = (check: string, flip: number, ...statuses: readonly TrackedDelivery["status"][]): boolean =>
    own.some(
      ({ delivery: other }) =>
        other.check === check && other.flip === flip && statuses.includes(other.status),
    )
  const newest = new Map<string, Entry>()
  for (const entry of own) {
    const { status, cause, check, flip } = entry.delivery
    if (status !== "dead" || (cause === "refused" && !withRefused)) continue
    const now = present(check)
    const isNews = now.status === "down" || (now.status === "up" && isAny(check, flip - 1, "delivered"))
    if (flip === now.flips && isNews) newest.set(check, entry)
  }
  for (const entry of newest.values()) {
    if (!isAny(entry.delivery.check, entry.delivery.flip, "pending", "delivered")) revive(self, entry, now)
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
    end(self, entry, { status: "skipped" }, now)
  }
}

/** Returns what was given up before a delivery to the same channel, and of which nothing later has told; newest last. */
export const untold = (self: Table, of: Delivery): readonly TrackedDelivery[] => {
  const before = Array.from(self.all.values(), ({ delivery }) => delivery).filter(
    ({ check, channel }) => check === of.check && channel === of.channel,
  )
  const index = before.findIndex(({ id }) => id === of.id)
  const earlier = before.slice(0, index)
  return earlier
    .filter(({ status, flip }, n) => {
      if (status !== "superseded" && status !== "dead") return false
      return !earlier.slice(n + 1).some((later) => later.status === "delivered" && later.flip >= flip)
    })
    .slice(-mostUntold)
}

/** At most so many alerts that were not told are told of. */
const mostUntold = 10

/** Makes pending deliveries due at `now` at the latest, and those under way when `lease` has passed. */
export const turnBack = (self: Table, now: Instant, lease: Span): void => {
  for (const entry of self.pending) {
    const latest = entry.isLeased ? now + lease : now
    if (entry.delivery.dueAt > latest) entry.delivery = { ...entry.delivery, dueAt: latest }
  }
}

/** Returns the newest deliveries for which `is` holds, newest first. */
export const list = (
  self: Table,
  is: (delivery: TrackedDelivery) => boolean,
  limit: number,
): readonly TrackedDelivery[] =>
  Array.from(self.all.values(), ({ delivery }) => delivery)
    .reverse()
    .filter(is)
    .slice(0, limit)

const end = (self: Table, entry: Entry, outcome: DeliveryOutcome, now: Instant): void => {
  const { delivery } = entry
  const cause = "cause" in outcome ? outcome.cause : undefined
  const isPending = outcome.status === "pending"
  entry.isLeased = false
  entry.delivery = {
    ...delivery,
    status: outcome.status,
    cause,
    failures: delivery.failures + (cause === "failed" ? 1 : 0),
    dueAt: isPending ? outcome.dueAt : delivery.dueAt,
    error: "error" in outcome ? outcome.error : undefined,
    settledAt: isPending ? undefined : now,
  }
  if (!isPending) self.pending.delete(entry)
}

/** What has failed does not hold up a newer alert that is due, which tells of it. What is being sent is waited for. */
const supersede = (self: Table, now: Instant): void => {
  const newest = new Map<string, number>()
  for (const { n, delivery } of self.pending) {
    const key = route(delivery)
    if (delivery.dueAt <= now) newest.set(key, Math.max(n, newest.get(key) ?? 0))
  }
  for (const entry of self.pending) {
    const { delivery, isLeased, n } = entry
    if (delivery.cause !== "failed" || isLeased || n >= (newest.get(route(delivery)) ?? 0)) continue
    entry.delivery = { ...delivery, status: "superseded", cause: undefined, settledAt: now }
    self.pending.delete(entry)
  }
}

/** Returns, for each check and channel, the delivery whose turn it is: the one that is being sent, or the oldest. */
const turns = (self: Table, now: Instant): ReadonlyMap<string, Entry> => {
  const first = new Map<string, Entry>()
  const isHeld = (entry: Entry) => entry.isLeased && entry.delivery.dueAt > now
  for (const entry of self.pending) {
    const key = route(entry.delivery)
    const other = first.get(key)
    if (other === undefined || (!isHeld(other) && (isHeld(entry) || entry.n < other.n))) first.set(key, entry)
  }
  return first
}

const route = (delivery: Delivery): string => `${delivery.check} ${delivery.channel}`
