/** The statements about checks; `CheckRow` reads and writes their rows. */
import type * as Check from "@overdue/core/Check"
import type { ChecksFilter } from "@overdue/core/Store"
import type { Instant } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import type { Connection, Database, Row as Values, Transaction, Value } from "../Connection.ts"
import type { Flavour } from "../Flavour.ts"
import * as Many from "../Many.ts"
import * as Row from "../Row.ts"
import * as Walk from "../Walk.ts"
import * as CheckRow from "./CheckRow.ts"
import * as Serials from "./Serials.ts"

/** Returns the checks with these ids; an id that no check has is left out. */
export const byIds = (connection: Connection, ids: readonly string[]) =>
  Row.query(
    connection,
    withIds,
    ids.map((id) => [id]),
    CheckRow.read,
  )

const withIds = Many.select(CheckRow.selectionOfAny, "c.id", "text")

/** Returns the oldest check with a badge key; `undefined` when no check has it. */
export const byBadgeKey = (connection: Connection, badgeKey: string) =>
  Row.first(
    connection,
    `${CheckRow.selectionOfAny} WHERE c.badge_key = ? ORDER BY c.key LIMIT 1`,
    [badgeKey],
    CheckRow.read,
  )

/**
 * Returns the checks of a project in order of creation: all of them, or those with the slug that the filter names. Those
 * with the ids that it names come in their order.
 */
export const ofProject = (connection: Connection, project: string, { ids, slug }: ChecksFilter) => {
  const conditions = ["p.id = ?", ...(slug === undefined ? [] : ["c.slug = ?"])]
  const parameters = slug === undefined ? [project] : [project, slug]
  return ids === undefined
    ? Walk.list(
        connection,
        { selection: CheckRow.selection, conditions, parameters, key: ["c.key"], keyAt: CheckRow.keyAt },
        CheckRow.read,
      )
    : Row.list(
        connection,
        `${CheckRow.selection} WHERE ${[...conditions, "c.id = ?"].join(" AND ")}`,
        ids.map((id) => [...parameters, id]),
        CheckRow.read,
      )
}

/** Returns the checks of a project, by its key, that are down, in order of creation. */
export const down = (connection: Connection, project: Value) =>
  Effect.map(
    Row.list(
      connection,
      `${CheckRow.selection} WHERE c.project = ? AND c.status = 'down' ORDER BY c.key`,
      [[project]],
      CheckRow.read,
    ),
    ({ found }) => found.map(({ check }) => check),
  )

/**
 * Returns the ids of at most `limit` checks whose deadline is at or before `now`, the oldest deadline first. Checks whose
 * `look_at` comes before their deadline get it as their `look_at` on the way, a few in each transaction so that pings
 * come between; then the order of `look_at` is the order of deadlines. Those that no clock ever reaches come last: their
 * records are damaged, which whoever settles them finds out.
 */
export const due = Effect.fnUntraced(function* (
  database: Database,
  flavour: Flavour,
  { now, limit }: { readonly now: Instant; readonly limit: number },
) {
  const statement = looking + flavour.lock("checks", false)
  while (true) {
    const looked = yield* Row.query(database, statement, [[now, limit]], readLook)
    const early = looked.filter(({ lookAt, deadline }) => lookAt !== deadline)
    if (early.length === 0) {
      const most = limit - looked.length
      const never = most > 0 ? yield* Row.query(database, neverLooked, [[most]], readLook) : []
      return [...looked, ...never].map(({ id }) => id)
    }
    yield* database.execute(
      moving,
      early.map(({ key }) => [key]),
    )
  }
})

const moving: Many.Many = {
  one: "UPDATE checks SET look_at = deadline WHERE key = ?",
  all: `UPDATE checks SET look_at = deadline WHERE key IN (SELECT key FROM checks
    WHERE key = ANY ($1::bigint[]) ORDER BY key FOR NO KEY UPDATE SKIP LOCKED)`,
}

const looking =
  "SELECT key, id, look_at, deadline FROM checks WHERE look_at <= ? ORDER BY look_at, key LIMIT ?"

const neverLooked = `SELECT key, id, look_at, deadline FROM checks WHERE look_at > ${Row.last} ORDER BY look_at LIMIT ?`

const readLook = ([key, id, lookAt, deadline]: Values) => ({
  key: Row.integer(key, "key"),
  id: Row.text(id, "id"),
  lookAt: Row.number(lookAt, "look_at"),
  deadline: Row.optional(Row.number, deadline, "deadline"),
})

