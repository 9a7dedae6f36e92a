/** What a server answers that something is posted to, by the agent or by a prober elsewhere. Loads nothing. */

/** An answer. */
export interface HttpAnswer {
  readonly status: number
  /** The header field, as it came. */
  readonly retryAfter: string | undefined
  /** The header field `Date`, as it came. */
  readonly date?: string | undefined
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

/** Returns why there is no answer, as a sentence whose subject is the server. */
export const unanswered = (error: unknown): string => {
  if (error instanceof Error && error.name === "TimeoutError") return "does not answer in time"
  const code = codeOf(error)
  // What the parser of Node says of bytes that are not HTTP, and OpenSSL of bytes that are not TLS.
  if (code.startsWith("HPE_")) return `does not speak HTTP (${code}): check the address`
  if (code === "EPROTO" || code.startsWith("ERR_SSL_"))
    return `does not speak TLS (${code}): check the address`
  if (code === "CERT_NOT_YET_VALID" || code === "CERT_HAS_EXPIRED")
    return `has a certificate that is not valid now (${code}): check that, and the clock of this machine`
  return `cannot be reached (${code})`
}

/** Returns the code of an error, such as `ECONNREFUSED`, or its message when it has none. */
export const codeOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  return "code" in error && typeof error.code === "string" ? error.code : error.message
}
