/** What a field of a check is in the Healthchecks APIs: how it is read, what it changes, what it shows. */
import type { Channel } from "@overdue/core/Channel"
import type * as Check from "@overdue/core/Check"
import type { Blind } from "@overdue/core/Deadline"
import type { Access } from "@overdue/core/Project"
import type { Instant } from "@overdue/core/Time"
import type * as Schema from "effect/Schema"
import type { When } from "./When.ts"

/** The versions of the API. They differ in four places only: see `version` in this folder. */
export type Version = 1 | 2 | 3

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/** What a check is shown from. */
export interface View {
  readonly check: Check.Check
  readonly now: Instant
  readonly blind: Blind
  readonly version: Version
  /** Of the site, without a slash at the end. */
  readonly root: string
}

/** A check that is being changed, field by field. */
export interface Draft {
  readonly version: Version
  /** Those of the project. */
  readonly channels: readonly Channel[]
  details: Check.Details
  policy: Check.Policy
  /** Stays apart until every field is read: `schedule` wins over `timeout`, and `tz` may come without either. */
  when: When
}

export interface Field<A> {
  /** Reads and describes it. Its messages continue a sentence that begins with the field's name. */
  readonly schema: Schema.Codec<A, unknown>
  /** Some checks are shown without it. */
  readonly mayBeAbsent?: true
  /** Which keys it is shown to; without it, all. */
  readonly shownTo?: Access
  /** The shown value; `undefined` leaves the field out. Without it, the field is never shown. */
  readonly show?: (view: View) => Json | undefined
  /** Without it, the field cannot be written. Gives an error when the project lacks what is asked for. */
  readonly set?: (draft: Draft, value: A) => string | void
}

/** A field of which only the name is known. */
export interface Any extends Omit<Field<unknown>, "set"> {
  readonly set?: (draft: Draft, value: never) => string | void
}

/** Infers the type of the value from the schema. */
export const make = <A>(field: Field<A>): Field<A> => field
