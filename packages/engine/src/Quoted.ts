/** Names that people chose, as a log quotes them: on one line, and of bounded length. */
import * as JsonText from "@overdue/core/JsonText"

/** Characters of a name that a line of a log has room for. */
const longest = 100

/** Returns a name in quotation marks, with control characters and line ends escaped. */
export const of = (name: string): string => {
  const shown = name.length > longest ? `${name.slice(0, longest)}…` : name
  return JsonText.tame(JSON.stringify(shown))
}
