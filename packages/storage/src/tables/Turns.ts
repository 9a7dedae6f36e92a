/** The statements about turns: when the probes of checks are due, and who asks. */
import type * as Check from "@overdue/core/Check"
import * as Turn from "@overdue/core/probe/Turn"
import { minute, type Instant } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import type { Connection } from "../Connection.ts"
import type { Flavour } from "../Flavour.ts"
import * as Row from "../Row.ts"
import * as CheckRow from "./CheckRow.ts"

/** A check whose turns are to be as its probe says. */
export interface Owner {
  readonly key: number
  /** Key of its project. */
  readonly project: number
  readonly check: Check.Check
}

/** The project of probers that serve all. */
const every = 0

/** Writes the turns of checks that are new, or are asked otherwise than before: each is due at once. */
export const write = Effect.fnUntraced(function* (
  connection: Connection,
  owners: readonly Owner[],
  areNew: boolean,
) {
  if (!areNew) {
    yield* connection.execute(
      "DELETE FROM turns WHERE check_key = ?",
      owners.map(({ key }) => [key]),
    )
  }
  const rows = owners.flatMap(({ key, project, check }) =>
    Turn.labelsOf(check).map((region) => [
      key,
      region,
      check.policy.probe?.every ?? minute,
      region,
      region,
      project,
      region,
      check.updatedAt,
    ]),
  )
  if (rows.length > 0) yield* connection.execute(insertion, rows)
})

const insertion = `INSERT INTO turns (check_key, region, every, queue, due_at) VALUES (?, ?, ?,
  CASE WHEN ? <> '' AND EXISTS (SELECT 1 FROM probers WHERE region = ? AND project IN (${every}, ?)) THEN ? ELSE '' END, ?)`

/**
 * Whether a claim may find or change anything: an engine asks for its turns several times a second, and takes no lock for
 * nothing.
 */
export const isAny = (connection: Connection, { now, prober }: Turn.Claim) =>
  prober !== undefined
    ? Effect.succeed(true)
    : Effect.map(
        connection.query(
          `SELECT 1 WHERE EXISTS (SELECT 1 FROM turns WHERE queue = '' AND due_at <= ?)
          OR EXISTS (SELECT 1 FROM probers WHERE asked_at < ?)`,
          [[now, now - Turn.patience]],
        ),
        (rows) => rows.length > 0,
      )

/** Claims turns, in a transaction. */
export const claim = Effect.fnUntraced(function* (
  connection: Connection,
  flavour: Flavour,
  { now, limit, prober }: Turn.Claim,
) {
  yield* forget(connection, now)
  const project = prober?.project === undefined ? every : yield* keyOf(connection, prober.project)
  // A project that is gone has nothing to ask.
  if (project === undefined) return { found: [], damaged: [] }
  if (prober !== undefined) yield* note(connection, { project, region: prober.region, now })
  const due = yield* Row.query(
    connection,
    `SELECT t.check_key, t.region, t.every, c.id FROM turns t JOIN checks c ON c.key = t.check_key
    WHERE t.queue = ? AND t.due_at <= ?${project === every ? "" : " AND c.project = ?"}
    ORDER BY t.due_at, t.check_key LIMIT ?${flavour.lock("t", false)}`,
    [[prober?.region ?? "", now, ...(project === every ? [] : [project]), limit]],
    ([key, region, every, id]) => ({
      key: Row.integer(key, "check_key"),
      region: Row.text(region, "region"),
      every: Row.span(every, "every"),
      id: Row.text(id, "id"),
    }),
  )
  if (due.length === 0) return { found: [], damaged: [] }
  yield* connection.execute(
    "UPDATE turns SET due_at = ? WHERE check_key = ? AND region = ?",
    due.map(({ key, region, every, id }) => [Turn.next(id, every, now), key, region]),
  )
  const regions = Map.groupBy(due, ({ id }) => id)
  const { found, damaged } = yield* Row.list(
    connection,
    `${CheckRow.selectionOfAny} WHERE c.id = ?`,
    [...regions.keys()].map((id) => [id]),
    CheckRow.read,
  )
  const turns = found.map(({ check }): Turn.Turn => {
    const own = regions.get(check.id)!
    return {
      check,
      at: Turn.slotAt(check.id, own[0]!.every, now),
      regions: own.map(({ region }) => region),
    }
  })
  return { found: turns, damaged }
})

