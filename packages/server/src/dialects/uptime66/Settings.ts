/** The interval and the grace of a heartbeat, each with the unit in which somebody entered it. */
import type { Plan } from "@overdue/core/Check"
import * as Schedule from "@overdue/core/Schedule"
import { second, type Instant, type Span } from "@overdue/core/Time"
import * as Schema from "effect/Schema"
import * as Shapes from "../../rest/Shapes.ts"
import { unitNames, units, type Arguments } from "./Arguments.ts"

const unit = Schema.Literals(unitNames)

/** How the API has them. */
export const Output = Schema.Struct({
  run_interval: Shapes.count,
  run_interval_type: unit,
  run_interval_grace: Shapes.count,
  run_interval_grace_type: unit,
})

/** The same. */
export type Settings = typeof Output.Type

/** Those of a heartbeat whose creator gave none. */
export const usual: Settings = {
  run_interval: 1,
  run_interval_type: "days",
  run_interval_grace: 1,
  run_interval_grace_type: "hours",
}

/** Returns those of a check: in the units that were entered, unless another API has changed them since. */
export const of = ({ details, policy }: Plan, now: Instant): Settings => {
  // safe because each part is looked at
  const entered = (details.extension["uptime66"] ?? {}) as { readonly [K in keyof Settings]?: unknown }
  const interval = inUnit(Schedule.periodAfter(policy.schedule, now) ?? 0, [
    entered.run_interval,
    entered.run_interval_type,
  ])
  const grace = inUnit(policy.grace, [entered.run_interval_grace, entered.run_interval_grace_type])
  return {
    run_interval: interval.count,
    run_interval_type: interval.unit,
    run_interval_grace: grace.count,
    run_interval_grace_type: grace.unit,
  }
}

const inUnit = (span: Span, [count, name]: readonly [count: unknown, name: unknown]) => {
  const entered = unitNames.find((unit) => unit === name)
  if (entered !== undefined && count === span / units[entered]) return { count, unit: entered }
  const whole = Math.ceil(span / second) * second
  // A second divides it.
  const unit = unitNames.find((name) => whole % units[name] === 0)!
  return { count: whole / units[unit], unit }
}

/** Returns what settings become by arguments, of which those that are left out stay. */
export const changed = (settings: Settings, given: Arguments): Settings => ({
  run_interval: given.run_interval ?? settings.run_interval,
  run_interval_type: given.run_interval_type ?? settings.run_interval_type,
  run_interval_grace: given.run_interval_grace ?? settings.run_interval_grace,
  run_interval_grace_type: given.run_interval_grace_type ?? settings.run_interval_grace_type,
})

const names = Object.keys(usual) as readonly (keyof Settings)[] // safe because those are its keys

/**
 * Whether arguments have all settings, and as they were shown of a check, unit by unit. Of a schedule, the interval may be
 * that of other slots: it was shown some time ago.
 */
export const areAsShown = (
  given: Arguments,
  { policy: { schedule } }: Plan,
  before: Settings,
  now: Instant,
): boolean => {
  if (names.some((name) => given[name] === undefined)) return false
  const settings = changed(before, given)
  const isGap = schedule.kind !== "every" && Schedule.hasGap(schedule, interval(settings), now)
  const { run_interval, run_interval_type } = before
  const shown = isGap ? { ...settings, run_interval, run_interval_type } : settings
  return names.every((name) => shown[name] === before[name])
}

/** Returns the interval, in milliseconds. */
export const interval = (settings: Settings): Span =>
  settings.run_interval * units[settings.run_interval_type]

/** Returns the grace, in milliseconds. */
export const grace = (settings: Settings): Span =>
  settings.run_interval_grace * units[settings.run_interval_grace_type]
