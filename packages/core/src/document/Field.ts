/**
 * Fields of a check: what each means, its schema, how it is shown and set, and how people write it.
 *
 * `CheckFields` is the one table of them. The management API, its OpenAPI document, flags, files, forms and webhooks
 * are made from it; tests hold to it what cannot be, such as the types of a package that imports nothing.
 */
import type * as Schema from "effect/Schema"
import type { Channel } from "../Channel.ts"
import type * as Check from "../Check.ts"
import type { Blind } from "../Deadline.ts"
import type { Access } from "../Project.ts"
import type { Instant } from "../Time.ts"
import type { Zone } from "../Zone.ts"
import type { When } from "./When.ts"

/** A JSON value. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/** What a field is shown from. */
export interface View {
  readonly check: Check.Check
  readonly now: Instant
  readonly blind: Blind
  /**
   * URL of the installation without a slash at the end; `undefined` when it serves no HTTP, and has no addresses to
   * show.
   */
  readonly root: string | undefined
  /** Path of the management API below `root`: `/api/v3`. */
  readonly api: string
}

/** A check that is being changed, field by field. */
export interface Change {
  /** All channels of the project. */
  readonly channels: readonly Channel[]
  details: Check.Details
  policy: Check.Policy
  /** Kept apart until every field is set, because `schedule` wins over `timeout`, and `tz` may come without either. */
  when: When
  /**
   * Reads the quiet windows that were set, or says why they cannot be read; `undefined` leaves them as they are. Called
   * when every field is set, because local times in windows are on the wall clock of the check's zone.
   */
  quiet: ((zone: Zone) => readonly Check.QuietWindow[] | string) | undefined
}

/**
 * How people write a field in flags, files and forms.
 *
 * `span`: a length of time such as `90s` (documents have seconds), or one of the words in `or`. `words`: a list, which
 * documents join by `by`. `counts`: numbers by name. `windows`: a list of quiet windows. `probe`: a URL, or an object with
 * one.
 */
export type Form =
  | { readonly is: "text" }
  | { readonly is: "flag" }
  | { readonly is: "choice"; readonly of: readonly [string, ...string[]] }
  | { readonly is: "words"; readonly by: string }
  | { readonly is: "span"; readonly or?: readonly (string | null)[] }
  | { readonly is: "counts"; readonly of: readonly string[] }
  | { readonly is: "windows" }
  | { readonly is: "probe" }

/** What every field has, whatever the type of its value. */
interface Common {
  /** What the field means, for people: one sentence or two, without units where `form` is a span. */
  readonly sentence: string
  /** Only for fields that can be set. */
  readonly form?: Form
  /** The name of the field in code (`PlanInput`), with a dot before a part: `filters.subject`. */
  readonly code?: string
  /**
   * Healthchecks does not have the field, so it is left out while it has the value that a new check of Healthchecks
   * would show.
   */
  readonly isBeyond?: true
  /**
   * Returns more about a value that the field refuses than its schema's message, which is in the words of Healthchecks;
   * `undefined` when there is no more to say.
   */
  readonly explain?: (value: unknown) => string | undefined
  /** Kept for old clients; newer fields do the same. */
  readonly isLegacy?: true
  /** The URL of a ping that creates its check may set the field. */
  readonly isAtBirth?: true
  /** Some documents lack the field. */
  readonly mayBeAbsent?: true
  /** The only access that sees the field; by default every one does. */
  readonly shownTo?: Access
  /** It may hold secrets of others, and is left out of what channels are told. */
  readonly isSecret?: true
  /** Returns the value to show; `undefined` leaves the field out. Without `show` the field can only be written. */
  readonly show?: (view: View) => Json | undefined
}

/** A field whose value is an `A`. */
export interface Field<A> extends Common {
  /** Decodes and describes the value. Its messages continue a sentence that begins with the field's name. */
  readonly schema: Schema.Codec<A, unknown>
  /** Reads the value at our own doors, where bounds that only Healthchecks sets do not hold; by default `schema`. */
  readonly own?: Schema.Codec<A, unknown>
  /** A value that differs from every default, for documents and tests. */
  readonly example?: A
  /**
   * Sets the value. Returns a message when the project does not have what the value names. Without `set` the field can
   * only be read.
   */
  readonly set?: (change: Change, value: A) => string | void
}

/** A field whose type of value is not known. */
export interface Any extends Common {
  readonly schema: Schema.Codec<unknown, unknown>
  readonly own?: Schema.Codec<unknown, unknown>
  readonly example?: unknown
  readonly set?: (change: Change, value: never) => string | void
}

/** Fields by their names in documents, in the order of documents. */
export type Table = Readonly<Record<string, Any>>

/**
 * Returns a field, with the type of its value inferred from its schema, which it describes by its sentence. Documents
 * have spans in seconds, so there the sentence gets the unit that people need not write.
 */
export const make = <A>(field: Field<A>): Field<A> => {
  const { sentence, form, own } = field
  const description = form?.is === "span" ? `${sentence} In seconds.` : sentence
  return {
    ...field,
    schema: field.schema.annotate({ description }),
    ...(own !== undefined && { own: own.annotate({ description }) }),
  }
}

/** Returns a table whose fields are read as at our own doors. */
export const ownTable = <T extends Table>(table: T): T =>
  // safe because `own` and `schema` of a field read the same type
  Object.fromEntries(
    Object.entries(table).map(([name, field]) => [name, { ...field, schema: field.own ?? field.schema }]),
  ) as unknown as T
