/** Schema issues as sentences that name the field. */
import * as SchemaIssue from "effect/SchemaIssue"

const missing = "is missing"

const format = SchemaIssue.makeFormatterStandardSchemaV1({
  leafHook: (issue) => (issue._tag === "MissingKey" ? missing : SchemaIssue.defaultLeafHook(issue)),
})

/** Returns a sentence about the first issue. `root` names the value itself. */
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
