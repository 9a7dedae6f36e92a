/** The document of a check by a table of fields: made from a check, and applied to one. */
import * as Result from "effect/Result"
import type { Channel } from "../Channel.ts"
import * as Check from "../Check.ts"
import type { Access } from "../Project.ts"
import type { Any, Change, Json, Table, View } from "./Field.ts"
import * as When from "./When.ts"

export type Document = Readonly<Record<string, Json>>

/** Values of fields, as the schemas of the fields have read them. Fields that are to stay as they are are absent. */
export type Values = Readonly<Record<string, unknown>>

/** Returns the fields of a table that can be set, by name, in its order. */
export const writable = (table: Table): readonly (readonly [name: string, field: Any])[] =>
  Object.entries(table).filter(([, { set }]) => set !== undefined)

/** What a new check has: of those that are made through a Healthchecks API, and of all others. */
export type Defaults = "healthchecks" | "own"

/** Returns the value that a field shows of a new check; `undefined` when it shows none. */
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

/** Returns what makes the documents of checks for those with an access; without one, for everybody's eyes. */
export const shower = (table: Table): ((view: View, access?: Access) => Document) => {
  const shown = Object.entries(table).flatMap(([name, field]) => {
    const { show, shownTo, isBeyond } = field
    // As text: what is beyond Healthchecks may be an object.
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

/**
 * Returns what makes plans of values: of a new check when there is no `existing` one. Fails with what is wrong, in
 * Healthchecks' words. A policy that stays the same is the same object.
 */
export const planner = (table: Table) => {
  const setters = writable(table).map(([name, { set }]) => ({ name, set: set! }))
  return (
    values: Values,
    {
      existing = blank,
      channels,
    }: { readonly existing?: Check.Plan | undefined; readonly channels: readonly Channel[] },
  ): Result.Result<Check.Plan, string> => {
    const { details, policy } = existing
    const change: Change = { channels, details, policy, when: When.of(existing) }
    for (const { name, set } of setters) {
      const value = values[name]
      if (value === undefined || (name === "timeout" && values["schedule"] !== undefined)) continue
      const error = set(change, value as never) // safe because its field read it
      if (typeof error === "string") return Result.fail(error)
    }
    const schedule = When.schedule(change.when)
    if (Result.isFailure(schedule)) return Result.fail(schedule.failure)
    const planned: Check.Policy = { ...change.policy, schedule: schedule.success }
    return Result.succeed({
      details: When.remember(change.details, change.when),
      policy: Check.isSamePolicy(planned, policy) ? policy : planned,
    })
  }
}

const blank: Check.Plan = { details: Check.noDetails, policy: Check.healthchecksPolicy }