/** Inserts checks, in a transaction, and returns their keys and those of their projects, by their ids. */
export const insert = Effect.fnUntraced(function* (connection: Connection, checks: readonly Check.Check[]) {
  const serials = new Map<string, number[]>()
  for (const [project, those] of Map.groupBy(checks, (check) => check.project)) {
    serials.set(project, yield* Serials.next(connection, "check", project, those.length))
  }
  const inserted = yield* Row.query(
    connection,
    insertion,
    checks.map((check) => [
      check.project,
      check.id,
      check.badgeKey,
      check.createdAt,
      ...CheckRow.plan(check),
      ...CheckRow.heard(check.state),
      ...CheckRow.standing(check.state),
      Row.orNull(check.state.deadline),
      serials.get(check.project)?.shift() ?? 0,
    ]),
    ([id, key, project]) =>
      [
        Row.text(id, "id"),
        { key: Row.integer(key, "key"), project: Row.integer(project, "project") },
      ] as const,
  )
  return new Map(inserted)
})

const givenColumns = [
  "id",
  "badge_key",
  "created_at",
  ...Object.keys(CheckRow.writtenColumns),
  ...Object.keys(CheckRow.heardColumns),
  ...Object.keys(CheckRow.standingColumns),
  "look_at",
  "serial",
]
const insertion = `INSERT INTO checks (project, ${givenColumns.join(", ")})
  VALUES ((SELECT key FROM projects WHERE id = ?), ${givenColumns.map(() => "?").join(", ")})
  RETURNING id, key, project`

/** A loaded check that changed, and the key of the newest ping in its log. */
export interface Changed {
  readonly stored: CheckRow.Stored
  readonly check: Check.Check
  readonly lastLogged: number | undefined
}

/**
 * Writes loaded checks that changed: of each what signals change, and the rest of its state, its details and policy, and its
 * `look_at`, when they changed. Each column of a row that is written costs.
 */
export const update = Effect.fnUntraced(function* (connection: Transaction, changed: readonly Changed[]) {
  const updates = updatings.map((): Values[] => [])
  for (const { stored, check, lastLogged } of changed) {
    const { state, details, policy, updatedAt } = stored.check
    const { deadline } = check.state
    const parts = {
      standing: !CheckRow.isSameStanding(state, check.state),
      plan: check.details !== details || check.policy !== policy || check.updatedAt !== updatedAt,
      look: isToLookAnew(stored.lookAt, deadline),
    }
    const values = [
      ...CheckRow.heard(check.state),
      ...(parts.standing ? CheckRow.standing(check.state) : []),
      ...(parts.plan ? CheckRow.plan(check) : []),
      ...(parts.look ? [Row.orNull(deadline)] : []),
      Row.orNull(lastLogged),
      stored.key,
    ]
    updates[placeOf(parts)]!.push(values)
  }
  // Always in one order, so that there are few ways in which they go together.
  for (const [place, each] of updates.entries())
    if (each.length > 0) yield* connection.send(updatings[place]!, each)
})

/** Whether `look_at` must be written: not when the deadline only moved on, which `due` makes good. */
const isToLookAnew = (lookAt: Instant | undefined, deadline: Instant | undefined): boolean =>
  deadline === undefined ? lookAt !== undefined : lookAt === undefined || deadline < lookAt

/** Which parts of a check are written beside what signals change. */
interface Parts {
  readonly standing: boolean
  readonly plan: boolean
  readonly look: boolean
}

/** Returns the place in `updatings` of what writes some parts. */
const placeOf = ({ standing, plan, look }: Parts): number =>
  Number(standing) + 2 * Number(plan) + 4 * Number(look)

const updatings = Array.from({ length: 8 }, (_, parts) => {
  const columns = {
    ...CheckRow.heardColumns,
    ...(parts & 1 && CheckRow.standingColumns),
    ...(parts & 2 && CheckRow.writtenColumns),
    ...(parts & 4 && ({ look_at: "integer" } as const)),
    last_logged: "integer",
  } as const
  return Many.apart(Many.update("checks", columns, { key: "integer" }))
})

/** Writes, for checks of which nothing else changed, the keys of the newest pings in their logs. */
export const noteLogged = (
  connection: Transaction,
  newest: readonly (readonly [check: number, ping: number])[],
) =>
  connection.send(
    noting,
    newest.map(([check, ping]) => [ping, check]),
  )

const noting = Many.apart(Many.update("checks", { last_logged: "integer" }, { key: "integer" }))

/** Unassigns a channel from the checks of its project. */
export const withdrawChannel = Effect.fnUntraced(function* (
  connection: Connection,
  flavour: Flavour,
  { project, channel }: { readonly project: number; readonly channel: string },
) {
  const assigned = yield* Row.query(
    connection,
    `SELECT key, channels FROM checks WHERE project = ? AND channels IS NOT NULL${flavour.lock("checks", true)}`,
    [[project]],
    ([key, channels]) => ({ key: Row.integer(key, "key"), channels: CheckRow.readChannels(channels) }),
  )
  yield* connection.execute(
    "UPDATE checks SET channels = ? WHERE key = ?",
    assigned
      .filter(({ channels }) => channels.includes(channel))
      .map(({ key, channels }) => [
        CheckRow.writeChannels(channels.filter((other) => other !== channel)),
        key,
      ]),
  )
})
