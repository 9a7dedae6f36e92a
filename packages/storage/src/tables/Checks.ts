/** Checks in SQL. Their policy is one text; their state is one column a field, so that a ping writes only those. */
import type * as Check from "@overdue/core/Check"
import type { ChecksFilter, Match, SlugKey } from "@overdue/core/Store"
import type { Instant } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import type { Connection, Database, Row as Values, Value } from "../Connection.ts"
import type { Flavour } from "../Flavour.ts"
import * as PolicyText from "../PolicyText.ts"
import * as Row from "../Row.ts"

/** A check as it is stored, and what the tables around it need to know of it. */
export interface Stored {
  readonly key: number
  /** Key of its project. */
  readonly project: number
  readonly pingLogLimit: number
  /**
   * When the check must be looked at; never later than its deadline. Most pings only move the deadline on, and leave
   * this and its index alone: that saves a third of what a ping writes.
   */
  readonly lookAt: Instant | undefined
  /** Key of the newest ping in its log. */
  readonly lastLogged: number | undefined
  readonly check: Check.Check
}

const stateColumns = [
  "status",
  "last_ping",
  "last_success",
  "last_duration",
  "pings",
  "flips",
  "runs",
  "failed_outcomes",
  "outcomes",
  "anchor",
  "deadline",
  "told_at",
  "as_of",
]
const planColumns = ["name", "slug", "tags", "description", "channels", "extension", "policy"]
const ownColumns = [
  "key",
  "project",
  "id",
  "badge_key",
  "created_at",
  ...planColumns,
  ...stateColumns,
  "look_at",
  "last_logged",
]

/** What `read` reads: of checks `c`, and of the projects `p` that they belong to. */
export const columns = `p.id, p.ping_log_limit, ${ownColumns.map((column) => `c.${column}`).join(", ")}`
const tables = "checks c JOIN projects p ON p.key = c.project"

const status = Row.word<Check.Status>({ new: true, up: true, down: true, paused: true })

/** By hand and by position: this is read for every ping, and a schema would cost more than the database does. */
export const read = (row: Values): Stored => {
  const [projectId, pingLogLimit, key, project, id, badgeKey, createdAt] = row
  return {
    key: Row.integer(key),
    project: Row.integer(project),
    pingLogLimit: Row.integer(pingLogLimit),
    lookAt: Row.optional(Row.integer, row[27]),
    lastLogged: Row.optional(Row.integer, row[28]),
    check: {
      id: Row.text(id),
      project: Row.text(projectId),
      badgeKey: Row.text(badgeKey),
      createdAt: Row.integer(createdAt),
      details: {
        name: Row.text(row[7]),
        slug: Row.text(row[8]),
        tags: Row.text(row[9]),
        description: Row.text(row[10]),
        channels: readChannels(row[11]),
        extension: readExtension(row[12]),
      },
      policy: PolicyText.decode(Row.text(row[13])),
      state: {
        status: status(row[14]),
        lastPing: Row.optional(Row.integer, row[15]),
        lastSuccess: Row.optional(Row.integer, row[16]),
        lastDuration: Row.optional(Row.integer, row[17]),
        pings: Row.integer(row[18]),
        flips: Row.integer(row[19]),
        runs: readRuns(row[20]),
        outcomes: { failed: Row.integer(row[21]), count: Row.integer(row[22]) },
        anchor: Row.optional(Row.integer, row[23]),
        deadline: Row.optional(Row.integer, row[24]),
        toldAt: Row.optional(Row.integer, row[25]),
        asOf: Row.integer(row[26]),
      },
    },
  }
}

/** Returns the checks with these ids; an id that no check has is left out. */
export const byIds = (connection: Connection, ids: readonly string[]) => withIds(connection, ids, "")

/** Locks the checks with these ids and returns them; an id that no check has is left out. */
export const lockByIds = (connection: Connection, flavour: Flavour, ids: readonly string[]) =>
  withIds(connection, ids, flavour.lock("c", true))

/** Sorted, so that two units of work that lock the same checks cannot wait for each other. */
const withIds = (connection: Connection, ids: readonly string[], lock: string) =>
  Row.query(
    connection,
    `SELECT ${columns} FROM ${tables} WHERE c.id = ?${lock}`,
    ids.toSorted().map((id) => [id]),
    read,
  )

export const byBadgeKey = (connection: Connection, badgeKey: string) =>
  Row.first(
    connection,
    `SELECT ${columns} FROM ${tables} WHERE c.badge_key = ? ORDER BY c.key LIMIT 1`,
    [badgeKey],
    read,
  )

