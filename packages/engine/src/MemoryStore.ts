/**
 * The store in memory, which is gone when the process ends. It is the reference: every other store must answer the
 * same.
 *
 * Everything is in maps and found by scanning: `due` and look-ups by slug scan all checks, a claim scans all pending
 * deliveries. That is fast enough for hundreds of checks, and easy to see to be right. No verb awaits anything, so each
 * is atomic.
 */
import type { Interval } from "@overdue/core/CountedTime"
import type { FlipCount, Reason } from "@overdue/core/Flip"
import * as Listing from "@overdue/core/Listing"
import type { Ping } from "@overdue/core/Ping"
import { passes, type PingSummary, Store } from "@overdue/core/Store"
import { isAhead, mayBeAhead } from "@overdue/core/State"
import type { Instant, Span } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Blind from "./memory/Blind.ts"
import * as Claims from "./memory/Claims.ts"
import * as Deliveries from "./memory/Deliveries.ts"
import * as Records from "./memory/Records.ts"
import * as Samples from "./memory/Samples.ts"
import * as Tables from "./memory/Tables.ts"
import * as Turns from "./memory/Turns.ts"

/** Some of the methods of a store. */
type Part = Partial<Store["Service"]>

const make = (): Store["Service"] => {
  const tables = Tables.make()
  return {
    ...unitsOfWork(tables),
    ...outbox(tables),
    ...checksAndLogs(tables),
    ...Records.ofChannels(tables),
    ...Records.ofGroups(tables),
    ...Records.ofProjects(tables),
    ...upkeep(tables),
  }
}

/** The layer of an empty store; each time it is built, it is another one. */
export const layer: Layer.Layer<Store> = Layer.sync(Store, make)

/** Units of work, and the checks that wait for one. */
const unitsOfWork = (tables: Tables.Tables) =>
  ({
    transact: (selection, decide) =>
      Effect.suspend(() => {
        const loaded = Tables.load(tables, selection)
        const decision = decide(loaded)
        const objection = Tables.objection(tables, loaded, decision)
        if (objection !== undefined) return Records.refuse(objection)
        Tables.write(tables, decision)
        return Effect.succeed(decision.result)
      }),
    due: (now, limit) => Effect.sync(() => due(tables, now, limit)),
    claimTurns: (claim) => Effect.sync(() => Turns.claim(tables, claim)),
  }) satisfies Part

/** Deliveries, from claim to settlement. */
const outbox = (tables: Tables.Tables) => {
  const { channels, checks, deliveries } = tables
  return {
    claimDeliveries: (now, limit, lease) =>
      Effect.sync(() =>
        Deliveries.claim(deliveries, channels, { now, limit, lease }).map((delivery) =>
          Claims.of(tables, delivery),
        ),
      ),
    settleDeliveries: (ended) => Effect.sync(() => ended.map((one) => Claims.settle(tables, one))),
    deliveries: ({ project, check, channel, status, cause, limit }) =>
      Effect.sync(() =>
        Deliveries.list(
          deliveries,
          (delivery) =>
            (project === undefined || checks.get(delivery.check)!.check.project === project) &&
            (check === undefined || delivery.check === check) &&
            (channel === undefined || delivery.channel === channel) &&
            (status === undefined || delivery.status === status) &&
            (cause === undefined || delivery.cause === cause),
          limit,
        ),
      ),
    delivery: (id) => Effect.sync(() => deliveries.all.get(id)?.delivery),
    waiting: (project) =>
      Effect.sync(() => {
        const counts = new Map<string, number>()
        for (const { delivery } of deliveries.pending) {
          if (checks.get(delivery.check)!.check.project !== project) continue
          counts.set(delivery.channel, (counts.get(delivery.channel) ?? 0) + 1)
        }
        return counts
      }),
    retryDelivery: (id, now) => Effect.sync(() => Deliveries.retry(deliveries, id, now)),
    dropDelivery: (id, now) => Effect.sync(() => Deliveries.drop(deliveries, id, now)),
  } satisfies Part
}

