/** The statements about channels. */
import type { Channel } from "@overdue/core/Channel"
import type { Instant } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import type { Connection, Row as Values, Value } from "../Connection.ts"
import type { Flavour } from "../Flavour.ts"
import * as Many from "../Many.ts"
import * as QuietText from "../QuietText.ts"
import * as RecordName from "../RecordName.ts"
import * as Row from "../Row.ts"
import * as Checks from "./Checks.ts"
import * as Serials from "./Serials.ts"

/** The columns that `read` reads: of channels `h`, and of the projects `p` that they are to belong to. */
export const columns = `h.id, CASE WHEN p.key = h.project THEN p.id END, h.name, h.kind, h.value, h.tells_down, h.tells_up, h.tells_reminders, h.quiet,
  h.disabled, h.last_success, h.last_error_at, h.last_error, h.failing_since, h.gone_since, h.created_at`
/** How many columns those are. */
export const width = 16
/** Channels of no project as well: `read` tells of those. */
const tables = "channels h LEFT JOIN projects p ON p.key = h.project"

/** Returns the channel of a row; throws when it cannot be read. */
export const read = Row.record(
  "channels",
  ([id]) => RecordName.of("channel", id),
  (row: Values): Channel => ({
    id: Row.text(row[0], "id"),
    project:
      Row.optional(Row.text, row[1], "project") ??
      Row.unreadable("project", "it is no project, or another one"),
    name: Row.text(row[2], "name"),
    kind: Row.text(row[3], "kind"),
    value: Row.json(row[4], "value"),
    switches: {
      down: Row.flag(row[5], "tells_down"),
      up: Row.flag(row[6], "tells_up"),
      reminders: Row.flag(row[7], "tells_reminders"),
      quiet: QuietText.parse(Row.optional(Row.text, row[8], "quiet") ?? null),
    },
    disabled: disabledFor(row[9]),
    lastSuccess: Row.optional(Row.instant, row[10], "last_success"),
    lastError:
      row[11] === null
        ? undefined
        : { at: Row.instant(row[11], "last_error_at"), why: Row.text(row[12], "last_error") },
    failingSince: Row.optional(Row.instant, row[13], "failing_since"),
    goneSince: Row.optional(Row.instant, row[14], "gone_since"),
    createdAt: Row.instant(row[15], "created_at"),
  }),
)

/** Returns why a channel is disabled; `undefined` when it is not. Throws when that is none of the reasons that are stored. */
export const disabledFor = (value: Value | undefined): string | undefined => {
  const found = Row.optional(Row.text, value, "disabled")
  return found === undefined || isReason(found)
    ? found
    : Row.unreadable("disabled", `${Row.excerpt(found)} is no reason`)
}

/** Reasons are for people. Nobody can tell what a lone number or truth value meant, by which a channel would be silent. */
const isReason = (text: string): boolean =>
  /\p{L}/u.test(text) && Row.readable(() => Row.json(text, "disabled")) === undefined

/** A channel whose project cannot be that of any may be of each, so that all of them are told of it, and may delete it. */
const isOfNone = "h.project < 1 OR h.project > (SELECT max(key) FROM projects)"

/** The channel `h` with an id, when it is of the project `p` with an id, or of none: by the ids of project and channel. */
export const owned = `channels h JOIN projects p ON h.project = p.key OR ${isOfNone} WHERE p.id = ? AND h.id = ?`

/** Returns the channels of a project in order of creation. */
export const ofProject = (connection: Connection, project: string) =>
  Row.list(
    connection,
    `SELECT ${columns} FROM ${tables} WHERE h.project = (SELECT key FROM projects WHERE id = ?) OR ${isOfNone}
    ORDER BY h.key`,
    [[project]],
    read,
  )

/** Returns all channels in order of creation. */
export const all = (connection: Connection) =>
  Row.list(connection, `SELECT ${columns} FROM ${tables} ORDER BY h.key`, [[]], read)

/** Returns the channel with an id; `undefined` when there is none. */
export const byId = (connection: Connection, id: string) =>
  Row.first(connection, `SELECT ${columns} FROM ${tables} WHERE h.id = ?`, [id], read)

/** A channel as those who name it find it. */
export interface Named {
  readonly key: number
  /** Key of its project; `undefined` when there is no such project. */
  readonly project: number | undefined
}

/** Returns those channels with the given ids that exist, by their ids. */
export const named = (connection: Connection, ids: readonly string[]) =>
  Effect.map(
    Row.query(
      connection,
      naming,
      Array.from(new Set(ids), (id) => [id]),
      ([id, key, project]) =>
        [
          Row.text(id, "id"),
          { key: Row.integer(key, "key"), project: Row.optional(Row.integer, project, "project") },
        ] as const,
    ),
    (found): ReadonlyMap<string, Named> => new Map(found),
  )

const naming = Many.select(
  "SELECT h.id, h.key, p.key FROM channels h LEFT JOIN projects p ON p.key = h.project",
  "h.id",
  "text",
)

