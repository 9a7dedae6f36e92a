/** Makers of fields that differ only in the part of the check that they show and set. */
import * as Limits from "../Limits.ts"
import type * as Check from "../Check.ts"
import * as Field from "./Field.ts"
import * as Schemas from "./Schemas.ts"

type Texts = "slug" | "tags" | "description" | "after"
type Flags = "manualResume" | "startSatisfies" | "armed" | "notifyOnFirstPing"
type FilterFlags = "subject" | "body" | "httpBody" | "defaultFail"
type Keywords = "startKeywords" | "successKeywords" | "failureKeywords"

const text = { is: "text" } as const
const flag = { is: "flag" } as const

/** Returns how a text among the details is shown and set. */
export const detail = (key: Texts): Pick<Field.Field<string>, "show" | "set" | "code"> => ({
  code: key,
  show: ({ check }) => check.details[key],
  set: (change, value) => {
    change.details = { ...change.details, [key]: value }
  },
})

/** Returns a field for a boolean of the policy. */
export const policyFlag = (key: Flags, sentence: string): Field.Field<boolean> =>
  Field.make({
    sentence,
    schema: Schemas.flag,
    form: flag,
    code: key,
    example: true,
    show: ({ check }) => check.policy[key],
    set: (change, value) => {
      change.policy = { ...change.policy, [key]: value }
    },
  })

/** Returns a field for a boolean of the filters. */
export const filter = (key: FilterFlags, sentence: string): Field.Field<boolean> =>
  Field.make({
    sentence,
    schema: Schemas.flag,
    form: flag,
    code: `filters.${key}`,
    example: true,
    show: ({ check }) => check.policy.filters[key],
    set: (change, value) => setFilters(change, { [key]: value }),
  })

/** Returns a field for a list of keywords. */
export const keywords = (key: Keywords, what: string): Field.Field<string> =>
  Field.make({
    sentence: `Keywords, separated by commas, that make a message a ${what}. Case-sensitive.`,
    schema: Schemas.textUpTo(Limits.keywordsLength),
    form: text,
    code: `filters.${key}`,
    example: "DONE, ready",
    show: ({ check }) => check.policy.filters[key],
    set: (change, value) => setFilters(change, { [key]: value }),
  })

/**
 * Returns a field for a list of keywords as the first versions of the API had it: setting it switches the filter of
 * e-mail subjects on, or off when neither list has keywords any more.
 */
export const legacySubject = (key: Keywords, successor: string): Field.Field<string> =>
  Field.make({
    sentence: `Deprecated: sets ${successor} and filter_subject.`,
    schema: Schemas.textUpTo(Limits.keywordsLength),
    form: text,
    isLegacy: true,
    example: "DONE, ready",
    show: ({ check }) => (check.policy.filters.subject ? check.policy.filters[key] : ""),
    set: (change, value) => {
      setFilters(change, { [key]: value })
      const { successKeywords, failureKeywords } = change.policy.filters
      setFilters(change, { subject: successKeywords !== "" || failureKeywords !== "" })
    },
  })

/** Returns a field for a URL of the installation; absent when it serves no HTTP. */
export const address = (sentence: string, path: (view: Field.View) => string): Field.Field<string> =>
  Field.make({
    sentence,
    schema: Schemas.url,
    mayBeAbsent: true,
    show: (view) => (view.root === undefined ? undefined : view.root + path(view)),
  })

/** Returns a field for a URL that changes the check, shown only to keys that may. */
export const actionAddress = (sentence: string, path: (view: Field.View) => string): Field.Field<string> => ({
  ...address(sentence, path),
  shownTo: "read-write",
})

const setFilters = (change: Field.Change, filters: Partial<Check.Filters>): void => {
  change.policy = { ...change.policy, filters: { ...change.policy.filters, ...filters } }
}