/** Checks with their pings and flips. */
const checksAndLogs = (tables: Tables.Tables) => {
  const { checks } = tables
  return {
    check: (id) => Effect.sync(() => checks.get(id)?.check),
    deleteCheck: (project, id) =>
      Effect.sync(() => {
        if (checks.get(id)?.check.project !== project) return false
        Tables.write(tables, { result: undefined, deleted: [id] })
        return true
      }),
    checkByBadgeKey: (badgeKey) =>
      Effect.sync(() => Tables.find(tables, (check) => check.badgeKey === badgeKey)[0]),
    checks: (project, filter) =>
      Effect.sync(() => Tables.find(tables, (check) => check.project === project && passes(filter, check))),
    listing: (project, query) =>
      Effect.sync((): Listing.Page => {
        const all = [...checks.values()].filter(
          (entry) => entry.check.project === project && Listing.matches(query.where, entry),
        )
        const ordered = all.toSorted(Listing.order(query))
        const { offset, limit } = query
        const page = ordered.slice(offset, offset + limit)
        return { checks: page.map(({ serial, check }) => ({ serial, check })), total: all.length }
      }),
    pings: (check, { limit, before = Infinity }) =>
      Effect.sync(() =>
        (checks.get(check)?.pings ?? [])
          .filter(({ n }) => n < before)
          .reverse()
          .slice(0, limit)
          .map(summarize),
      ),
    ping: (check, n) => Effect.sync(() => checks.get(check)?.pings.find((ping) => ping.n === n)),
    pingBodies: (check, numbers) =>
      Effect.sync(() => {
        const wanted = new Set(numbers)
        const found = (checks.get(check)?.pings ?? []).filter(({ n }) => wanted.has(n))
        return new Map(found.flatMap(({ n, body }) => (body === undefined ? [] : [[n, body]])))
      }),
    flips: (check, { from = -Infinity, to = Infinity }) =>
      Effect.sync(() => (checks.get(check)?.flips ?? []).filter(({ at }) => from <= at && at < to).reverse()),
    flipCounts: (project) => Effect.sync(() => flipCounts(tables, project)),
    samples: (check, query) => Effect.sync(() => Samples.newest(checks.get(check)?.samples, query)),
    buckets: (check, query) => Effect.sync(() => Samples.buckets(checks.get(check)?.samples, query)),
    series: (check) => Effect.sync(() => [...(checks.get(check)?.samples.keys() ?? [])].sort()),
  } satisfies Part
}

/** What concerns the whole store: blind spans, activity and pruning. */
const upkeep = (tables: Tables.Tables) =>
  ({
    awake: (now, threshold, valid = 0) => Effect.sync(() => awake(tables, now, threshold, valid)),
    stepped: (now, by) => Effect.sync(() => Blind.stepped(tables, now, by)),
    turnBack: (now, lease, ifAheadBy) => Effect.sync(() => turnBack(tables, now, lease, ifAheadBy)),
    blind: Effect.sync(() => [...tables.blind]),
    activity: Effect.sync(() => ({
      lastPing: tables.pings || undefined,
      lastDelivery: tables.deliveries.count || undefined,
      ...Deliveries.waiting(tables.deliveries),
    })),
    prune: (expiry) => Effect.sync(() => Tables.prune(tables, expiry)),
    // Nobody can damage what only this program has.
    inspect: Effect.succeed(0),
  }) satisfies Part

/** Because the sort is stable, checks with equal deadlines come in order of creation. */
const due = (tables: Tables.Tables, now: Instant, limit: number): readonly string[] =>
  Tables.find(tables, ({ state }) => state.deadline !== undefined && state.deadline <= now)
    .toSorted((a, b) => a.state.deadline! - b.state.deadline!)
    .slice(0, limit)
    .map(({ id }) => id)

const awake = (
  tables: Tables.Tables,
  now: Instant,
  threshold: Span | undefined,
  valid: Span,
): Interval | undefined => {
  const from = tables.awakeAt
  if (from !== undefined && now <= from) return undefined
  tables.awakeAt = now
  if (from === undefined || threshold === undefined || now - from <= threshold) return undefined
  const span = { from: from + valid, to: now }
  tables.blind.push(span)
  return span
}

const turnBack = (
  tables: Tables.Tables,
  now: Instant,
  lease: Span,
  ifAheadBy: Span | undefined,
): readonly string[] => {
  if (ifAheadBy !== undefined && (tables.awakeAt ?? now) <= now + ifAheadBy) return []
  Blind.cut(tables, now)
  Deliveries.turnBack(tables.deliveries, now, lease)
  Turns.turnBack(tables, now)
  const ahead = Tables.find(tables, ({ state }) => mayBeAhead(state, now))
  const isDone = !ahead.some(({ state }) => isAhead(state, now))
  if (isDone && tables.awakeAt !== undefined) tables.awakeAt = Math.min(tables.awakeAt, now)
  return ahead.map(({ id }) => id)
}

const flipCounts = (tables: Tables.Tables, project: string): readonly FlipCount[] =>
  [...tables.checks.values()]
    .filter(({ check }) => check.project === project)
    .flatMap(({ check, flips, forgotten }) => {
      const counts = new Map<Reason, number>(forgotten)
      for (const { reason } of flips) counts.set(reason, (counts.get(reason) ?? 0) + 1)
      return Array.from(counts, ([reason, count]) => ({ check: check.id, reason, count }))
    })

const summarize = ({ body, ...ping }: Ping): PingSummary => ({ ...ping, bodySize: body?.byteLength ?? 0 })
