/** Documents of checks: made from a check by a table of fields, and applied to a check. */
import * as Result from "effect/Result"
import type { Channel } from "../Channel.ts"
import * as Check from "../Check.ts"
import type { Access } from "../Project.ts"
import * as Policy from "../Policy.ts"
import type { Any, Change, Json, Table, View } from "./Field.ts"
import * as ProbeField from "./ProbeField.ts"
import * as When from "./When.ts"

/** What an API shows of a check: values by field name. */
export type Document = Readonly<Record<string, Json>>

/** Values of fields as their schemas decoded them. Absent fields keep their value. */
export type Values = Readonly<Record<string, unknown>>

/** Returns the fields of a table that can be set, with their names, in the order of the table. */
export const writable = (table: Table): readonly (readonly [name: string, field: Any])[] =>
  Object.entries(table).filter(([, { set }]) => set !== undefined)

/** Which defaults a new check has: those of the Healthchecks APIs, or those of everything else. */
export type Defaults = "healthchecks" | "own"

/** Returns the value that a field shows for a new check; `undefined` when it shows none. */
export const defaultOf = (field: Any, defaults: Defaults): Json | undefined => field.show?.(views[defaults])

const viewOf = (policy: Check.Policy): View => ({
  check: Check.make({ id: "", project: "", badgeKey: "", createdAt: 0, policy }),
  now: 0,
  blind: [],
  root: undefined,
  api: "",
})

const views: Readonly<Record<Defaults, View>> = {
  healthchecks: viewOf(Check.healthchecksPolicy),
  own: viewOf(Check.defaultPolicy),
}

/**
 * Returns a function that makes the documents of checks. With an access it leaves out what that access may not see;
 * without one it leaves out nothing.
 */
export const shower = (table: Table): ((view: View, access?: Access) => Document) => {
  const shown = Object.entries(table).flatMap(([name, field]) => {
    const { show, shownTo, isBeyond } = field
    // Compared as text, because the value of such a field may be an object.
    const usual = isBeyond === true ? JSON.stringify(defaultOf(field, "healthchecks")) : undefined
    return show === undefined ? [] : [{ name, show, shownTo, usual }]
  })
  return (view, access) => {
    const document: Record<string, Json> = {}
    for (const { name, show, shownTo, usual } of shown) {
      if (access !== undefined && shownTo !== undefined && shownTo !== access) continue
      const value = show(view)
      if (value === undefined || (usual !== undefined && JSON.stringify(value) === usual)) continue
      document[name] = value
    }
    return document
  }
}

/** What a plan is based on. */
export interface Base {
  /** The check that is changed; a new one has the defaults. */
  readonly existing?: Check.Plan | undefined
  /** By default Healthchecks'. */
  readonly defaults?: Defaults
  /** All channels of the project. */
  readonly channels: readonly Channel[]
}

/**
 * Returns a function that makes the plan of a check from values, based on an existing check or on defaults. It fails
 * with a message in Healthchecks' words, or in those of `Policy.refusal`, whose fields Healthchecks does not have.
 *
 * When the policy does not change, the plan holds the same object, by which commands see that the deadline stays.
 */
export const planner = (table: Table) => {
  const setters = writable(table).map(([name, { set }]) => ({ name, set: set! }))
  const nameOf = namer(table)
  return (
    values: Values,
    { channels, defaults = "healthchecks", existing = blanks[defaults] }: Base,
  ): Result.Result<Check.Plan, string> => {
    const { details, policy } = existing
    const change: Change = { channels, details, policy, when: When.of(existing), quiet: undefined }
    for (const { name, set } of setters) {
      const value = values[name]
      if (value === undefined || (name === "timeout" && values["schedule"] !== undefined)) continue
      const error = set(change, value as never) // safe because its field read it
      if (typeof error === "string") return Result.fail(error)
    }
    const timing = ProbeField.timing(change, values, policy)
    if (Result.isFailure(timing)) return Result.fail(timing.failure)
    const { probe, grace, when } = timing.success
    const schedule = When.schedule(when)
    if (Result.isFailure(schedule)) return Result.fail(schedule.failure)
    const quiet = quietOf(change)
    if (Result.isFailure(quiet)) return Result.fail(quiet.failure)
    const planned: Check.Policy = {
      ...change.policy,
      probe,
      grace,
      schedule: schedule.success,
      quiet: quiet.success,
    }
    const revised = Policy.revised(policy, planned, details)
    if (Result.isFailure(revised)) {
      const { field, expected } = revised.failure
      return Result.fail(`json validation error: ${nameOf(field)}: expected ${expected}`)
    }
    return Result.succeed({
      details: When.remember(change.details, when),
      policy: revised.success,
    })
  }
}

/** Returns the windows that were set; those that the check has when none were. */
const quietOf = ({ policy, quiet, when }: Change): Result.Result<Check.Policy["quiet"], string> => {
  if (quiet === undefined) return Result.succeed(policy.quiet)
  const zone = When.zoneOf(when)
  if (Result.isFailure(zone)) return Result.fail(zone.failure)
  const windows = quiet(zone.success)
  return typeof windows === "string" ? Result.fail(windows) : Result.succeed(windows)
}

const blanks: Readonly<Record<Defaults, Check.Plan>> = {
  healthchecks: { details: Check.noDetails, policy: Check.healthchecksPolicy },
  own: { details: Check.noDetails, policy: Check.defaultPolicy },
}

/** Returns a function from the name of a field in code, `alert.failures`, to its name in documents. */
const namer = (table: Table): ((field: string) => string) => {
  const names = new Map(Object.entries(table).map(([name, { code }]) => [code, name]))
  return (field) => names.get(field) ?? names.get(field.replace(/\..*/, "")) ?? field
}
