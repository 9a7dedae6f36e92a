/** A check as a row: its policy is one text, its state one column a field, so that a ping writes only those. */
import * as Check from "@overdue/core/Check"
import * as Threshold from "@overdue/core/probe/Threshold"
import type { Ahead } from "@overdue/core/State"
import { StoreError } from "@overdue/core/Store"
import type { Instant } from "@overdue/core/Time"
import * as Schema from "effect/Schema"
import type { Row as Values, Value } from "../Connection.ts"
import * as ExtensionText from "../ExtensionText.ts"
import type * as Many from "../Many.ts"
import * as MarksText from "../MarksText.ts"
import * as PolicyText from "../PolicyText.ts"
import * as RecordName from "../RecordName.ts"
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

/** The columns of what any signal may change of a state, in the order of `heard`. */
export const heardColumns = {
  last_ping: "integer",
  last_success: "integer",
  last_duration: "integer",
  pings: "integer",
  runs: "text",
  failed_outcomes: "integer",
  outcomes: "integer",
  anchor: "integer",
  deadline: "integer",
  successes: "integer",
  missed_since: "integer",
} as const satisfies Many.Columns

/** The columns of the rest of a state, in the order of `standing`: while all is well, signals leave it as it is. */
export const standingColumns = {
  status: "text",
  flips: "integer",
  told_at: "integer",
  // The instant of the last flip.
  as_of: "integer",
  marks: "text",
  missed: "integer",
  up_for: "integer",
  down_for: "integer",
} as const satisfies Many.Columns

const stateColumns = { ...heardColumns, ...standingColumns }

/** The columns of what people set, in the order of `plan`. */
export const planColumns = {
  name: "text",
  slug: "text",
  tags: "text",
  description: "text",
  channels: "text",
  group_id: "text",
  depends_on: "text",
  extension: "text",
  policy: "text",
  updated_at: "integer",
  family: "text",
} as const satisfies Many.Columns

/** The columns of what people set as they are written: also what checks are only found by. */
export const writtenColumns = { ...planColumns, watches: "text" } as const satisfies Many.Columns

const ownColumns = [
  "key",
  "project",
  "id",
  "badge_key",
  "created_at",
  ...Object.keys(planColumns),
  ...Object.keys(stateColumns),
  "look_at",
  "last_logged",
]

/** The columns that `read` reads: of checks `c`, and of the projects `p` that they belong to. */
export const columns = `p.id, p.ping_log_limit, ${ownColumns.map((column) => `c.${column}`).join(", ")}`

/** Which of them is the key of the check. */
export const keyAt = 2

/** Which of them is the id of the check. */
export const idAt = 4

/** Returns the `slugText` of a row, whatever it has in place of a slug. */
export const slugOf = (row: Values): string => `${String(row[0])} ${String(row[8])}`

/** The beginning of a SELECT whose rows `read` reads; the condition follows. */
export const selection = `SELECT ${columns} FROM checks c JOIN projects p ON p.key = c.project`
/** The same where checks are found by themselves: those of no project as well, of which `read` tells. */
export const selectionOfAny = `SELECT ${columns} FROM checks c LEFT JOIN projects p ON p.key = c.project`

const status = Row.word<Check.Status>({ new: true, up: true, down: true, paused: true })

/**
 * Returns what reads, with `read`, rows that begin as `selection` has them, once the columns of their projects are read.
 */
const ofProject = Row.record(
  "projects",
  ([id]) => RecordName.of("project", id),
  ([id, pingLogLimit]: Values) => ({
    id: Row.text(id, "id"),
    pingLogLimit: Row.count(pingLogLimit, "ping_log_limit"),
  }),
)

/**
 * Returns the check of a row; throws when it cannot be read. By hand and by position: a row is read for every ping, and
 * a schema would cost more than the database does.
 */
export const read = Row.record(
  "checks",
  (row) => RecordName.check(row[idAt]),
  (row: Values): Stored => {
    if (row[0] === null) Row.unreadable("project", "there is no such project")
    const project = ofProject(row)
    return {
      key: Row.integer(row[keyAt], "key"),
      project: Row.integer(row[3], "project"),
      pingLogLimit: project.pingLogLimit,
      lookAt: Row.optional(Row.instant, row[37], "look_at"),
      lastLogged: Row.optional(Row.integer, row[38], "last_logged"),
      check: {
        id: Row.text(row[idAt], "id"),
        project: project.id,
        badgeKey: Row.text(row[5], "badge_key"),
        createdAt: Row.instant(row[6], "created_at"),
        updatedAt: Row.instant(row[16], "updated_at"),
        details: {
          name: Row.text(row[7], "name"),
          slug: Row.text(row[8], "slug"),
          tags: Row.text(row[9], "tags"),
          description: Row.text(row[10], "description"),
          channels: readChannels(row[11]),
          group: Row.optional(Row.text, row[12], "group_id"),
          after: Row.optional(Row.text, row[13], "depends_on") ?? "",
          isServer: isServer(row[17]),
          extension: ExtensionText.decode(row[14]),
        },
        policy: PolicyText.decode(Row.text(row[15], "policy")),
        state: {
          status: status(row[29], "status"),
          lastPing: Row.optional(Row.instant, row[18], "last_ping"),
          lastSuccess: Row.optional(Row.instant, row[19], "last_success"),
          lastDuration: Row.optional(Row.span, row[20], "last_duration"),
          pings: Row.count(row[21], "pings"),
          flips: Row.count(row[30], "flips"),
          runs: readRuns(row[22]),
          outcomes: {
            failed: Row.count(row[23], "failed_outcomes"),
            count: Row.count(row[24], "outcomes"),
          },
          anchor: Row.optional(Row.instant, row[25], "anchor"),
          deadline: Row.optional(Row.instant, row[26], "deadline"),
          toldAt: Row.optional(Row.instant, row[31], "told_at"),
          flippedAt: Row.instant(row[32], "as_of"),
          ...MarksText.decode(Row.optional(Row.text, row[33], "marks") ?? null),
          totals: {
            successes: Row.count(row[27], "successes"),
            missed: Row.count(row[34], "missed"),
            missedSince: Row.optional(Row.instant, row[28], "missed_since"),
            up: Row.span(row[35], "up_for"),
            down: Row.span(row[36], "down_for"),
          },
        },
      },
    }
  },
)

