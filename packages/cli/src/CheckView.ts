/** How checks look in a table and in sentences: columns, order, and what is expected when. */
import type { Channel, Check, Detailed, Status } from "@overdue/client/management"
import { counted } from "@overdue/core/Counted"
import * as AskedView from "./AskedView.ts"
import { title } from "./Select.ts"
import { oneLine, plain, type Colour } from "./Style.ts"
import * as Span from "./Span.ts"
import type { Column } from "./Table.ts"

/** A check as lists have it, with details from servers that know them. */
export type Listed = Check & Detailed

/** The order of statuses: those in trouble first. */
export const severity: Readonly<Record<Status, number>> = { down: 0, grace: 1, new: 2, up: 3, paused: 4 }

const colours: Readonly<Record<Status, Colour>> = {
  down: "red",
  grace: "yellow",
  new: "blue",
  up: "green",
  paused: "gray",
}

/**
 * Returns the columns of a table of checks at `now`, in epoch milliseconds. Without the channels of the project, they are
 * called by their ids. Why something is down is a column only when something is.
 */
export const columns = (
  checks: readonly Listed[],
  now: number,
  channels: readonly Channel[] = [],
): readonly Column<Listed>[] => [
  {
    title: "STATUS",
    text: ({ status, started, silenced_until }) =>
      `${status}${started ? " ▸" : ""}${silenced_until === undefined ? "" : " (silent)"}`,
    colour: ({ status }) => colours[status],
  },
  { title: "NAME", text: title, isElastic: true, least: 20 },
  { title: "SLUG", text: ({ slug }) => slug || "–", isElastic: true, rank: 5 },
  { title: "EXPECTED", text: expected, isElastic: true, rank: 4 },
  {
    // Nobody pings what is asked, whose rounds are its signals.
    title: checks.some(AskedView.isAsked) ? "LAST SIGNAL" : "LAST PING",
    text: (check) => {
      const last = AskedView.lastAt(check)
      return last === null ? "never" : `${ago(last, now)} ago`
    },
    rank: 3,
  },
  { title: "DUE", text: (check) => due(check, now), rank: 1 },
  ...(checks.some((check) => why(check) !== undefined)
    ? [
        {
          title: "WHY",
          text: (check: Listed) => why(check) ?? "–",
          isElastic: true,
          least: 16,
          rank: 2,
        } as const,
      ]
    : []),
  { title: "TAGS", text: ({ tags }) => tags || "–", isElastic: true, rank: 7 },
  // A read-only key does not see who is told.
  ...(checks.some(({ channels }) => channels !== undefined)
    ? [
        {
          title: "TELLS",
          text: (check: Listed) => tells(check, channels) ?? "–",
          colour: (check: Listed) => (tellsNobody(check) ? "yellow" : undefined),
          isElastic: true,
          rank: 6,
        } as const,
      ]
    : []),
  { title: "ID", text: ({ uuid, unique_key }) => uuid ?? unique_key ?? "–", colour: () => "dim", rank: 9 },
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

/**
 * Returns when signals are expected: `every 1h`, or the schedule, with its zone unless that is UTC; or how often the server
 * asks by itself, `asked every 1m`, or what must not be reported, `cpu > 90 for 5m`.
 */
export const expected = (check: Check): string => {
  const { schedule, tz = "UTC", timeout = 0 } = check
  const asked = AskedView.expected(check)
  if (asked !== undefined) return asked
  if (schedule === undefined) return `every ${Span.exact(timeout)}`
  return tz === "UTC" ? oneLine(schedule) : `${oneLine(schedule)} ${tz}`
}

/**
 * Returns how far off the next signal is, `in 5m` or `2h late`; how long a run has been going on, `running 6s`, or how
 * long the check has been down, `for 2h`, instead; `–` when none is expected.
 */
export const due = (check: Listed, now: number): string => {
  const { status, since, started } = check
  if (started) return running(check, now)
  if (status === "down") return since === undefined ? "–" : `for ${ago(since, now)}`
  // Healthchecks says nothing of new checks, some of which are expected.
  const next = check.next_ping ?? check.expected_at
  if (next === null || next === undefined) return "–"
  const ahead = at(next) - now
  return ahead >= 0 ? `in ${Span.print(ahead)}` : `${Span.print(-ahead)} late`
}

/** Returns for how long the oldest open run has been going on, as far as the server says. */
export const running = ({ running_since }: Detailed, now: number): string =>
  running_since ? `running ${ago(running_since, now)}` : "running"

/** Returns why the check is down, in a sentence if there is one; `undefined` when it is not, or nobody knows. */
export const why = ({ status, reason, diagnosis }: Listed): string | undefined =>
  status !== "down" ? undefined : (diagnosis?.[0]?.text ?? (reason ? meaning(reason) : undefined))

/** Returns what a reason means, in a sentence if there is one. */
export const meaning = (reason: string): string => meanings[reason] ?? reason

const meanings: Readonly<Record<string, string>> = {
  fail: "The job reported a failure.",
  missed: "No signal came in time.",
  overran: "A run took too long.",
  "too-short": "A run took too little time.",
}

/** Whether nobody is told when the check goes down; false when the key may not know. */
export const tellsNobody = ({ channels }: Check): boolean => channels === ""

/** Returns whom the check tells, by name: `ops, mail`, or `nobody`; `undefined` when the key may not know. */
export const tells = ({ channels: ids }: Check, channels: readonly Channel[]): string | undefined => {
  if (ids === undefined) return undefined
  if (ids === "") return "nobody"
  const names = new Map(channels.map(({ id, name }) => [id, name]))
  return ids
    .split(",")
    .map((id) => names.get(id) || id)
    .join(", ")
}

/** Returns what to do about checks that tell nobody, in a sentence; `undefined` when each tells somebody. */
export const advice = (checks: readonly Check[], channels: readonly Channel[]): string | undefined => {
  const [first, ...others] = checks.filter(tellsNobody)
  if (first === undefined) return undefined
  const { slug, uuid = "" } = first
  const who = others.length === 0 ? title(first) : counted(others.length + 1, "check")
  const means = `tell${others.length === 0 ? "s" : ""} nobody when ${others.length === 0 ? "it goes" : "they go"} down`
  const set = `overdue checks update ${others.length === 0 ? plain(slug || uuid) : "CHECK"} --channels '*'`
  return channels.length === 0
    ? `${who} ${means}: add a channel with \`overdue channels add\`, then \`${set}\``
    : `${who} ${means}: \`${set}\``
}

/** Returns the time since an instant in ISO 8601: `2h 5m`; `0s` for one that is still to come. */
export const ago = (instant: string, now: number): string => Span.print(Math.max(0, now - at(instant)))

/** Returns an instant of a server's answer in epoch milliseconds. */
export const at = (instant: string): number => Date.parse(instant)
