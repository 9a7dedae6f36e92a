/** Deliveries in memory, with their leases. */
import type { Delivery, TrackedDelivery } from "@overdue/core/Alert"
import type { Channel } from "@overdue/core/Channel"
import type { DeliveryOutcome } from "@overdue/core/Store"
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

/** Adds a delivery, unless its id exists. */
export const add = (self: Table, delivery: Delivery): void => {
  if (self.all.has(delivery.id)) return
  self.count += 1
  const entry: Entry = {
    n: self.count,
    delivery: { ...delivery, status: "pending", attempts: 0, dueAt: delivery.at, error: undefined },
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

/** Claims due deliveries, the oldest first, for the time of the lease. Those to disabled channels become dead. */
export const claim = (
  self: Table,
  channels: ReadonlyMap<string, Channel>,
  request: { readonly now: Instant; readonly limit: number; readonly lease: Span },
): readonly TrackedDelivery[] => {
  const { now, limit, lease } = request
  for (const entry of self.pending) {
    const reason = channels.get(entry.delivery.channel)?.disabled
    if (reason !== undefined && entry.delivery.dueAt <= now) {
      end(self, entry, { status: "dead", error: reason })
    }
  }
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
): TrackedDelivery | undefined => {
  const entry = self.all.get(id)
  if (entry === undefined || !entry.isLeased || entry.delivery.attempts !== attempt) return undefined
  end(self, entry, outcome)
  return entry.delivery
}

/** Makes a dead delivery due again. Returns false when there is no such dead delivery. */
export const retry = (self: Table, id: string, now: Instant): boolean => {
  const entry = self.all.get(id)
  if (entry === undefined || entry.delivery.status !== "dead") return false
  entry.delivery = { ...entry.delivery, status: "pending", dueAt: now }
  self.pending.add(entry)
  return true
}

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

const end = (self: Table, entry: Entry, outcome: DeliveryOutcome): void => {
  entry.isLeased = false
  entry.delivery = {
    ...entry.delivery,
    status: outcome.status,
    dueAt: outcome.status === "pending" ? outcome.dueAt : entry.delivery.dueAt,
    error: "error" in outcome ? outcome.error : undefined,
  }
  if (outcome.status !== "pending") self.pending.delete(entry)
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