/** Locks the checks of a project that have a slug, and returns them in order of creation. */
export const lockBySlug = (connection: Connection, flavour: Flavour, key: SlugKey) =>
  withSlug(connection, key, flavour.lock("c", true))

const withSlug = (connection: Connection, { project, slug }: SlugKey, lock: string) =>
  Row.query(
    connection,
    `SELECT ${columns} FROM ${tables} WHERE p.id = ? AND c.slug = ? ORDER BY c.key${lock}`,
    [[project, slug]],
    read,
  )

/**
 * Locks the checks of a project that may match and returns them in order of creation. They have the name, the slug and
 * the tags that are asked for; whether the rest matches is for the caller to see.
 */
export const lockByMatch = (connection: Connection, flavour: Flavour, match: Match) => {
  const { project, name, slug, tags } = match
  const where = ["p.id = ?"]
  const parameters: Value[] = [project]
  for (const [column, value] of Object.entries({ name, slug, tags })) {
    if (value === undefined) continue
    where.push(`c.${column} = ?`)
    parameters.push(value)
  }
  return Row.query(
    connection,
    `SELECT ${columns} FROM ${tables} WHERE ${where.join(" AND ")} ORDER BY c.key${flavour.lock("c", true)}`,
    [parameters],
    read,
  )
}

export const ofProject = (connection: Connection, project: string, { slug }: ChecksFilter) =>
  slug === undefined
    ? Row.query(
        connection,
        `SELECT ${columns} FROM ${tables} WHERE p.id = ? ORDER BY c.key`,
        [[project]],
        read,
      )
    : withSlug(connection, { project, slug }, "")

/**
 * Checks whose deadline has passed, the oldest first. What would be looked at too early is put off on the way, a few at a
 * time so that pings come between; then the order of looking is the order of deadlines.
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
    if (early.length === 0) return looked.map(({ id }) => id)
    yield* database.execute(
      "UPDATE checks SET look_at = deadline WHERE key = ?",
      early.map(({ key }) => [key]),
    )
  }
})

const looking =
  "SELECT key, id, look_at, deadline FROM checks WHERE look_at <= ? ORDER BY look_at, key LIMIT ?"

const readLook = ([key, id, lookAt, deadline]: Values) => ({
  key: Row.integer(key),
  id: Row.text(id),
  lookAt: Row.integer(lookAt),
  deadline: Row.optional(Row.integer, deadline),
})

/** Inserts checks, and gives the keys that they got. */
export const insert = (connection: Connection, checks: readonly Check.Check[]) =>
  Row.query(
    connection,
    insertion,
    checks.map((check) => [
      check.project,
      check.id,
      check.badgeKey,
      check.createdAt,
      ...plan(check),
      ...state(check.state),
      Row.orNull(check.state.deadline),
    ]),
    ([id, key, project]) => ({ id: Row.text(id), key: Row.integer(key), project: Row.integer(project) }),
  )

const givenColumns = ["id", "badge_key", "created_at", ...planColumns, ...stateColumns, "look_at"]
const insertion = `INSERT INTO checks (project, ${givenColumns.join(", ")})
  VALUES ((SELECT key FROM projects WHERE id = ?), ${givenColumns.map(() => "?").join(", ")})
  RETURNING id, key, project`

/** A loaded check that changed, and the key of the newest ping in its log. */
export interface Changed {
  readonly stored: Stored
  readonly check: Check.Check
  readonly lastLogged: number | undefined
}

/** Writes loaded checks that changed: of each only the columns that did. */
export const update = Effect.fnUntraced(function* (connection: Connection, changed: readonly Changed[]) {
  const updates = new Map<string, Values[]>()
  for (const { stored, check, lastLogged } of changed) {
    const { details, policy } = stored.check
    const { deadline } = check.state
    const isSamePlan = check.details === details && check.policy === policy
    const isSameLook = !isToLookAnew(stored.lookAt, deadline)
    const values = [
      ...state(check.state),
      ...(isSamePlan ? none : plan(check)),
      ...(isSameLook ? none : [Row.orNull(deadline)]),
      Row.orNull(lastLogged),
      stored.key,
    ]
    const statement = isSamePlan
      ? isSameLook
        ? updateState
        : updateStateAndLook
      : isSameLook
        ? updatePlan
        : updatePlanAndLook
    const others = updates.get(statement)
    if (others === undefined) updates.set(statement, [values])
    else others.push(values)
  }
  for (const [statement, each] of updates) yield* connection.execute(statement, each)
})

