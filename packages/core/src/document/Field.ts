/**
 * A field of the document of a check: its sentence, its schema, how it is shown and set, and how people write it.
 *
 * The one table of them is `CheckFields`. The management API, its OpenAPI document, flags, files, forms and webhooks are
 * made from it; what cannot be, such as types of packages that import nothing, is held to it by tests.
 */
import type * as Schema from "effect/Schema"
import type { Channel } from "../Channel.ts"
import type * as Check from "../Check.ts"
import type { Blind } from "../Deadline.ts"
import type { Access } from "../Project.ts"
import type { Instant } from "../Time.ts"
import type { When } from "./When.ts"

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/** What a check is shown from. */
export interface View {
  readonly check: Check.Check
  readonly now: Instant
  readonly blind: Blind
  /** Where people reach the installation, without a slash at the end; `undefined`: it has no addresses to show. */
  readonly root: string | undefined
  /** Path of the management API below the root: `/api/v3`. */
  readonly api: string
}

/** A check that is being changed, field by field. */
export interface Change {
  /** Those of the project. */
  readonly channels: readonly Channel[]
  details: Check.Details
  policy: Check.Policy
  /** Stays apart until every field is read: `schedule` wins over `timeout`, and `tz` may come without either. */
  when: When
}

/**
 * How people write a field in flags, files and forms. `span`: a length of time such as `90s`, where documents have
 * seconds; or one of the words of `or`. `words`: a list, which documents join by `by`. `counts`: numbers by name.
 * `windows`: a list of quiet windows.
 */
export type Form =
  | { readonly is: "text" }
  | { readonly is: "flag" }
  | { readonly is: "choice"; readonly of: readonly [string, ...string[]] }
  | { readonly is: "words"; readonly by: string }
  | { readonly is: "span"; readonly or?: readonly (string | null)[] }
  | { readonly is: "counts"; readonly of: readonly string[] }
  | { readonly is: "windows" }

/** What can be said of a field, whatever its type. */
interface Common {
  /** What it is, for people. */
  readonly sentence: string
  /** How people write it. Present in the fields that can be set. */
  readonly form?: Form
  /** Its name where checks are written in code (`PlanInput`), with a dot where it is a part of something. */
  readonly code?: string
  /** Healthchecks does not know it: shown only when it is not as in a new check of Healthchecks. */
  readonly isBeyond?: true
  /** Kept for old clients; people have a better one. */
  readonly isLegacy?: true
  /** A ping that creates its check may give it in its URL. */
  readonly isAtBirth?: true
  /** Some checks are shown without it. */
  readonly mayBeAbsent?: true
  /** Which keys it is shown to; without it, all. */
  readonly shownTo?: Access
  /** The shown value; `undefined` leaves the field out. Without it, the field is never shown. */
  readonly show?: (view: View) => Json | undefined
}

export interface Field<A> extends Common {
  /** Reads and describes it. Its messages continue a sentence that begins with the field's name. */
  readonly schema: Schema.Codec<A, unknown>
  /** A value that no new check has, for documents and tests. */
  readonly example?: A
  /** Without it, the field cannot be written. Returns what is wrong when the project lacks what is asked for. */
  readonly set?: (change: Change, value: A) => string | void
}

/** A field of which only the name is known. */
export interface Any extends Common {
  readonly schema: Schema.Codec<unknown, unknown>
  readonly example?: unknown
  readonly set?: (change: Change, value: never) => string | void
}

/** Fields by the names that documents give them, in the order in which documents show them. */
export type Table = Readonly<Record<string, Any>>

/** Returns the field; infers the type of its value from its schema, which gets the sentence as its description. */
export const make = <A>(field: Field<A>): Field<A> => ({
  ...field,
  schema: field.schema.annotate({ description: field.sentence }),
})
