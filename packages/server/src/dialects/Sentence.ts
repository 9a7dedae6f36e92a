/** What is refused, as sentences that several dialects say. */
import * as Schemas from "@overdue/core/document/Schemas"
import type { CheckLimitReached } from "@overdue/engine/CommandError"
import * as SchemaIssue from "effect/SchemaIssue"

const missing = "is missing"

const format = SchemaIssue.makeFormatterStandardSchemaV1({
  leafHook: (issue) => (issue._tag === "MissingKey" ? missing : SchemaIssue.defaultLeafHook(issue)),
})

/** Returns the sentence about a project that can have no more checks. */
export const ofLimit = ({ limit }: CheckLimitReached): string =>
  `check limit reached: the project has its ${limit} checks; the operator can raise it`

/** Returns a sentence about the first issue of a schema, which names the field. `root` names the value itself. */
export const of = (issue: SchemaIssue.Issue, root?: string): string => {
  const { path, message } = first(issue).told
  return `${subject(root === undefined ? path : [root, ...path])} ${message}`
}

/** Returns the same, and of a bound what it is and what was given: `every is too small: at least 10 seconds, not 5`. */
export const whole = (issue: SchemaIssue.Issue, given: unknown, root?: string): string => {
  const detail = bound(issue, given)
  return `${of(issue, root)}${detail === undefined ? "" : `: ${detail}`}`
}

/** Returns the bound that the first issue is about, and what was given: `at least 60, not 5`; `undefined` of other issues. */
export const bound = (issue: SchemaIssue.Issue, given: unknown): string | undefined => {
  const { told, allowed } = first(issue)
  if (allowed === "") return undefined
  const value = told.path.reduce<unknown>(
    (part, key) => (part as Readonly<Record<PropertyKey, unknown>>)[key], // safe because the schema has found an issue there
    given,
  )
  return `${allowed}, not ${sizeOf(value)}`
}

/** A text and a list are not repeated, because they are long, and may be secrets. */
const sizeOf = (value: unknown): string =>
  typeof value === "string"
    ? String(Array.from(value).length)
    : String(Array.isArray(value) ? value.length : value)

const bounds = SchemaIssue.makeFormatterStandardSchemaV1({
  leafHook: () => "",
  checkHook: ({ filter }) => Schemas.ofBound(filter.annotations) ?? "",
})

interface First {
  readonly told: { readonly path: readonly PropertyKey[]; readonly message: string }
  /** Empty when it is about no bound. */
  readonly allowed: string
}

/** A union reports the issues of every member. The member that was meant is one whose keys are not missing. */
const first = (issue: SchemaIssue.Issue): First => {
  const { issues } = format(issue)
  const index = Math.max(
    0,
    issues.findIndex(({ message }) => message !== missing),
  )
  const { path = [], message } = issues[index]!
  const keys = path.map((key) => (typeof key === "object" ? key.key : key))
  // Both go through the issue in the same order. A union that no member of was meant says the same to both.
  const found = bounds(issue).issues[index]!.message
  return { told: { path: keys, message }, allowed: found === message ? "" : found }
}

const subject = ([root, ...keys]: readonly PropertyKey[]): string => {
  if (keys.length === 1 && typeof keys[0] === "number") return `an item in '${String(root)}'`
  return keys.reduce<string>(
    (text, key) => (typeof key === "number" ? `${text}[${key}]` : `${text}.${String(key)}`),
    String(root),
  )
}
