/** A check as a row: its policy is one text, its state one column a field, so that a ping writes only those. */
import type * as Check from "@overdue/core/Check"
import type { Ahead } from "@overdue/core/State"
import type { Instant } from "@overdue/core/Time"
import type { Row as Values, Value } from "../Connection.ts"
import * as MarksText from "../MarksText.ts"
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

/** The columns of a state, in the order of `state`. */
export const stateColumns = [
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
  // The instant of the last flip.
  "as_of",
  "marks",
]

/** The columns of what people set, in the order of `plan`. */
export const planColumns = [
  "name",
  "slug",
  "tags",
  "description",
  "channels",
  "depends_on",
  "extension",
  "policy",
]

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

/** The columns that `read` reads: of checks `c`, and of the projects `p` that they belong to. */
export const columns = `p.id, p.ping_log_limit, ${ownColumns.map((column) => `c.${column}`).join(", ")}`

/** The beginning of a SELECT whose rows `read` reads; the condition follows. */
export const selection = `SELECT ${columns} FROM checks c JOIN projects p ON p.key = c.project`

const status = Row.word<Check.Status>({ new: true, up: true, down: true, paused: true })

/**
 * Returns the check of a row; throws when it cannot be read. By hand and by position: a row is read for every ping, and
 * a schema would cost more than the database does.
 */
export const read = (row: Values): Stored => {
  const [projectId, pingLogLimit, key, project, id, badgeKey, createdAt] = row
  return {
    key: Row.integer(key),
    project: Row.integer(project),
    pingLogLimit: Row.integer(pingLogLimit),
    lookAt: Row.optional(Row.integer, row[29]),
    lastLogged: Row.optional(Row.integer, row[30]),
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
        after: Row.optional(Row.text, row[12]) ?? "",
        extension: readExtension(row[13]),
      },
      policy: PolicyText.decode(Row.text(row[14])),
      state: {
        status: status(row[15]),
        lastPing: Row.optional(Row.integer, row[16]),
        lastSuccess: Row.optional(Row.integer, row[17]),
        lastDuration: Row.optional(Row.integer, row[18]),
        pings: Row.integer(row[19]),
        flips: Row.integer(row[20]),
        runs: readRuns(row[21]),
        outcomes: { failed: Row.integer(row[22]), count: Row.integer(row[23]) },
        anchor: Row.optional(Row.integer, row[24]),
        deadline: Row.optional(Row.integer, row[25]),
        toldAt: Row.optional(Row.integer, row[26]),
        flippedAt: Row.integer(row[27]),
        ...MarksText.decode(Row.optional(Row.text, row[28]) ?? null),
      },
    },
  }
}

/** Returns what may be recorded ahead of the clock; `row` has anchor, told_at, as_of, runs and marks. */
export const readAhead = ([anchor, toldAt, flippedAt, runs, marks]: Values): Ahead => ({
  anchor: Row.optional(Row.integer, anchor),
  toldAt: Row.optional(Row.integer, toldAt),
  flippedAt: Row.integer(flippedAt),
  runs: readRuns(runs),
  ...MarksText.decode(Row.optional(Row.text, marks) ?? null),
})

/** Returns the values of `planColumns`. */
export const plan = ({ details, policy }: Check.Check): Values => [
  details.name,
  details.slug,
  details.tags,
  details.description,
  writeChannels(details.channels),
  details.after === "" ? null : details.after,
  writeExtension(details.extension),
  PolicyText.encode(policy),
]

/** Returns the values of `stateColumns`. */
export const state = (self: Check.State): Values => [
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
  self.flippedAt,
  MarksText.encode(self),
]

const none: readonly never[] = []

/** Returns the ids of channels as one value; null when there are none. */
export const writeChannels = (channels: readonly string[]): string | null =>
  channels.length === 0 ? null : channels.join(" ")

/** Returns the ids of channels that `writeChannels` wrote. */
export const readChannels = (value: Value | undefined): readonly string[] =>
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
