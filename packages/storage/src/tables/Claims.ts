/** Deliveries on their way, in SQL: claimed with all it takes to tell a channel. */
import type * as Delivery from "@overdue/core/Delivery"
import * as Dependence from "@overdue/core/Dependence"
import { title, type Check } from "@overdue/core/Check"
import * as Limits from "@overdue/core/Limits"
import type { StoreError } from "@overdue/core/Store"
import type { Instant, Span } from "@overdue/core/Time"
import * as Turns from "@overdue/core/Turns"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { Connection, Row as Values, Transaction, Value } from "../Connection.ts"
import type { Flavour } from "../Flavour.ts"
import * as Many from "../Many.ts"
import * as Row from "../Row.ts"
import * as Channels from "./Channels.ts"
import * as Checks from "./Checks.ts"
import * as ClaimRow from "./ClaimRow.ts"
import * as DueTimes from "./DueTimes.ts"
import * as Pings from "./Pings.ts"
import * as Untold from "./Untold.ts"

/** Which deliveries to claim: at most `limit` that are due at `now`, for the time of the lease. */
export interface Request {
  readonly now: Instant
  readonly limit: number
  readonly lease: Span
}

/** What was claimed, and of what is due but waits the damage that keeps it. */
interface Claimed {
  readonly claims: readonly Delivery.Claim[]
  readonly damaged: readonly StoreError[]
  /** What was due at no time, and is now. */
  readonly hastened: readonly StoreError[]
}

/** Claims what is due and has its turn. To be run in a transaction. */
export const claim = Effect.fnUntraced(function* (
  connection: Transaction,
  flavour: Flavour,
  request: Request,
): Effect.fn.Return<Claimed, StoreError> {
  const { now, lease } = request
  yield* bury(connection, now)
  const hastened = yield* DueTimes.hasten(connection, now)
  const { due, severed } = yield* inTurn(connection, flavour, request)
  if (due.length + severed.length === 0) return { claims: [], damaged: [], hastened }
  const rowsOf = new Map(
    Array.from(
      yield* connection.query(
        ClaimRow.selection,
        due.map((key) => [key]),
      ),
      (row) => [row[0]!, row],
    ),
  )
  const rows = due.flatMap((key) => {
    const row = rowsOf.get(key)
    return row === undefined ? [] : [row]
  })
  const until = now + lease
  const damaged: StoreError[] = []
  const spoiled: Values[] = []
  const spoil = (key: Value, error: StoreError): void => {
    damaged.push(error)
    spoiled.push([error.detail, until, key])
  }
  for (const key of [...severed, ...due.filter((key) => !rowsOf.has(key))]) spoil(key, cutOff(key))
  // One damaged row must not keep everybody's alerts: its delivery waits until somebody has corrected it.
  const readable = <A>(key: Value, read: () => A): A | undefined => {
    const tried = Row.tried(read)
    if (Result.isSuccess(tried)) return tried.success
    spoil(key, tried.failure)
    return undefined
  }
  const read = ClaimRow.reader()
  const found = rows.flatMap((row) => readable(row[0]!, () => read(row)) ?? [])
  const keys = found.map(({ key }) => [key])
  const asked = found.map(({ key, delivery: { check, at } }) => ({ key, check, at }))
  const last = yield* Pings.lastBy(connection, asked)
  const untold = yield* Untold.before(connection, keys)
  const down = yield* countDown(connection, rows)
  const holders = holdersIn(connection)
  const claims: Delivery.Claim[] = []
  const taken: Values[] = []
  for (const { key, project, delivery, alert, ...claim } of found) {
    // What is only told along with an alert is left out when it is damaged.
    const ping = last.get(key)
    const lastPing = ping && Row.readable(() => Pings.read(ping))
    const attempts = delivery.attempts + 1
    taken.push([attempts, until, key])
    claims.push({
      ...claim,
      untold: untold.get(key) ?? [],
      delivery: { ...delivery, attempts, dueAt: until },
      alert: { ...alert, lastPing },
      heldBy: yield* holders(alert.check, project),
      down: down.get(project) ?? 0,
    })
  }
  yield* connection.send(taking, taken)
  yield* connection.send("UPDATE deliveries SET error = ?, due_at = ? WHERE key = ?", spoiled)
  return { claims, damaged, hastened }
})

