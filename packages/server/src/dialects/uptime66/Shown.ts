/** Heartbeats as answers have them. */
import type { Access } from "@overdue/core/Project"
import type { Check } from "@overdue/core/Check"
import type { Blind } from "@overdue/core/Deadline"
import type * as Listing from "@overdue/core/Listing"
import * as Machine from "@overdue/core/Machine"
import * as Outcomes from "@overdue/core/machine/Outcomes"
import type { Instant } from "@overdue/core/Time"
import * as Totals from "@overdue/core/Totals"
import * as Schema from "effect/Schema"
import * as Shapes from "../../rest/Shapes.ts"
import * as Code from "./Code.ts"
import * as DateText from "./DateText.ts"
import * as Settings from "./Settings.ts"
import type { Handler } from "./Surroundings.ts"

/** When, to whom, and beside what heartbeats are shown. */
export interface Scene {
  readonly now: Instant
  readonly blind: Blind
  readonly access: Access
  /** Numbers of the groups, by their ids. */
  readonly groups: ReadonlyMap<string, number>
  /** By the ids of their channels. */
  readonly handlers: ReadonlyMap<string, Handler>
}

const percent = Schema.Number.check(Schema.isBetween({ minimum: 0, maximum: 100 }))
const address = Schema.String.annotate({
  description:
    "Where the first handler of this kind tells; empty when there is none, and for a read-only key.",
})

/** A heartbeat as answers have it. */
export const Output = Schema.Struct({
  id: Shapes.count,
  project_id: Shapes.count.annotate({ description: "0: it belongs to none." }),
  name: Schema.String,
  code: Schema.String.annotate({ description: "By which its job reports." }),
  settings: Settings.Output,
  is_ok: Shapes.bit.annotate({ description: "0 when it is down, or was when it was switched off." }),
  uptime: percent.annotate({
    description: "In percent of the time since the first run in which it was switched on; 0 before that.",
  }),
  downtime: percent.annotate({ description: "What `uptime` lacks of 100; 0 before the first run." }),
  total_runs: Shapes.count,
  total_missed_runs: Shapes.count,
  last_run_datetime: Schema.NullOr(DateText.schema),
  notifications: Schema.Struct({
    email_is_enabled: Shapes.bit,
    webhook: address,
    slack: address,
    twilio: address,
    is_ok: Schema.Array(Shapes.count).annotate({ description: "Ids of the handlers that it tells." }),
  }),
  is_enabled: Schema.Boolean,
  datetime: DateText.schema.annotate({ description: "When it was created." }),
  last_datetime: DateText.schema.annotate({ description: "When it was last changed." }),
})

/** Returns a check as a heartbeat. */
export const of = ({ check, serial }: Listing.Numbered, scene: Scene): typeof Output.Type => {
  const { now, blind, groups } = scene
  const settled = Machine.settled(check, now, blind)
  const { details, state } = settled
  const isOk = !isDown(settled)
  const sums = Totals.at(settled, now, blind)
  const uptime = uptimeOf(sums, settled, isOk)
  return {
    id: serial,
    project_id: (details.group !== undefined && groups.get(details.group)) || 0,
    name: details.name,
    code: Code.of(check.id),
    settings: Settings.of(settled, now),
    is_ok: isOk ? 1 : 0,
    uptime: uptime ?? 0,
    downtime: uptime === undefined ? 0 : rounded(100 - uptime),
    total_runs: sums.successes,
    total_missed_runs: sums.missed,
    last_run_datetime: state.lastSuccess === undefined ? null : DateText.of(state.lastSuccess),
    notifications: notifications(check, scene),
    is_enabled: state.status !== "paused",
    datetime: DateText.of(check.createdAt),
    last_datetime: DateText.of(check.updatedAt),
  }
}

/** Whether a check is down, or was when it was paused, which its last outcomes tell. */
const isDown = ({ policy: { alert }, state: { status, outcomes } }: Check): boolean => {
  if (status !== "paused") return status === "down"
  let seen = Outcomes.none
  let isDown = false
  for (let place = outcomes.count - 1; place >= 0; place--) {
    const hasFailed = ((outcomes.failed >>> place) & 1) === 1
    seen = hasFailed ? Outcomes.withFailure(seen) : Outcomes.withSuccess(seen)
    if (hasFailed && Outcomes.isEnoughToGoDown(seen, alert)) isDown = true
    if (!hasFailed && Outcomes.isEnoughToComeUp(seen, alert)) isDown = false
  }
  return isDown
}

/** The share of the time that it was up, in percent; `undefined` before the first run. */
const uptimeOf = (sums: Totals.Sums, { state }: Check, isOk: boolean): number | undefined => {
  const { up, down, successes } = sums
  if (up + down > 0) return rounded((100 * up) / (up + down))
  const isKnown = successes > 0 || state.status === "up" || state.status === "down"
  if (!isKnown) return undefined
  return isOk ? 100 : 0
}

const rounded = (percent: number): number => Math.round(percent * 100) / 100

/** Whom a check tells. Where to is nothing for a key that may only read: addresses of hooks open what is behind them. */
const notifications = (
  { details }: Check,
  { handlers, access }: Scene,
): (typeof Output.Type)["notifications"] => {
  const told = details.channels
    .flatMap((id) => handlers.get(id) ?? [])
    .toSorted((one, other) => one.serial - other.serial)
  const first = (kind: string): string => {
    const found = told.find(({ channel }) => channel.kind === kind)
    return found === undefined || access === "read-only" ? "" : addressIn(found.channel.value)
  }
  return {
    email_is_enabled: told.some(({ channel }) => channel.kind === "email") ? 1 : 0,
    webhook: first("webhook"),
    slack: first("slack"),
    twilio: first("twilio"),
    is_ok: told.map(({ serial }) => serial),
  }
}

/** The address in the value of a channel: the value itself, or the first field of it that has one. */
const addressIn = (value: unknown): string => {
  if (typeof value === "string") return value
  if (typeof value !== "object" || value === null) return ""
  const fields = new Map(Object.entries(value))
  const found = ["url", "url_down", "url_up", "to", "value"].map((name) => fields.get(name))
  return found.find((field): field is string => typeof field === "string" && field !== "") ?? ""
}
