/** Fields that differ only in what they name. */
import type * as Check from "@overdue/core/Check"
import * as Limits from "@overdue/core/Limits"
import type * as Field from "./Field.ts"
import * as Schemas from "./Schemas.ts"
import * as Show from "./Show.ts"

type Texts = "slug" | "tags" | "description"
type Flags = "manualResume" | "startSatisfies" | "notifyOnFirstPing"
type FilterFlags = "subject" | "body" | "httpBody" | "defaultFail"
type Keywords = "startKeywords" | "successKeywords" | "failureKeywords"

/** Shows and sets a text of the details. */
export const detail = (key: Texts): Pick<Field.Field<string>, "show" | "set"> => ({
  show: ({ check }) => check.details[key],
  set: (draft, value) => {
    draft.details = { ...draft.details, [key]: value }
  },
})

export const policyFlag = (key: Flags, description: string): Field.Field<boolean> => ({
  schema: Schemas.flag.annotate({ description, default: false }),
  show: ({ check }) => check.policy[key],
  set: (draft, value) => {
    draft.policy = { ...draft.policy, [key]: value }
  },
})

export const filter = (key: FilterFlags, description: string): Field.Field<boolean> => ({
  schema: Schemas.flag.annotate({ description, default: false }),
  show: ({ check }) => check.policy.filters[key],
  set: (draft, value) => setFilters(draft, { [key]: value }),
})

export const keywords = (key: Keywords, what: string): Field.Field<string> => ({
  schema: Schemas.textUpTo(Limits.keywordsLength).annotate({
    description: `Keywords, separated by commas, that make a message a ${what}. Case-sensitive.`,
    default: "",
  }),
  show: ({ check }) => check.policy.filters[key],
  set: (draft, value) => setFilters(draft, { [key]: value }),
})

/** The field of older versions that set keywords and turned the filter on, or off with the last of them. */
export const legacySubject = (key: Keywords, successor: string): Field.Field<string> => ({
  schema: Schemas.textUpTo(Limits.keywordsLength).annotate({
    description: `Deprecated: sets ${successor} and filter_subject.`,
  }),
  show: ({ check }) => (check.policy.filters.subject ? check.policy.filters[key] : ""),
  set: (draft, value) => {
    setFilters(draft, { [key]: value })
    const { successKeywords, failureKeywords } = draft.policy.filters
    setFilters(draft, { subject: successKeywords !== "" || failureKeywords !== "" })
  },
})

/** Where to do something with the check, shown to those who may. */
export const apiUrl = (suffix: string, description: string): Field.Field<string> => ({
  schema: Schemas.url.annotate({ description }),
  shownTo: "read-write",
  show: Show.apiUrl(suffix),
})

const setFilters = (draft: Field.Draft, filters: Partial<Check.Filters>): void => {
  draft.policy = { ...draft.policy, filters: { ...draft.policy.filters, ...filters } }
}
