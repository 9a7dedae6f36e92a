/** Whether a request that was tried, perhaps several times, may have arrived although no answer says so. */
import { ClientError } from "@overdue/client"
import type { Fetch } from "@overdue/client"
import * as Caught from "./Caught.ts"

/** The tries of one request. */
export interface Tries {
  readonly fetch: Fetch
  /** Whether one of them broke off after it was sent, or was answered by a proxy that had lost the server's answer. */
  readonly mayHaveArrived: () => boolean
  /** Whether one of them created its check with what every new check has there, however it was described. */
  readonly hasCreatedPlainly: () => boolean
}

/** Returns a `fetch` that is watched. */
export const watch = (fetch: Fetch): Tries => {
  let isUncertain = false
  let isPlain = false
  return {
    mayHaveArrived: () => isUncertain,
    hasCreatedPlainly: () => isPlain,
    fetch: async (url, init) => {
      try {
        const response = await fetch(url, init)
        // 429 and 503 say "not done".
        if (response.status === 408 || (response.status >= 500 && response.status !== 503)) isUncertain = true
        // Healthchecks ignores the description, and does not say so; ours says that it has taken it (RFC 7240 §3).
        isPlain ||= response.status === 201 && response.headers.get("Preference-Applied") === null
        return response
      } catch (error) {
        isUncertain ||= !wasNotSent(error)
        throw error
      }
    },
  }
}

/** Whether a later try may succeed. Anything but a `ClientError` is an interruption, after which it may. */
export const mayPass = (error: unknown): boolean => {
  if (!(error instanceof ClientError)) return true
  switch (error._tag) {
    case "Unreachable":
    case "TimedOut":
    case "Unavailable":
    case "RateLimited":
      return true
    case "InvalidTarget":
    case "Invalid":
    case "Denied":
    case "NotFound":
    case "Conflict":
    case "Refused":
      return false
  }
}

/** By the code: no connection was made, be it for its name, its way, its certificate or its proxy. */
const wasNotSent = (error: unknown): boolean =>
  error instanceof ProxyError ||
  /^(ECONNREFUSED|ENOTFOUND|EAI_\w+|E(HOST|NET)UNREACH|EADDRNOTAVAIL|.*CERT.*|.*SIGNATURE.*|ERR_TLS\w*)$/.test(
    Caught.code(error) ?? "",
  )

/** The proxy that is to be taken cannot be used; the message says why, without its password. */
export class ProxyError extends Error {
  /** For who tells what went wrong by code. */
  get code(): string {
    return this.message
  }
}