/** Unless the deadline only moved on: that is left to the next look. */
const isToLookAnew = (lookAt: Instant | undefined, deadline: Instant | undefined): boolean =>
  deadline === undefined ? lookAt !== undefined : lookAt === undefined || deadline < lookAt

const setting = (names: readonly string[]): string =>
  `UPDATE checks SET ${[...names, "last_logged"].map((column) => `${column} = ?`).join(", ")} WHERE key = ?`
const updateState = setting(stateColumns)
const updateStateAndLook = setting([...stateColumns, "look_at"])
const updatePlan = setting([...stateColumns, ...planColumns])
const updatePlanAndLook = setting([...stateColumns, ...planColumns, "look_at"])

/** Writes the keys of the newest pings in the logs of checks that did not change otherwise. */
export const noteLogged = (
  connection: Connection,
  newest: readonly (readonly [check: number, ping: number])[],
) =>
  connection.execute(
    "UPDATE checks SET last_logged = ? WHERE key = ?",
    newest.map(([check, ping]) => [ping, check]),
  )

/** Deletes checks, and gives the keys of the newest pings in the logs that they leave. */
export const remove = (connection: Connection, ids: readonly string[]) =>
  Effect.map(
    Row.query(
      connection,
      "DELETE FROM checks WHERE id = ? RETURNING last_logged",
      ids.map((id) => [id]),
      ([lastLogged]) => Row.optional(Row.integer, lastLogged),
    ),
    (newest) => newest.filter((key) => key !== undefined),
  )

/** Takes a channel from the checks of a project. */
export const withdrawChannel = Effect.fnUntraced(function* (
  connection: Connection,
  flavour: Flavour,
  { project, channel }: { readonly project: number; readonly channel: string },
) {
  const assigned = yield* Row.query(
    connection,
    `SELECT key, channels FROM checks WHERE project = ? AND channels IS NOT NULL${flavour.lock("checks", true)}`,
    [[project]],
    ([key, channels]) => ({ key: Row.integer(key), channels: readChannels(channels) }),
  )
  yield* connection.execute(
    "UPDATE checks SET channels = ? WHERE key = ?",
    assigned
      .filter(({ channels }) => channels.includes(channel))
      .map(({ key, channels }) => [writeChannels(channels.filter((other) => other !== channel)), key]),
  )
})

const plan = ({ details, policy }: Check.Check): Values => [
  details.name,
  details.slug,
  details.tags,
  details.description,
  writeChannels(details.channels),
  writeExtension(details.extension),
  PolicyText.encode(policy),
]

const state = (self: Check.State): Values => [
  self.status,
  Row.orNull(self.lastPing),
  Row.orNull(self.lastSuccess),
  Row.orNull(self.lastDuration),
  self.pings,
  self.flips,
  writeRuns(self.runs),
  self.outcomes.failed,
  self.outcomes.count,
  Row.orNull(self.anchor),
  Row.orNull(self.deadline),
  Row.orNull(self.toldAt),
  self.asOf,
]

const none: readonly never[] = []

const writeChannels = (channels: readonly string[]): string | null =>
  channels.length === 0 ? null : channels.join(" ")

const readChannels = (value: Value | undefined): readonly string[] =>
  value === null ? none : Row.text(value).split(" ")

type Extension = Check.Details["extension"]

const noExtension: Extension = {}

const writeExtension = (extension: Extension): string | null =>
  Object.keys(extension).length === 0 ? null : JSON.stringify(extension)

const readExtension = (value: Value | undefined): Extension =>
  value === null ? noExtension : (Row.json(value, "the extension of a check") as Extension) // safe because only `writeExtension` writes it

const writeRuns = (runs: readonly Check.Run[]): string | null =>
  runs.length === 0
    ? null
    : JSON.stringify(runs.map(({ rid, startedAt, overran }) => [rid ?? null, startedAt, overran ? 1 : 0]))

const readRuns = (value: Value | undefined): readonly Check.Run[] => {
  if (value === null) return none
  const runs = Row.json(value, "the open runs of a check") as readonly Values[] // safe because only `writeRuns` writes it
  return runs.map(([rid, startedAt, overran]) => ({
    rid: Row.optional(Row.text, rid),
    startedAt: Row.integer(startedAt),
    overran: Row.flag(overran),
  }))
}
