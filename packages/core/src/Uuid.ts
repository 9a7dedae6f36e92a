/** UUIDs as text (RFC 9562 §4): checks, channels and runs are named by them, in lower case. */

/** The source of a pattern that a lower-case UUID matches, for patterns that hold one: without anchors or groups that capture. */
export const source = "[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"

const pattern = new RegExp(`^${source}$`)

/** Whether a text is a UUID in lower case. */
export const isValid = (text: string): boolean => pattern.test(text)

/** Returns a UUID of any case in lower case; `undefined` when the text is none. */
export const parse = (text: string): string | undefined => {
  const lower = text.toLowerCase()
  return isValid(lower) ? lower : undefined
}
