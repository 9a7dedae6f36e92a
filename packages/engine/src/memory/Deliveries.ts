/** Deliveries in memory, with their leases. */
import * as Alert from "@overdue/core/Alert"
import { droppable, retriable } from "@overdue/core/Delivery"
import type { Delivery, DeliveryOutcome, TrackedDelivery } from "@overdue/core/Delivery"
import { wants, type Channel } from "@overdue/core/Channel"
import type { Flip } from "@overdue/core/Flip"
import type { Instant, Span } from "@overdue/core/Time"
import * as Turns from "@overdue/core/Turns"

/** A delivery, and its place. */
export interface Entry {
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
  /** The same by check and channel, in order of creation. */
  readonly routes: Map<string, Entry[]>
  /** Those with status pending, so that a claim need not scan everything that was ever sent. */
  readonly pending: Set<Entry>
  /** How many were ever added. */
  count: number
}

/** Returns a table without deliveries. */
export const make = (): Table => ({
  all: new Map(),
  routes: new Map(),
  pending: new Set(),
  count: 0,
})

/** Returns how many wait, and when the first of them is due. */
export const waiting = ({
  pending,
}: Table): { readonly pending: number; readonly dueSince: Instant | undefined } => {
  let dueSince: Instant | undefined
  for (const { delivery } of pending) dueSince = Math.min(dueSince ?? Infinity, delivery.dueAt)
  return { pending: pending.size, dueSince }
}

/** Adds a delivery of a flip to a channel, unless its id exists, and supersedes those that have failed. */
export const add = (self: Table, delivery: Delivery, flip: Flip, channel: Channel): void => {
  if (self.all.has(delivery.id)) return
  self.count += 1
  const entry: Entry = {
    n: self.count,
    delivery: {
      ...delivery,
      to: Alert.status(flip),
      reason: flip.reason,
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
  const key = routeOf(delivery)
  const others = self.routes.get(key) ?? []
  self.routes.set(key, others)
  others.push(entry)
  if (!isWanted(entry, channel)) return
  for (const older of others) {
    if (older.delivery.status !== "pending" || older.delivery.cause !== "failed" || older.isLeased) continue
    supersede(self, older, delivery.at)
  }
}

/** What a channel does not want tells it of nothing. */
const isWanted = ({ delivery: { occasion, to } }: Entry, channel: Channel): boolean =>
  wants(channel, { occasion, status: to })

const supersede = (self: Table, entry: Entry, now: Instant): void => {
  entry.delivery = { ...entry.delivery, status: "superseded", cause: undefined, settledAt: now }
  self.pending.delete(entry)
}

/** Removes the deliveries for which `is` holds, and returns how many there were. */
export const remove = (self: Table, is: (delivery: TrackedDelivery) => boolean): number => {
  const before = self.all.size
  for (const [id, entry] of self.all) {
    if (!is(entry.delivery)) continue
    self.all.delete(id)
    self.pending.delete(entry)
    const key = routeOf(entry.delivery)
    const others = self.routes.get(key)!.filter((other) => other !== entry)
    if (others.length === 0) self.routes.delete(key)
    else self.routes.set(key, others)
  }
  return before - self.all.size
}

/**
 * Claims due deliveries, those that have their turn, for the time of the lease. Those to disabled channels become dead.
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
  const first = turns(self, now)
  const underWay = new Turns.UnderWay()
  const waiting: Waiting[] = []
  for (const entry of self.pending) {
    const { channel: id, dueAt } = entry.delivery
    const channel = channels.get(id)!
    const route = { channel: id, project: channel.project, ...Turns.knownOf(channel, now) }
    if (entry.isLeased && dueAt > now) underWay.add(route, 1, Turns.isSlow(dueAt - lease, now) ? 1 : 0)
    const isInTurn = dueAt <= now && first.get(routeOf(entry.delivery)) === entry
    if (isInTurn) waiting.push({ ...route, dueAt, n: entry.n, entry })
  }
  return Turns.choose(waiting, underWay, limit).map(({ entry }) => {
    entry.isLeased = true
    entry.delivery = { ...entry.delivery, attempts: entry.delivery.attempts + 1, dueAt: now + lease }
    return entry.delivery
  })
}

interface Waiting extends Turns.Waiting {
  readonly entry: Entry
}

/** Supersedes a delivery that has failed, if a newer one waits that tells of it. */
export const giveWay = (self: Table, id: string, channel: Channel, now: Instant): void => {
  const entry = self.all.get(id)!
  const isTold = self.routes
    .get(routeOf(entry.delivery))!
    .some((newer) => newer.n > entry.n && newer.delivery.status === "pending" && isWanted(newer, channel))
  if (isTold) supersede(self, entry, now)
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
  if (entry === undefined || !retriable.includes(entry.delivery.status)) return false
  revive(self, entry, now)
  return true
}

/** Makes a delivery due again that was given up. */
export const revive = (self: Table, entry: Entry, now: Instant): void => {
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
  if (entry === undefined || !droppable.includes(entry.delivery.status)) return false
  entry.isLeased = false
  entry.delivery = { ...entry.delivery, status: "dropped", cause: undefined, settledAt: now }
  self.pending.delete(entry)
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

/** Ends an attempt, or what need not be attempted. */
export const end = (self: Table, entry: Entry, outcome: DeliveryOutcome, now: Instant): void => {
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

/** Returns, for each check and channel, the delivery whose turn it is: the one that is being sent, or the oldest. */
const turns = (self: Table, now: Instant): ReadonlyMap<string, Entry> => {
  const first = new Map<string, Entry>()
  const isHeld = (entry: Entry) => entry.isLeased && entry.delivery.dueAt > now
  for (const entry of self.pending) {
    const key = routeOf(entry.delivery)
    const other = first.get(key)
    if (other === undefined || (!isHeld(other) && (isHeld(entry) || entry.n < other.n))) first.set(key, entry)
  }
  return first
}

/** Returns a text that is the same for deliveries from one check to one channel. */
export const routeOf = (delivery: Delivery): string => `${delivery.check} ${delivery.channel}`
