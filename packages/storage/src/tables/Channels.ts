/** The statements about channels. */
import type { Channel } from "@overdue/core/Channel"
import type { Instant } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import type { Connection, Row as Values } from "../Connection.ts"
import type { Flavour } from "../Flavour.ts"
import * as QuietText from "../QuietText.ts"
import * as RecordName from "../RecordName.ts"
import * as Row from "../Row.ts"
import * as Checks from "./Checks.ts"

/** The columns that `read` reads: of channels `h`, and of the projects `p` that they belong to. */
export const columns = `h.id, p.id, h.name, h.kind, h.value, h.tells_down, h.tells_up, h.tells_reminders, h.quiet,
  h.disabled, h.last_success, h.last_error_at, h.last_error, h.failing_since, h.gone_since, h.created_at`
/** How many columns those are. */
export const width = 16
const tables = "channels h JOIN projects p ON p.key = h.project"

/** Returns the channel of a row; throws when it cannot be read. */
export const read = Row.record(
  "channels",
  ([id]) => RecordName.of("channel", id),
  (row: Values): Channel => ({
    id: Row.text(row[0], "id"),
    project: Row.text(row[1], "project"),
    name: Row.text(row[2], "name"),
    kind: Row.text(row[3], "kind"),
    value: Row.json(row[4], "value"),
    switches: {
      down: Row.flag(row[5], "tells_down"),
      up: Row.flag(row[6], "tells_up"),
      reminders: Row.flag(row[7], "tells_reminders"),
      quiet: QuietText.parse(Row.optional(Row.text, row[8], "quiet") ?? null),
    },
    disabled: Row.optional(Row.text, row[9], "disabled"),
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

/** Returns the channels of a project in order of creation. */
export const ofProject = (connection: Connection, project: string) =>
  Row.list(connection, `SELECT ${columns} FROM ${tables} WHERE p.id = ? ORDER BY h.key`, [[project]], read)

/** Returns the channel with an id; `undefined` when there is none. */
export const byId = (connection: Connection, id: string) =>
  Row.first(connection, `SELECT ${columns} FROM ${tables} WHERE h.id = ?`, [id], read)

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

/** Inserts a channel; fails with reason `constraint` when its project does not exist or its id is taken. */
export const create = (connection: Connection, channel: Channel) => {
  const { id, project, kind, disabled, lastSuccess, lastError, failingSince, goneSince, createdAt } = channel
  const columns = [...changeable, ...written]
  return connection.execute(
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
      ],
    ],
  )
}

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

/** Deletes a channel, in a transaction, from the checks of its project too; returns whether there was one. */
export const remove = Effect.fnUntraced(function* (connection: Connection, flavour: Flavour, id: string) {
  const found = yield* Row.first(
    connection,
    `SELECT project FROM channels WHERE id = ?${flavour.lock("channels", true)}`,
    [id],
    ([project]) => Row.integer(project, "project"),
  )
  if (found === undefined) return false
  yield* Checks.withdrawChannel(connection, flavour, { project: found, channel: id })
  yield* connection.execute("DELETE FROM channels WHERE id = ?", [[id]])
  return true
})

/** Disables a channel for a reason. */
export const disable = (connection: Connection, id: string, reason: string) =>
  Effect.asVoid(connection.execute("UPDATE channels SET disabled = ? WHERE id = ?", [[reason, id]]))

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
