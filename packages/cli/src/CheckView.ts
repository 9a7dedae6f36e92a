/** How checks look in a table and in sentences: columns, order, and what is expected when. */
import type { Check, Status } from "@overdue/client/management"
import { title } from "./Select.ts"
import { oneLine, type Colour } from "./Style.ts"
import * as Span from "./Span.ts"
import type { Column } from "./Table.ts"

/** The order of statuses: those in trouble first. */
export const severity: Readonly<Record<Status, number>> = { down: 0, grace: 1, new: 2, up: 3, paused: 4 }

const colours: Readonly<Record<Status, Colour>> = {
  down: "red",
  grace: "yellow",
  new: "blue",
  up: "green",
  paused: "gray",
}

/** Returns the columns of a table of checks; `now` in epoch milliseconds. */
export const columns = (now: number): readonly Column<Check>[] => [
  {
    title: "STATUS",
    text: ({ status, started, silenced_until }) =>
      `${status}${started ? " ▸" : ""}${silenced_until === undefined ? "" : " (silent)"}`,
    colour: ({ status }) => colours[status],
  },
  { title: "NAME", text: title, isElastic: true },
  { title: "SLUG", text: ({ slug }) => slug || "–", isElastic: true },
  { title: "EXPECTED", text: expected, isElastic: true },
  {
    title: "LAST PING",
    text: ({ last_ping }) => (last_ping === null ? "never" : `${ago(last_ping, now)} ago`),
  },
  { title: "DUE", text: (check) => due(check, now) },
  { title: "TAGS", text: ({ tags }) => tags || "–", isElastic: true },
  { title: "ID", text: ({ uuid, unique_key }) => uuid ?? unique_key ?? "–", colour: () => "dim" },
]

/** Compares checks by name, and checks of one name by id. */
export const byName = (a: Check, b: Check): number =>
  title(a).localeCompare(title(b)) || (a.uuid ?? "").localeCompare(b.uuid ?? "")

/** Compares checks by status, those in trouble first, and then by name. */
export const bySeverity = (a: Check, b: Check): number =>
  severity[a.status] - severity[b.status] || byName(a, b)

/** Returns how many checks have each status, those in trouble first: `1 down, 3 up`. */
export const count = (checks: readonly Check[]): string => {
  const counts = new Map<Status, number>()
  for (const { status } of checks) counts.set(status, (counts.get(status) ?? 0) + 1)
  return [...counts]
    .toSorted(([a], [b]) => severity[a] - severity[b])
    .map(([status, count]) => `${count} ${status}`)
    .join(", ")
}

/** Returns when signals are expected: `every 1h`, or the schedule, with its zone unless that is UTC. */
export const expected = ({ schedule, tz = "UTC", timeout = 0 }: Check): string => {
  if (schedule === undefined) return `every ${Span.exact(timeout)}`
  return tz === "UTC" ? oneLine(schedule) : `${oneLine(schedule)} ${tz}`
}

/** Returns how far off the next signal is: `in 5m`, `2h late`, or `–` when none is expected. */
export const due = ({ next_ping }: Check, now: number): string => {
  if (next_ping === null) return "–"
  const ahead = Date.parse(next_ping) - now
  return ahead >= 0 ? `in ${Span.print(ahead)}` : `${Span.print(-ahead)} late`
}

/** Returns the time since an instant in ISO 8601: `2h 5m`; `0s` for one that is still to come. */
export const ago = (instant: string, now: number): string =>
  Span.print(Math.max(0, now - Date.parse(instant)))
