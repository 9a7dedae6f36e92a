/** The check that a ping by slug may create, as its query describes it: `?create=1&timeout=…`. */
import * as Check from "@overdue/core/Check"
import * as Limits from "@overdue/core/Limits"
import * as Schedule from "@overdue/core/Schedule"
import { second, type Span } from "@overdue/core/Time"
import * as Zone from "@overdue/core/Zone"
import * as Every from "@overdue/core/schedule/Every"
import type * as Birth from "@overdue/engine/commands/Birth"
import * as Channels from "@overdue/engine/queries/Channels"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as ChannelChoice from "@overdue/core/document/ChannelChoice"

/**
 * Reads the query. `create=1`, exactly, asks for creation, as in Healthchecks. Beyond that, `name`, `tags`, `timeout`
 * and `grace` (whole seconds), `schedule` (cron or OnCalendar), `tz` and `channels` (as in the management API)
 * describe the check. Returns `undefined` when no check is to be created, or a sentence about a parameter that is
 * invalid.
 */
export const read = Effect.fnUntraced(function* (query: URLSearchParams, project: string) {
  const blueprint = parse(query)
  const choice = query.get("channels")
  if (typeof blueprint !== "object" || choice === null) return blueprint
  const channels = ChannelChoice.resolve(choice, yield* Channels.list(project))
  if (Result.isFailure(channels)) return `channels: ${channels.failure}`
  return { ...blueprint, details: { ...blueprint.details, channels: channels.success } }
})

/** Reads everything but the channels, which depend on the project. */
const parse = (query: URLSearchParams): Birth.Blueprint | string | undefined => {
  if (query.getAll("create").at(-1) !== "1") return undefined
  const timeout = seconds(query, "timeout", Limits.defaultPeriod)
  if (typeof timeout === "string") return timeout
  const grace = seconds(query, "grace", Limits.defaultGrace)
  if (typeof grace === "string") return grace
  const schedule = scheduleOf(query) ?? Every.make(timeout)
  if (typeof schedule === "string") return schedule
  const name = query.get("name") ?? undefined
  const tags = query.get("tags") ?? ""
  if (name !== undefined && name.length > Limits.nameLength) {
    return `name: expected at most ${Limits.nameLength} characters`
  }
  if (tags.length > Limits.tagsLength) return `tags: expected at most ${Limits.tagsLength} characters`
  return {
    details: { tags, ...(name === undefined ? {} : { name }) },
    policy: { ...Check.healthchecksPolicy, schedule, grace },
  }
}

const seconds = (query: URLSearchParams, field: string, otherwise: Span): Span | string => {
  const given = query.get(field)
  if (given === null) return otherwise
  const span = /^\d{1,9}$/.test(given) ? Number(given) * second : -1
  return span >= Limits.shortestPeriod && span <= Limits.longestPeriod
    ? span
    : `${field}: expected whole seconds from ${Limits.shortestPeriod / second} to ${Limits.longestPeriod / second}`
}

const scheduleOf = (query: URLSearchParams): Schedule.Schedule | string | undefined => {
  const expression = query.get("schedule")
  if (expression === null) return undefined
  if (expression.length > Limits.scheduleLength) {
    return `schedule: expected at most ${Limits.scheduleLength} characters`
  }
  const zone = Zone.make(Zone.canonical(query.get("tz") ?? "UTC"))
  if (Result.isFailure(zone)) return `tz: expected ${zone.failure.expected}`
  const parsed = Schedule.validate(expression, zone.success)
  return Result.isFailure(parsed) ? `schedule: ${parsed.failure.message}` : parsed.success
}
