/** The statements about projects and their API keys. */
import type { Access, ApiKey, Project } from "@overdue/core/Project"
import type { NewProject, ProjectChange } from "@overdue/core/Store"
import type { Instant } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import type { Connection, Row as Values } from "../Connection.ts"
import type { Flavour } from "../Flavour.ts"
import * as RecordName from "../RecordName.ts"
import * as Row from "../Row.ts"
import * as CheckRemoval from "./CheckRemoval.ts"
import * as Pings from "./Pings.ts"

const columns =
  "p.id, p.name, p.ping_key, p.badge_key, p.zone, p.check_limit, p.ping_log_limit, p.silenced_until, p.created_at"

const read = Row.record(
  "projects",
  ([id]) => RecordName.of("project", id),
  (row: Values): Project => ({
    id: Row.text(row[0], "id"),
    name: Row.text(row[1], "name"),
    pingKey: Row.optional(Row.text, row[2], "ping_key"),
    badgeKey: Row.text(row[3], "badge_key"),
    zone: Row.text(row[4], "zone"),
    checkLimit: Row.count(row[5], "check_limit"),
    pingLogLimit: Row.count(row[6], "ping_log_limit"),
    silencedUntil: Row.optional(Row.instant, row[7], "silenced_until"),
    createdAt: Row.instant(row[8], "created_at"),
  }),
)

/** Returns all projects in order of creation. */
export const all = (connection: Connection) =>
  Row.list(connection, `SELECT ${columns} FROM projects p ORDER BY p.key`, [[]], read)

/** Returns the project with an id; `undefined` when there is none. */
export const byId = (connection: Connection, id: string) =>
  Row.first(connection, `SELECT ${columns} FROM projects p WHERE p.id = ?`, [id], read)

/** Returns the project with a ping key; `undefined` when there is none. */
export const byPingKey = (connection: Connection, pingKey: string) =>
  Row.first(connection, `SELECT ${columns} FROM projects p WHERE p.ping_key = ?`, [pingKey], read)

/** Returns the oldest project with a badge key; `undefined` when there is none. */
export const byBadgeKey = (connection: Connection, badgeKey: string) =>
  Row.first(
    connection,
    `SELECT ${columns} FROM projects p WHERE p.badge_key = ? ORDER BY p.key LIMIT 1`,
    [badgeKey],
    read,
  )

const locking = "SELECT 1 FROM projects p WHERE p.id = ?"

/**
 * Locks projects and returns those that exist, each with the number of its checks. Sorted by id, so that two units of
 * work that lock the same projects cannot wait for each other.
 */
export const lock = Effect.fnUntraced(function* (
  connection: Connection,
  flavour: Flavour,
  ids: readonly string[],
) {
  const each = ids.toSorted().map((id) => [id])
  const clause = flavour.lock("p", true)
  // By itself, where there are locks: a statement that has waited for one still counts what was there before the wait.
  if (clause !== "") yield* connection.query(`${locking}${clause}`, each)
  return yield* Row.query(
    connection,
    `SELECT (SELECT count(*) FROM checks c WHERE c.project = p.key), ${columns} FROM projects p WHERE p.id = ?`,
    each,
    ([checkCount, ...project]) => ({ checkCount: Row.integer(checkCount, "count"), project: read(project) }),
  )
})

