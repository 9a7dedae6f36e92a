/** UUIDs as text (RFC 9562 §4). Checks, channels and runs are named by them, in lower case. */

/** The pattern of a lower-case UUID as text, for building larger patterns: without anchors or capturing groups. */
export const source = "[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"

const pattern = new RegExp(`^${source}$`)

/** Whether a text is a UUID in lower case. */
export const isValid = (text: string): boolean => pattern.test(text)

/** Returns what logs show of the id of a check: enough to find the check, too little to ping it. `7a3f2c1e…` */
export const hint = (id: string): string => `${id.slice(0, 8)}…`

/** Returns a UUID of any case in lower case; `undefined` when the text is no UUID. */
export const parse = (text: string): string | undefined => {
  const lower = text.toLowerCase()
  return isValid(lower) ? lower : undefined
}
