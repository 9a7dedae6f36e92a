/** Locks on checks: of all that a unit of work names in one order, so that two units of work cannot wait for each other. */
import type { Match, SlugKey } from "@overdue/core/UnitOfWork"
import * as UnitOfWork from "@overdue/core/UnitOfWork"
import type { StoreError } from "@overdue/core/Store"
import * as Effect from "effect/Effect"
import type { Connection, Row as Values, Transaction, Value } from "../Connection.ts"
import type { Flavour } from "../Flavour.ts"
import * as Many from "../Many.ts"
import * as Row from "../Row.ts"
import type { CheckKeys } from "./CheckKeys.ts"
import * as CheckRow from "./CheckRow.ts"

/** Which checks are locked. */
export interface Wanted {
  readonly ids: readonly string[]
  readonly slugs: readonly SlugKey[]
  /** Ids of further ones, which are left out when they are damaged. */
  readonly others: readonly string[]
  /** Whether to wait for those that another transaction holds; otherwise they are left out. */
  readonly waits: boolean
  /** What is known of the keys of checks. */
  readonly keys: CheckKeys
}

/** What was locked. */
export interface Locked {
  readonly all: readonly CheckRow.Stored[]
  /** By `slugText`, in order of creation. */
  readonly bySlug: ReadonlyMap<string, readonly CheckRow.Stored[]>
}

/** Begins to lock checks, and returns what waits for them. One that does not exist is left out. */
export const lock = (connection: Transaction, flavour: Flavour, wanted: Wanted) =>
  hasLocks(flavour) ? lockRows(connection, flavour, wanted) : lookUp(connection, wanted)

/** Elsewhere a transaction has the whole database. */
const hasLocks = (flavour: Flavour): boolean => flavour.lock("c", true) !== ""

/** Where the transaction has the whole database, they are only read. */
const lookUp = Effect.fnUntraced(function* (connection: Transaction, { ids, others, slugs }: Wanted) {
  const named = new Set<unknown>(ids)
  const all = others.length === 0 ? ids : [...new Set([...ids, ...others])]
  const rows = [
    ...(yield* connection.query(
      byId,
      all.map((id) => [id]),
    )),
  ]
  if (slugs.length > 0)
    rows.push(
      ...(yield* connection.query(
        bySlug,
        slugs.map(({ project, slug }) => [project, slug]),
      )),
    )
  return Row.reading(() => read(rows, named, slugs))
})

const byId = `${CheckRow.selectionOfAny} WHERE c.id = ?`
const bySlug = `${CheckRow.selection} WHERE p.id = ? AND c.slug = ? ORDER BY c.key`

/** One statement, so that rows are locked in the order of their keys, however they are named. */
const lockRows = (connection: Transaction, flavour: Flavour, wanted: Wanted) => {
  const { ids, others, slugs, waits, keys } = wanted
  const clause = flavour.lock("c", waits)
  const known = slugs.length === 0 && others.length === 0 ? keys.of(ids) : undefined
  return known === undefined
    ? lockNamed(connection, clause, wanted)
    : lockKnown(connection, clause, wanted, known)
}

/** Locks checks by their ids and slugs, and learns their keys. */
const lockNamed = (connection: Transaction, clause: string, { ids, others, slugs, keys }: Wanted) => {
  const named = new Set<unknown>(ids)
  const all = [...new Set([...ids, ...others])]
  const given: readonly Values[] =
    slugs.length === 0
      ? all.map((id) => [id])
      : [...all.map((id) => [id, null, null]), ...slugs.map(({ project, slug }) => [null, project, slug])]
  return Row.ahead(connection, slugs.length === 0 ? lockingById(clause) : locking(clause), given, (rows) => {
    const locked = read(rows, named, slugs)
    keys.learn(locked.all)
    return locked
  })
}

/** Locks checks by their keys; and by their ids when those are not theirs, or are held by others and left out. */
const lockKnown = (connection: Transaction, clause: string, wanted: Wanted, known: readonly number[]) => {
  const { ids, keys } = wanted
  const named = new Set<unknown>(ids)
  return Effect.map(
    connection.ahead(
      lockingByKey(clause),
      known.map((key) => [key]),
    ),
    Effect.flatMap((rows) => {
      if (rows.length === ids.length && rows.every((row) => named.has(row[CheckRow.idAt])))
        return Row.reading(() => read(rows, named, []))
      keys.forget(ids)
      return Effect.flatten(lockNamed(connection, clause, wanted))
    }),
  )
}