const keyOf = (connection: Connection, project: string) =>
  Row.first(connection, "SELECT key FROM projects WHERE id = ?", [project], ([key]) =>
    Row.integer(key, "key"),
  )

interface Place {
  readonly project: number
  readonly region: string
  readonly now: Instant
}

/** How exactly it is known when a prober last asked: it asks every few seconds. */
const exactness = minute

/** Notes that a prober asks. The checks of a region are its own from the first time on. */
const note = Effect.fnUntraced(function* (connection: Connection, { project, region, now }: Place) {
  const known = yield* Row.first(
    connection,
    "SELECT asked_at FROM probers WHERE project = ? AND region = ?",
    [project, region],
    ([askedAt]) => Row.number(askedAt, "asked_at"),
  )
  if (known !== undefined && known <= now && known > now - exactness) return
  // Nobody fills the table with regions that no check names.
  if (known === undefined && !(yield* isNamed(connection, { project, region }))) return
  yield* connection.execute(
    `INSERT INTO probers (project, region, asked_at) VALUES (?, ?, ?)
    ON CONFLICT (project, region) DO UPDATE SET asked_at = excluded.asked_at`,
    [[project, region, now]],
  )
  if (known === undefined) yield* move(connection, { project, region }, region)
})

/** Cuts to `now` what a clock recorded that was ahead: else nothing would be asked until then. */
export const turnBack = Effect.fnUntraced(function* (connection: Connection, now: Instant) {
  yield* connection.execute("UPDATE turns SET due_at = ? WHERE due_at > ? + 2 * every", [[now, now]])
  yield* connection.execute("UPDATE probers SET asked_at = ? WHERE asked_at > ?", [[now, now]])
})

const isNamed = (connection: Connection, { project, region }: Omit<Place, "now">) =>
  Effect.map(
    connection.query(`SELECT 1 FROM turns WHERE region = ?${ofProject(project)} LIMIT 1`, [
      [region, ...(project === every ? [] : [project])],
    ]),
    (rows) => rows.length > 0,
  )

const ofProject = (project: number): string =>
  project === every ? "" : " AND check_key IN (SELECT key FROM checks WHERE project = ?)"

/** Hands the turns of a region over to its prober, or back. */
const move = (connection: Connection, { project, region }: Omit<Place, "now">, queue: string) =>
  connection.execute(`UPDATE turns SET queue = ? WHERE region = ?${ofProject(project)}`, [
    [queue, region, ...(project === every ? [] : [project])],
  ])

/** Forgets probers that have not asked for long, so that their checks are asked at all. */
const forget = Effect.fnUntraced(function* (connection: Connection, now: Instant) {
  const gone = yield* Row.query(
    connection,
    "SELECT project, region FROM probers WHERE asked_at < ?",
    [[now - Turn.patience]],
    ([project, region]) => ({ project: Row.integer(project, "project"), region: Row.text(region, "region") }),
  )
  for (const { project, region } of gone) {
    yield* connection.execute("DELETE FROM probers WHERE project = ? AND region = ?", [[project, region]])
    yield* move(connection, { project, region }, "")
    // Another prober may serve the same region.
    yield* connection.execute(
      `UPDATE turns SET queue = region WHERE region = ? AND EXISTS (
        SELECT 1 FROM probers r JOIN checks c ON c.key = turns.check_key
        WHERE r.region = turns.region AND r.project IN (${every}, c.project))`,
      [[region]],
    )
  }
})