const taking = Many.update(
  "deliveries",
  { attempts: "integer", due_at: "integer" },
  { key: "integer" },
  { also: "is_leased = 1" },
)

/** The error of a delivery that belongs to no check, flip, channel or project: it cannot be told who is to know what. */
const cutOff = (key: Value): StoreError =>
  Row.damage(
    { table: "deliveries", record: `the alert with the key ${Number(key)}`, column: "check_key" },
    "with flip, channel_key and project it leads to no record",
  )

/** Gives up what waits for channels that are disabled, unless nobody can tell why. */
const bury = Effect.fnUntraced(function* (connection: Connection, now: Instant) {
  // Mostly there is none, which is found out without a look at all that waits.
  const disabled = yield* connection.query(waitingToDisabled)
  yield* connection.execute(
    dying,
    disabled.flatMap(([channel, value]) => {
      const why = Row.readable(() => Channels.disabledFor(value))
      return why === undefined ? [] : [[now, why, channel!, now]]
    }),
  )
})

const waitingToDisabled = `SELECT h.key, h.disabled FROM channels h WHERE h.disabled IS NOT NULL
  AND EXISTS (SELECT 1 FROM deliveries d WHERE d.status = 'pending' AND d.channel_key = h.key)`
const dying = `UPDATE deliveries SET status = 'dead', cause = 'disabled', is_leased = 0, settled_at = ?, error = ?
  WHERE status = 'pending' AND channel_key = ? AND (is_leased = 0 OR due_at <= ?)`

/** Returns how many checks are down in each of the projects that claimed deliveries belong to, by the project's key. */
const countDown = Effect.fnUntraced(function* (connection: Connection, rows: readonly Values[]) {
  const projects = [...new Set(rows.map(([, project]) => project!))]
  if (projects.length === 0) return new Map<Values[number] | undefined, number>()
  const counts = yield* Row.query(
    connection,
    "SELECT count(*) FROM checks WHERE project = ? AND status = 'down'",
    projects.map((project) => [project]),
    ([count]) => Row.integer(count, "count"),
  )
  return new Map(projects.map((project, index) => [project, counts[index]!]))
})

/** Returns what finds the holder of a check, given the key of its project. Most checks depend on none, and cost nothing. */
const holdersIn = (connection: Connection) => {
  const known = new Map<Values[number], Dependence.Holder>()
  return Effect.fnUntraced(function* (check: Check, project: Values[number]) {
    if (check.details.after === "") return undefined
    let holder = known.get(project)
    if (holder === undefined) {
      holder = Dependence.among(yield* Checks.down(connection, project))
      known.set(project, holder)
    }
    const found = holder(check)
    return found === undefined ? undefined : title(found)
  })
}

/**
 * Returns the keys of deliveries that are due and have their turn: of each channel as many as may be sent at once, the
 * oldest first. When there is not room for all, channels take turns, and those to which the least is under way begin.
 */
const inTurn = Effect.fnUntraced(function* (
  connection: Connection,
  flavour: Flavour,
  { now, limit, lease }: Request,
) {
  // The end of the lease says when an attempt began.
  const slowUntil = now - Limits.slowAfter + lease
  const sending = yield* Row.query(connection, beingSent, [[slowUntil, now]], ([count, slow, ...route]) => ({
    count: Row.integer(count, "count"),
    slow: Row.integer(slow, "slow"),
    route: readRoute(route, now),
  }))
  const counted = () => {
    const underWay = new Turns.UnderWay()
    for (const { route, count, slow } of sending) underWay.add(route, count, slow)
    return underWay
  }
  // The first that has its turn of each channel. Of more channels than may be claimed, the last get nothing.
  const rows = yield* Row.query(connection, headsInTurn, [[now, now]], ([dueAt, key, ...route]) => ({
    key: key!,
    // A delivery to no channel has no head.
    head:
      route[0] === null
        ? undefined
        : {
            ...readRoute(route, now),
            dueAt: Row.number(dueAt, "due_at"),
            n: Row.integer(key, "key"),
          },
  }))
  const severed = rows.flatMap(({ key, head }) => (head === undefined ? [key] : []))
  const heads = rows.flatMap(({ head }) => head ?? [])
  const channels = new Map(Turns.choose(heads, counted(), limit).map((head) => [head.channel, head]))
  /** What has its turn of channels, of each at most so many. */
  const look = (lock: string, wanted: readonly (readonly [channel: number, most: number])[]) =>
    Row.query(
      connection,
      ofChannel + lock,
      wanted.map(([channel, most]) => [now, now, channel, most]),
      (row) => ({
        ...channels.get(Row.integer(row[2], "channel_key"))!,
        dueAt: Row.number(row[1], "due_at"),
        n: Row.integer(row[0], "key"),
      }),
    )
  const rooms = counted()
  const found = yield* look(
    "",
    Array.from(channels, ([channel, head]) => [channel, Math.min(rooms.room(head), limit)] as const),
  )
  const chosen = Turns.choose(found, counted(), limit)
  const lock = flavour.lock("d", false)
  if (lock === "") return { due: chosen.map(({ n }) => n), severed }
  // Others may be claiming the same: of each channel as many are locked as are taken, and no more.
  const shares = Map.groupBy(chosen, ({ channel }) => channel)
  const locked = yield* look(
    lock,
    Array.from(shares, ([channel, share]) => [channel, share.length] as const),
  )
  return { due: Turns.choose(locked, counted(), limit).map(({ n }) => n), severed }
})