/**
 * Whether a channel that a check of a project (its key) names is one of that project, or may be: of one that belongs to no
 * project nobody knows whose it is, and it is told of as damaged itself.
 */
export const mayBeOf = (channel: Named | undefined, project: number): boolean =>
  channel !== undefined && (channel.project === undefined || channel.project === project)

/** Returns the error of a check that is to tell a channel which its project does not have. */
export const missing = (check: string, channel: string) =>
  Row.damage(
    { table: "checks", record: RecordName.check(check), column: "channels" },
    `its project has no ${RecordName.of("channel", channel)}`,
    "Say anew which channels the check is to tell, or restore the latest backup.",
  )

/** Columns that `update` writes. */
const changeable = ["name", "value", "tells_down", "tells_up", "tells_reminders", "quiet"]

const change = ({ name, value, switches }: Pick<Channel, "name" | "value" | "switches">): Values => [
  name,
  JSON.stringify(value),
  switches.down ? 1 : 0,
  switches.up ? 1 : 0,
  switches.reminders ? 1 : 0,
  QuietText.print(switches.quiet),
]

const written = [
  "id",
  "kind",
  "disabled",
  "last_success",
  "last_error_at",
  "last_error",
  "failing_since",
  "gone_since",
  "created_at",
]

/** Returns the numbers of a project's channels, by their ids. */
export const serials = (connection: Connection, project: string) =>
  Effect.map(
    Row.query(
      connection,
      "SELECT h.id, h.serial FROM channels h JOIN projects p ON p.key = h.project WHERE p.id = ?",
      [[project]],
      ([id, serial]) => [Row.text(id, "id"), Row.integer(serial, "serial")] as const,
    ),
    (found): ReadonlyMap<string, number> => new Map(found),
  )

/**
 * Inserts a channel, in a transaction; fails with reason `constraint` when its project does not exist or its id is taken.
 */
export const create = Effect.fnUntraced(function* (connection: Connection, channel: Channel) {
  const { id, project, kind, disabled, lastSuccess, lastError, failingSince, goneSince, createdAt } = channel
  const [serial = 0] = yield* Serials.next(connection, "channel", project, 1)
  const columns = [...changeable, ...written, "serial"]
  yield* connection.execute(
    `INSERT INTO channels (project, ${columns.join(", ")})
    VALUES ((SELECT key FROM projects WHERE id = ?), ${columns.map(() => "?").join(", ")})`,
    [
      [
        project,
        ...change(channel),
        id,
        kind,
        Row.orNull(disabled),
        Row.orNull(lastSuccess),
        Row.orNull(lastError?.at),
        Row.orNull(lastError?.why),
        Row.orNull(failingSince),
        Row.orNull(goneSince),
        createdAt,
        serial,
      ],
    ],
  )
})

/** Writes what may change of a channel; returns whether there is one. */
export const update = (
  connection: Connection,
  id: string,
  changed: Pick<Channel, "name" | "value" | "switches">,
) =>
  Effect.map(
    connection.execute(
      `UPDATE channels SET ${changeable.map((column) => `${column} = ?`).join(", ")} WHERE id = ?`,
      [[...change(changed), id]],
    ),
    (changes) => changes > 0,
  )

/**
 * Deletes a channel of a project, or of none, in a transaction, from the checks of the project too; returns whether there
 * was one. It is not read, so that also one whose record is damaged is deleted.
 */
export const remove = Effect.fnUntraced(function* (
  connection: Connection,
  flavour: Flavour,
  [project, id]: readonly [project: string, id: string],
) {
  const owner = yield* Row.first(
    connection,
    `SELECT p.key FROM ${owned}${flavour.lock("h", true)}`,
    [project, id],
    ([key]) => Row.integer(key, "key"),
  )
  if (owner === undefined) return false
  yield* Checks.withdrawChannel(connection, flavour, { project: owner, channel: id })
  yield* connection.execute("DELETE FROM channels WHERE id = ?", [[id]])
  return true
})

/** Disables a channel for a reason. */
export const disable = (connection: Connection, id: string, reason: string) =>
  Effect.asVoid(
    connection.execute("UPDATE channels SET disabled = ? WHERE id = ?", [
      // Notifiers of others may give anything as a reason.
      [isReason(reason) ? reason : `the notifier said: ${reason}`, id],
    ]),
  )

/**
 * Enables a channel, takes back that it is failing, and notes when it was told something, if it was; returns whether there
 * is one.
 */
export const enable = (connection: Connection, id: string, toldAt: Instant | undefined) =>
  Effect.map(
    connection.execute(
      `UPDATE channels SET disabled = NULL, failing_since = NULL, gone_since = NULL,
        last_success = coalesce(?, last_success) WHERE id = ?`,
      [[toldAt ?? null, id]],
    ),
    (changes) => changes > 0,
  )
