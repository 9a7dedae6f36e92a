/** What is refused, as sentences that several dialects say. */
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
  const { issues } = format(issue)
  // A union reports the issues of every member. The member that was meant is one whose keys are not missing.
  const { path = [], message } = issues.find(({ message }) => message !== missing) ?? issues[0]!
  const keys = path.map((key) => (typeof key === "object" ? key.key : key))
  return `${subject(root === undefined ? keys : [root, ...keys])} ${message}`
}

const subject = ([root, ...keys]: readonly PropertyKey[]): string => {
  if (keys.length === 1 && typeof keys[0] === "number") return `an item in '${String(root)}'`
  return keys.reduce<string>(
    (text, key) => (typeof key === "number" ? `${text}[${key}]` : `${text}.${String(key)}`),
    String(root),
  )
}