/** Returns what may be recorded ahead of the clock; `row` has anchor, told_at, as_of, runs and marks. */
export const readAhead = ([anchor, toldAt, flippedAt, runs, marks]: Values): Ahead => ({
  anchor: Row.optional(Row.instant, anchor, "anchor"),
  toldAt: Row.optional(Row.instant, toldAt, "told_at"),
  flippedAt: Row.instant(flippedAt, "as_of"),
  runs: readRuns(runs),
  ...MarksText.decode(Row.optional(Row.text, marks, "marks") ?? null),
})

/** Returns the family as it is stored: null for a job, as most are. */
const familyOf = (plan: Check.Plan): Value => {
  const family = Check.familyOf(plan)
  return family === "job" ? null : family
}

const family = Row.word<Exclude<Check.Family, "job">>({ probe: true, server: true })

const isServer = (value: Value | undefined): boolean => value !== null && family(value, "family") === "server"

/** Returns the values of `writtenColumns`. */
export const plan = ({ details, policy, updatedAt }: Check.Check): Values => [
  details.name,
  details.slug,
  details.tags,
  details.description,
  writeChannels(details.channels),
  Row.orNull(details.group),
  details.after === "" ? null : details.after,
  ExtensionText.encode(details.extension),
  PolicyText.encode(policy),
  updatedAt,
  familyOf({ details, policy }),
  Row.orNull(Threshold.serverOf(policy)),
]

/** Returns the values of `heardColumns`. */
export const heard = (self: Check.State): Values => [
  Row.orNull(self.lastPing),
  Row.orNull(self.lastSuccess),
  Row.orNull(self.lastDuration),
  self.pings,
  writeRuns(self.runs),
  self.outcomes.failed,
  self.outcomes.count,
  Row.orNull(self.anchor),
  Row.orNull(self.deadline),
  self.totals.successes,
  Row.orNull(self.totals.missedSince),
]

/** Returns the values of `standingColumns`. */
export const standing = (self: Check.State): Values => [
  self.status,
  self.flips,
  Row.orNull(self.toldAt),
  self.flippedAt,
  MarksText.encode(self),
  self.totals.missed,
  self.totals.up,
  self.totals.down,
]

/** Whether two states have the same values in `standingColumns`; false for those of which only the texts would tell. */
export const isSameStanding = (one: Check.State, other: Check.State): boolean =>
  one.status === other.status &&
  one.flips === other.flips &&
  one.toldAt === other.toldAt &&
  one.flippedAt === other.flippedAt &&
  MarksText.isSame(one, other) &&
  one.totals.missed === other.totals.missed &&
  one.totals.up === other.totals.up &&
  one.totals.down === other.totals.down

const none: readonly never[] = []

/** Returns the ids of channels as one value; null when there are none. */
export const writeChannels = (channels: readonly string[]): string | null =>
  channels.length === 0 ? null : channels.join(" ")

/** Returns the ids of channels that `writeChannels` wrote. */
export const readChannels = (value: Value | undefined): readonly string[] =>
  value === null ? none : Row.text(value, "channels").split(" ")

const writeRuns = (runs: readonly Check.Run[]): string | null =>
  runs.length === 0
    ? null
    : JSON.stringify(runs.map(({ rid, startedAt, overran }) => [rid ?? null, startedAt, overran ? 1 : 0]))

const decodeRuns = Row.document(
  Schema.Array(Schema.Tuple([Schema.NullOr(Schema.String), Row.StoredInstant, Schema.Literals([0, 1])])),
)

const readRuns = (value: Value | undefined): readonly Check.Run[] =>
  value === null
    ? none
    : decodeRuns(value, "runs").map(([rid, startedAt, overran]) => ({
        rid: rid ?? undefined,
        startedAt,
        overran: overran === 1,
      }))

/** The error of what belongs to a check that does not exist. */
export const unknown = (id: string): StoreError =>
  new StoreError({
    reason: "constraint",
    detail: `This contradicts what is stored: it belongs to ${RecordName.check(id)}, which does not exist.`,
  })
