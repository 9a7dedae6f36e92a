/** What a server answers that something is posted to, by the agent or by a prober elsewhere. Loads nothing. */

/** An answer. */
export interface HttpAnswer {
  readonly status: number
  /** The header field, as it came. */
  readonly retryAfter: string | undefined
  readonly text: string
}

/** Characters of what an answer says: the names of all types of metrics have room in it. */
const longest = 500

/** Returns what an answer says as a line that a terminal does not obey. */
export const line = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, " ")
    .trim()
    .slice(0, longest)

/** Whether there is no answer because none came in time. */
export const isLate = (error: unknown): boolean => error instanceof Error && error.name === "TimeoutError"

/** Returns why there is no answer: the code of an error, such as `ECONNREFUSED`, or its message. */
export const codeOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  return "code" in error && typeof error.code === "string" ? error.code : error.message
}
