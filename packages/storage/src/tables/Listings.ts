/** Listings of checks: found, ordered and cut into pages by the database. */
import * as Listing from "@overdue/core/Listing"
import * as Effect from "effect/Effect"
import type { Connection, Value } from "../Connection.ts"
import * as Row from "../Row.ts"
import * as CheckRow from "./CheckRow.ts"

const stamps: Readonly<Record<Listing.Stamp, string>> = {
  createdAt: "c.created_at",
  updatedAt: "c.updated_at",
  lastSuccess: "c.last_success",
}

/** Milliseconds of a status until an instant, which is the parameter. */
const lasting = (status: string): string =>
  `CASE WHEN c.status = '${status}' AND c.as_of < ? THEN ? - c.as_of ELSE 0 END`

const up = `c.up_for + ${lasting("up")}`
const down = `c.down_for + ${lasting("down")}`
/** A share, in floating point, as JavaScript divides. */
const uptime = `coalesce(1.0 * (${up}) / nullif((${up}) + (${down}), 0), 0.0)`

/** What a listing is ordered by, and how often its instant is a parameter of that. */
const keys: Readonly<Record<Listing.Key, readonly [expression: string, instants: number]>> = {
  serial: ["c.serial", 0],
  name: ["c.name", 0],
  uptime: [uptime, 6],
  createdAt: [stamps.createdAt, 0],
  updatedAt: [stamps.updatedAt, 0],
  lastSuccess: [`coalesce(${stamps.lastSuccess}, 0)`, 0],
}

/** Returns a page of the checks of a project. */
export const page = Effect.fnUntraced(function* (
  connection: Connection,
  project: string,
  { where, by, isDescending, offset, limit, now }: Listing.Query,
) {
  const { conditions, parameters } = conditionsOf(where)
  const from = `FROM checks c JOIN projects p ON p.key = c.project WHERE ${["p.id = ?", ...conditions].join(" AND ")}`
  const direction = isDescending ? "DESC" : "ASC"
  const [key, instants] = keys[by]
  const order = `ORDER BY ${key} ${direction}, c.serial ${direction}`
  const ordered = Array.from({ length: instants }, () => now)
  // Only what is on the page is read whole: to put whole rows in order takes five times as long.
  const found = yield* Row.list(
    connection,
    `SELECT ${CheckRow.columns}, c.serial FROM checks c JOIN projects p ON p.key = c.project
    WHERE c.key IN (SELECT c.key ${from} ${order} LIMIT ? OFFSET ?) ${order}`,
    [[project, ...parameters, ...ordered, limit, offset, ...ordered]],
    (row): Listing.Numbered => ({
      check: CheckRow.read(row).check,
      serial: Row.integer(row.at(-1), "serial"),
    }),
  )
  const total = yield* Row.first(connection, `SELECT count(*) ${from}`, [project, ...parameters], ([count]) =>
    Row.integer(count, "count"),
  )
  return { ...found, total: total ?? 0 }
})

const conditionsOf = (where: Listing.Conditions) => {
  const conditions: string[] = []
  const parameters: Value[] = []
  const ask = (condition: string, ...values: readonly Value[]): void => {
    conditions.push(condition)
    parameters.push(...values)
  }
  const { serial, id, nameContains, isPaused, family, group, during } = where
  if (serial !== undefined) ask("c.serial = ?", serial)
  if (id !== undefined) ask("c.id = ?", id)
  // Texts are compared by their code points, so that only letters of ASCII are made small.
  if (nameContains !== undefined)
    ask("replace(lower(c.name), ?, '') <> lower(c.name)", Listing.folded(nameContains))
  if (isPaused !== undefined) ask(isPaused ? "c.status = 'paused'" : "c.status <> 'paused'")
  if (family === "job") ask("c.family IS NULL")
  else if (family !== undefined) ask("c.family = ?", family)
  if (group === null) ask("c.group_id IS NULL")
  else if (group !== undefined) ask("c.group_id = ?", group)
  if (during !== undefined) {
    const stamp = stamps[during.stamp]
    ask(`${stamp} IS NOT NULL`)
    if (during.from !== undefined) ask(`${stamp} >= ?`, during.from)
    if (during.to !== undefined) ask(`${stamp} <= ?`, during.to)
  }
  return { conditions, parameters }
}
