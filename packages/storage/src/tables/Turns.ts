/** The statements about turns: when the probes of checks are due, and who asks. */
import type * as Check from "@overdue/core/Check"
import * as Turn from "@overdue/core/probe/Turn"
import { minute, type Instant } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import type { Connection } from "../Connection.ts"
import type { Flavour } from "../Flavour.ts"
import * as Many from "../Many.ts"
import * as Row from "../Row.ts"
import * as CheckRow from "./CheckRow.ts"

/** A check whose turns are to be as its probe says. */
export interface Owner {
  readonly key: number
  readonly check: Check.Check
}

/** The project of probers that serve all. */
const every = 0

/** Whether a turn has a prober, which asks for its region and for its project or all. */
const isServed = `EXISTS (SELECT 1 FROM probers r JOIN checks c ON c.key = turns.check_key
  WHERE r.region = turns.region AND r.project IN (${every}, c.project))`

/** Hands turns over to their probers: those of a check, or of a region. */
const handOver = (which: "check_key" | "region"): string =>
  `UPDATE turns SET queue = region WHERE ${which} = ? AND queue = '' AND ${isServed}`

/** Takes the turns of a region back that have no prober any more. */
const takeBack = `UPDATE turns SET queue = '' WHERE region = ? AND queue <> '' AND NOT ${isServed}`

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
  const rows = owners.flatMap(({ key, check }) =>
    Turn.labelsOf(check).map(
      (region) => [key, region, check.policy.probe?.every ?? minute, check.updatedAt] as const,
    ),
  )
  if (rows.length === 0) return
  yield* connection.execute(
    "INSERT INTO turns (check_key, region, every, queue, due_at) VALUES (?, ?, ?, '', ?)",
    rows,
  )
  const labelled = new Set(rows.flatMap(([key, region]) => (region === "" ? [] : [key])))
  if (labelled.size > 0)
    yield* connection.execute(
      handOver("check_key"),
      [...labelled].map((key) => [key]),
    )
})

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
    taking,
    due.map(({ key, region, every, id }) => [Turn.next(id, every, now), key, region]),
  )
  const regions = Map.groupBy(due, ({ id }) => id)
  const { found, damaged } = yield* Row.list(
    connection,
    asked,
    [...regions.keys()].map((id) => [id]),
    CheckRow.read,
  )
  const checks = new Map(found.map(({ check }) => [check.id, check]))
  // In the order in which they are due.
  const turns = Array.from(regions).flatMap(([id, own]): readonly Turn.Turn[] => {
    const check = checks.get(id)
    if (check === undefined) return []
    return [{ check, at: Turn.slotAt(id, own[0]!.every, now), regions: own.map(({ region }) => region) }]
  })
  return { found: turns, damaged }
})

const taking = Many.update("turns", { due_at: "integer" }, { check_key: "integer", region: "text" })
const asked = Many.select(CheckRow.selectionOfAny, "c.id", "text")

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
  if (known === undefined) yield* connection.execute(handOver("region"), [[region]])
})

/** Cuts to `now` what a clock recorded that was ahead: else nothing would be asked until then. */
export const turnBack = Effect.fnUntraced(function* (connection: Connection, now: Instant) {
  yield* connection.execute("UPDATE turns SET due_at = ? WHERE due_at > ? + 2 * every", [[now, now]])
  yield* connection.execute("UPDATE probers SET asked_at = ? WHERE asked_at > ?", [[now, now]])
})

const isNamed = (connection: Connection, { project, region }: Omit<Place, "now">) =>
  Effect.map(
    connection.query(`SELECT 1 FROM turns WHERE region = ?${project === every ? "" : ofProject} LIMIT 1`, [
      project === every ? [region] : [region, project],
    ]),
    (rows) => rows.length > 0,
  )

const ofProject = " AND check_key IN (SELECT key FROM checks WHERE project = ?)"

/** Forgets probers that have not asked for long, so that their checks are asked at all; another may serve the same region. */
const forget = Effect.fnUntraced(function* (connection: Connection, now: Instant) {
  const gone = yield* Row.query(
    connection,
    "DELETE FROM probers WHERE asked_at < ? RETURNING region",
    [[now - Turn.patience]],
    ([region]) => Row.text(region, "region"),
  )
  if (gone.length > 0)
    yield* connection.execute(
      takeBack,
      [...new Set(gone)].map((region) => [region]),
    )
})
