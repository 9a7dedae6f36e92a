/** Names that people chose, as a log quotes them: on one line, and of bounded length. */

/** Characters of a name that a line of a log has room for. */
const longest = 100

/** Returns a name in quotation marks, with control characters and line ends escaped. */
export const of = (name: string): string => {
  const shown = name.length > longest ? `${name.slice(0, longest)}…` : name
  // Unicode has line ends and reversals of its own, which JSON leaves as they are.
  return JSON.stringify(shown).replaceAll(
    /[\u007f-\u009f\u200e\u200f\u061c\u2028-\u202e\u2066-\u2069]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  )
}