const lockingByKey = (lock: string): Many.Many =>
  Many.select(CheckRow.selectionOfAny, "c.key", "integer", { order: "c.key", lock })

const lockingById = (lock: string): Many.Many =>
  Many.select(CheckRow.selectionOfAny, "c.id", "text", { order: "c.key", lock })

const names = `${Many.rows(["text", "text", "text"])} AS given (id, project, slug)`
const locking = (lock: string): Many.Many => ({
  one: `${CheckRow.selectionOfAny} WHERE c.id = ? OR p.id = ? AND c.slug = ?${lock}`,
  all: `${CheckRow.selectionOfAny} WHERE c.key IN (
      SELECT n.key FROM ${names} JOIN checks n ON n.id = given.id
      UNION SELECT n.key FROM ${names} JOIN projects q ON q.id = given.project
        JOIN checks n ON n.project = q.key AND n.slug = given.slug
    ) ORDER BY c.key${lock}`,
})

/** Reads rows in order of creation. A check that several rows are of is one object. */
const read = (rows: readonly Values[], named: ReadonlySet<unknown>, slugs: readonly SlugKey[]): Locked => {
  const found = new Map<string, CheckRow.Stored>()
  const grouped = new Map<string, Map<string, CheckRow.Stored>>()
  // Most rows are of checks that are named by their ids, and a text for each would cost as much as to read it.
  const wanted = slugs.length === 0 ? undefined : new Set(slugs.map(UnitOfWork.slugText))
  for (const row of rows) {
    const slug = wanted && CheckRow.slugOf(row)
    const isOfSlug = slug !== undefined && wanted?.has(slug) === true
    const isNamed = isOfSlug || named.has(row[CheckRow.idAt])
    const stored = isNamed ? CheckRow.read(row) : Row.readable(() => CheckRow.read(row))
    if (stored === undefined) continue
    const { id } = stored.check
    const known = found.get(id) ?? stored
    found.set(id, known)
    if (!isOfSlug) continue
    const others = grouped.get(slug) ?? new Map<string, CheckRow.Stored>()
    grouped.set(slug, others.set(id, known))
  }
  return {
    all: [...found.values()],
    bySlug: new Map(Array.from(grouped, ([slug, those]) => [slug, [...those.values()]])),
  }
}

/** A check that is found by something else than its id. */
export interface Place {
  readonly id: string
  readonly key: number
}

/** Returns where the thresholds on what servers report are, without a lock. */
export const watchersOf = (connection: Connection, servers: readonly string[]) =>
  Row.query(
    connection,
    "SELECT id, key FROM checks WHERE watches = ?",
    servers.map((server) => [server]),
    ([id, key]): Place => ({ id: Row.text(id, "id"), key: Row.integer(key, "key") }),
  )

/**
 * Lists the checks of a project that may match in order of creation, locked or not. They have the name, the slug and the
 * tags that are asked for; whether the rest matches is for the caller to see.
 */
export const byMatch = (connection: Connection, match: Match, clause: string) => {
  const { project, name, slug, tags } = match
  const where = ["p.id = ?"]
  const parameters: Value[] = [project]
  for (const [column, value] of Object.entries({ name, slug, tags })) {
    if (value === undefined) continue
    where.push(`c.${column} = ?`)
    parameters.push(value)
  }
  return Row.list(
    connection,
    `${CheckRow.selection} WHERE ${where.join(" AND ")} ORDER BY c.key${clause}`,
    [parameters],
    CheckRow.read,
  )
}

/**
 * Locks and returns the check that matches. Fails when none does, but the record of one is damaged that has the name, the
 * slug or the tags that were asked for: it is that one most likely, and another would be its double.
 */
export const lockMatch = Effect.fnUntraced(function* (
  connection: Connection,
  flavour: Flavour,
  match: Match,
) {
  const { found, damaged } = yield* byMatch(connection, match, flavour.lock("c", true))
  const matched = found.find(({ check }) => UnitOfWork.matches(match, check))
  const isNamed = [match.name, match.slug, match.tags].some((given) => given !== undefined)
  if (matched === undefined && damaged[0] !== undefined && isNamed) return yield* damaged[0]
  return matched
})

/** Returns the ids of the checks that may match, without a lock, where there are locks. */
export const idsByMatch = (
  connection: Connection,
  flavour: Flavour,
  match: Match,
): Effect.Effect<readonly string[], StoreError> =>
  hasLocks(flavour)
    ? Effect.map(byMatch(connection, match, ""), ({ found }) => found.map(({ check }) => check.id))
    : Effect.succeed([])
