/** Listings: checks of a project by what is asked of them, in an order, one page at a time. */
import * as Check from "./Check.ts"
import type { Instant } from "./Time.ts"
import * as Totals from "./Totals.ts"

/** A check with its number among those of its project, from 1, which no other ever had or will have. */
export interface Numbered {
  readonly serial: number
  readonly check: Check.Check
}

/** Instants of a check by which it is found or ordered. */
export type Stamp = "createdAt" | "updatedAt" | "lastSuccess"

/** What is asked of the checks of a listing. What is left out is asked of none. */
export interface Conditions {
  readonly serial?: number | undefined
  readonly id?: string | undefined
  /** A part of the name; capital and small letters of ASCII are the same. Not empty. */
  readonly nameContains?: string | undefined
  readonly isPaused?: boolean | undefined
  readonly family?: Check.Family | undefined
  /** Id of the group; `null`: that it belongs to none. */
  readonly group?: string | null | undefined
  /** Not before `from` and not after `to` (both inclusive); a check without this instant is not found. */
  readonly during?:
    | { readonly stamp: Stamp; readonly from?: Instant | undefined; readonly to?: Instant | undefined }
    | undefined
}

/** By what checks are ordered; those that are equal in it by their numbers. `uptime`: the share of the time up or down. */
export type Key = "serial" | "name" | "uptime" | Stamp

/** Which page of which listing. */
export interface Query {
  readonly where: Conditions
  readonly by: Key
  /** Whether the last comes first. */
  readonly isDescending: boolean
  /** How many checks come before the page. */
  readonly offset: number
  readonly limit: number
  /** When it is asked; uptimes are those of then. */
  readonly now: Instant
}

/** A page of a listing. */
export interface Page {
  readonly checks: readonly Numbered[]
  /** How many checks the listing has, on all pages. */
  readonly total: number
}

/** Whether a check is what is asked for. */
export const matches = (where: Conditions, { serial, check }: Numbered): boolean => {
  const { details, state } = check
  const at = where.during === undefined ? undefined : stampOf(check, where.during.stamp)
  return (
    (where.serial === undefined || serial === where.serial) &&
    (where.id === undefined || check.id === where.id) &&
    (where.nameContains === undefined || folded(details.name).includes(folded(where.nameContains))) &&
    (where.isPaused === undefined || (state.status === "paused") === where.isPaused) &&
    (where.family === undefined || Check.familyOf(check) === where.family) &&
    (where.group === undefined || (details.group ?? null) === where.group) &&
    (where.during === undefined ||
      (at !== undefined && at >= (where.during.from ?? -Infinity) && at <= (where.during.to ?? Infinity)))
  )
}

/** Returns a text with the capital letters of ASCII made small, and no others. */
export const folded = (text: string): string =>
  text.replaceAll(/[A-Z]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 32))

/** Returns what compares two checks in the order of a listing. A check without what it is ordered by comes first. */
export const order = ({ by, isDescending, now }: Pick<Query, "by" | "isDescending" | "now">) => {
  const direction = isDescending ? -1 : 1
  const compare = (a: Numbered, b: Numbered): number => {
    if (by === "serial") return 0
    if (by === "name") return byCodePoints(a.check.details.name, b.check.details.name)
    if (by === "uptime") return uptime(a.check, now) - uptime(b.check, now)
    return (stampOf(a.check, by) ?? 0) - (stampOf(b.check, by) ?? 0)
  }
  return (a: Numbered, b: Numbered): number => direction * (compare(a, b) || a.serial - b.serial)
}

const stampOf = (check: Check.Check, stamp: Stamp): Instant | undefined =>
  stamp === "lastSuccess" ? check.state.lastSuccess : check[stamp]

/** Share of the time that the check was up, of that in which it was up or down, 0 to 1; 0 when it was neither. */
const uptime = ({ state }: Check.Check, now: Instant): number => {
  const { up, down } = Totals.flipped(state, now)
  return up + down === 0 ? 0 : up / (up + down)
}

/** As databases compare: by characters, where JavaScript compares halves of some. */
const byCodePoints = (a: string, b: string): number => {
  const [one, other] = [a, b].map((text) => Array.from(text, (character) => character.codePointAt(0)!))
  const length = Math.min(one!.length, other!.length)
  for (let i = 0; i < length; i++) if (one![i] !== other![i]) return one![i]! - other![i]!
  return one!.length - other!.length
}