/** The columns of a channel `h` that say where its deliveries go. */
const route = "h.key, h.project, h.failing_since, h.last_success"

const readRoute = ([channel, project, failing, success]: Values, now: Instant) => {
  // A channel with a damaged time or project has its turn as any other: it is left out where its row is read whole.
  const [failingSince, lastSuccess] = [failing, success].map((at) =>
    typeof at === "number" ? at : undefined,
  )
  const known = Turns.knownOf({ failingSince, lastSuccess }, now)
  return { channel: Row.integer(channel, "key"), project: Row.number(project, "project"), ...known }
}

/** How many deliveries to each channel are being sent, and how many of them are slow. */
const beingSent = `SELECT s.count, s.slow, ${route} FROM (
    SELECT channel_key, count(*) AS count, count(CASE WHEN due_at <= ? THEN 1 END) AS slow FROM deliveries
    WHERE status = 'pending' AND is_leased = 1 AND due_at > ? GROUP BY channel_key
  ) s JOIN channels h ON h.key = s.channel_key`

/**
 * What is due and has its turn: nothing older goes from its check to its channel, and nothing younger is being sent (which
 * happens when a dead delivery is tried again).
 */
const isInTurn = `d.status = 'pending' AND d.due_at <= ?
  AND NOT EXISTS (SELECT 1 FROM deliveries o
    WHERE o.status = 'pending' AND o.check_key = d.check_key AND o.channel_key = d.channel_key AND o.key < d.key)
  AND NOT EXISTS (SELECT 1 FROM deliveries o
    WHERE o.status = 'pending' AND o.check_key = d.check_key AND o.channel_key = d.channel_key AND o.key > d.key
      AND o.is_leased = 1 AND o.due_at > ?)`

/** What is due to a channel and has its turn, the oldest first. */
const ofChannel = `SELECT d.key, d.due_at, d.channel_key FROM deliveries d
  WHERE ${isInTurn} AND d.channel_key = ? ORDER BY d.due_at, d.key LIMIT ?`

/** Channels to which something has its turn, found by skipping from one to the next, however much there is to each. */
const headsInTurn = `WITH RECURSIVE waiting (channel_key) AS (
    SELECT min(channel_key) FROM deliveries WHERE status = 'pending'
    UNION ALL
    SELECT (SELECT min(n.channel_key) FROM deliveries n
      WHERE n.status = 'pending' AND n.channel_key > waiting.channel_key)
    FROM waiting WHERE waiting.channel_key IS NOT NULL
  ), first (channel_key, key) AS (
    SELECT w.channel_key, (SELECT d.key FROM deliveries d
      WHERE ${isInTurn} AND d.channel_key = w.channel_key ORDER BY d.due_at, d.key LIMIT 1)
    FROM waiting w WHERE w.channel_key IS NOT NULL
  )
  SELECT d.due_at, d.key, ${route}
  FROM first JOIN deliveries d ON d.key = first.key LEFT JOIN channels h ON h.key = first.channel_key`