/** Inserts a project and its first keys, in a transaction; fails with reason `constraint` when one of them is taken. */
export const create = Effect.fnUntraced(function* (connection: Connection, { project, keys }: NewProject) {
  yield* connection.execute(
    `INSERT INTO projects (id, name, ping_key, badge_key, zone, check_limit, ping_log_limit, silenced_until, created_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      [
        project.id,
        project.name,
        Row.orNull(project.pingKey),
        project.badgeKey,
        project.zone,
        project.checkLimit,
        project.pingLogLimit,
        Row.orNull(project.silencedUntil),
        project.createdAt,
      ],
    ],
  )
  for (const key of keys) yield* createKey(connection, key)
})

/** Changes a project; returns whether there is one with the id. */
export const update = (connection: Connection, id: string, change: ProjectChange) =>
  Effect.map(
    connection.execute(
      "UPDATE projects SET name = ?, ping_key = ?, badge_key = ?, check_limit = ?, ping_log_limit = ? WHERE id = ?",
      [
        [
          change.name,
          Row.orNull(change.pingKey),
          change.badgeKey,
          change.checkLimit,
          change.pingLogLimit,
          id,
        ],
      ],
    ),
    (changed) => changed > 0,
  )

/** Deletes a project and all that belongs to it, in a transaction; returns whether there was one. */
export const remove = Effect.fnUntraced(function* (connection: Connection, flavour: Flavour, id: string) {
  // Not read: also one whose record is damaged is deleted.
  const clause = flavour.lock("p", true)
  if (clause !== "") yield* connection.query(`${locking}${clause}`, [[id]])
  const checks = yield* Row.query(
    connection,
    "SELECT c.id FROM checks c JOIN projects p ON p.key = c.project WHERE p.id = ?",
    [[id]],
    ([check]) => Row.text(check, "id"),
  )
  yield* Pings.remove(connection, yield* CheckRemoval.remove(connection, checks))
  return (yield* connection.execute("DELETE FROM projects WHERE id = ?", [[id]])) > 0
})

/** Sets or ends the silence of new checks; returns whether there is such a project. */
export const silence = (connection: Connection, id: string, until: Instant | undefined) =>
  Effect.map(
    connection.execute("UPDATE projects SET silenced_until = ? WHERE id = ?", [[Row.orNull(until), id]]),
    (changed) => changed > 0,
  )

const access = Row.word<Access>({ "read-write": true, "read-only": true })

const keyColumns = "k.digest, p.id, k.access, k.hint, k.label, k.created_at"
/** Keys of no project as well: `readKey` tells of those. */
const keyTables = "api_keys k LEFT JOIN projects p ON p.key = k.project"

const readKey = Row.record(
  "api_keys",
  ([digest, project]) => `${RecordName.of("API key", digest)} of ${RecordName.of("project", project)}`,
  ([digest, project, granted, hint, label, createdAt]: Values): ApiKey => ({
    digest: Row.text(digest, "digest"),
    project:
      Row.optional(Row.text, project, "project") ?? Row.unreadable("project", "there is no such project"),
    access: access(granted, "access"),
    hint: Row.text(hint, "hint"),
    label: Row.text(label, "label"),
    createdAt: Row.instant(createdAt, "created_at"),
  }),
)

/** Returns the API key with a digest; `undefined` when there is none. */
export const key = (connection: Connection, digest: string) =>
  Row.first(connection, `SELECT ${keyColumns} FROM ${keyTables} WHERE k.digest = ?`, [digest], readKey)

/** Returns the API keys of a project in order of creation. */
export const keys = (connection: Connection, project: string) =>
  Row.list(
    connection,
    `SELECT ${keyColumns} FROM ${keyTables} WHERE p.id = ? ORDER BY k.key`,
    [[project]],
    readKey,
  )

/** Returns all API keys in order of creation. */
export const allKeys = (connection: Connection) =>
  Row.list(connection, `SELECT ${keyColumns} FROM ${keyTables} ORDER BY k.key`, [[]], readKey)

/** Inserts an API key; fails with reason `constraint` when its digest is taken or its project does not exist. */
export const createKey = (connection: Connection, given: ApiKey) =>
  connection.execute(
    `INSERT INTO api_keys (project, digest, access, hint, label, created_at)
    VALUES ((SELECT key FROM projects WHERE id = ?), ?, ?, ?, ?, ?)`,
    [[given.project, given.digest, given.access, given.hint, given.label, given.createdAt]],
  )

/** Deletes the API key of a project whose digest begins with a text, without reading it; returns whether there was one. */
export const deleteKey = (connection: Connection, project: string, beginning: string) =>
  Effect.map(
    connection.execute(
      `DELETE FROM api_keys
      WHERE project = (SELECT key FROM projects WHERE id = ?) AND substr(digest, 1, ${beginning.length}) = ?`,
      [[project, beginning]],
    ),
    (deleted) => deleted > 0,
  )
