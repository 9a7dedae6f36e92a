/** The check that a ping by slug may create, as its query describes it: `?create=1&timeout=…`. */
import * as Check from "@overdue/core/Check"
import * as ChannelChoice from "@overdue/core/document/ChannelChoice"
import type { Defaults } from "@overdue/core/document/CheckDocument"
import * as Schemas from "@overdue/core/document/Schemas"
import * as Limits from "@overdue/core/Limits"
import * as Policy from "@overdue/core/Policy"
import * as Schedule from "@overdue/core/Schedule"
import { second, type Span } from "@overdue/core/Time"
import * as Zone from "@overdue/core/Zone"
import * as Every from "@overdue/core/schedule/Every"
import type * as Birth from "@overdue/engine/commands/Birth"
import * as Channels from "@overdue/engine/queries/Channels"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Asked from "../checks/Asked.ts"

/**
 * Reads the query. `create=1`, exactly, asks for creation, as in Healthchecks. Beyond that, `name`, `tags`, `timeout`
 * and `grace` (whole seconds), `schedule` (cron or OnCalendar), `tz` and `channels` (as in the management API)
 * describe the check, and `defaults=own` bases it on our own defaults. Returns `undefined` when no check is to be
 * created, or a sentence about a parameter that is invalid.
 */
export const read = Effect.fnUntraced(function* (query: URLSearchParams, project: string) {
  const blueprint = parse(query)
  const choice = query.get("channels")
  if (typeof blueprint !== "object" || choice === null) return blueprint
  const channels = ChannelChoice.resolve(choice, yield* Channels.list(project))
  if (Result.isFailure(channels)) return `channels: ${channels.failure}`
  return { ...blueprint, details: { ...blueprint.details, channels: channels.success } }
})

/** What differs between the ways of Healthchecks and our own. */
interface Ways {
  readonly policy: Check.Policy
  readonly schedule: typeof Schedule.read
  readonly shortestPeriod: Span
  readonly shortestGrace: Span
  /** How seconds are written. */
  readonly seconds: RegExp
  readonly expected: string
}

const ways: Readonly<Record<Defaults, Ways>> = {
  healthchecks: {
    policy: Check.healthchecksPolicy,
    schedule: Schedule.readExact,
    shortestPeriod: Limits.shortestPeriod,
    shortestGrace: Limits.shortestPeriod,
    seconds: /^\d{1,9}$/,
    expected: "whole seconds",
  },
  own: {
    policy: Check.defaultPolicy,
    schedule: Schedule.read,
    shortestPeriod: 1,
    shortestGrace: 0,
    seconds: /^\d{1,9}(?:\.\d{1,3})?$/,
    expected: "seconds",
  },
}

/** Reads everything but the channels, which depend on the project. */
const parse = (query: URLSearchParams): Birth.Blueprint | string | undefined => {
  if (query.getAll("create").at(-1) !== "1") return undefined
  const way = ways[Asked.defaults(query)]
  const timeout = seconds(query, { field: "timeout", shortest: way.shortestPeriod, way })
  if (typeof timeout === "string") return timeout
  const grace = seconds(query, { field: "grace", shortest: way.shortestGrace, way })
  if (typeof grace === "string") return grace
  const schedule = scheduleOf(query, way)
  if (typeof schedule === "string") return schedule
  const wrong = texts.find(({ field, isRight }) => !isRight(query.get(field) ?? ""))
  if (wrong !== undefined) return `${wrong.field}: expected at most ${wrong.longest} characters`
  const policy: Check.Policy = {
    ...way.policy,
    schedule: schedule ?? (timeout === undefined ? way.policy.schedule : Every.make(timeout)),
    grace: grace ?? way.policy.grace,
  }
  const refusal = Policy.refusal(policy)
  if (refusal !== undefined) return `${refusal.field}: expected ${refusal.expected}`
  const name = query.get("name")
  return { details: { tags: query.get("tags") ?? "", ...(name !== null && { name }) }, policy }
}

const texts = (
  [
    ["name", Limits.nameLength],
    ["tags", Limits.tagsLength],
  ] as const
).map(([field, longest]) => ({ field, longest, isRight: Schema.is(Schemas.textUpTo(longest)) }))

const seconds = (
  query: URLSearchParams,
  { field, shortest, way }: { readonly field: string; readonly shortest: Span; readonly way: Ways },
): Span | string | undefined => {
  const given = query.get(field)
  if (given === null) return undefined
  const span = way.seconds.test(given) ? Schemas.toSpan(Number(given)) : -1
  return span >= shortest && span <= Limits.longestPeriod
    ? span
    : `${field}: expected ${way.expected} from ${shortest / second} to ${Limits.longestPeriod / second}`
}

const scheduleOf = (query: URLSearchParams, way: Ways): Schedule.Schedule | string | undefined => {
  const expression = query.get("schedule")
  if (expression === null) return undefined
  if (expression.length > Limits.scheduleLength) {
    return `schedule: expected at most ${Limits.scheduleLength} characters`
  }
  const zone = Zone.read(query.get("tz") ?? "UTC")
  if (Result.isFailure(zone)) return `tz: expected ${zone.failure.expected}`
  const parsed = way.schedule(expression, zone.success)
  return Result.isFailure(parsed) ? `schedule: ${parsed.failure.message}` : parsed.success
}
