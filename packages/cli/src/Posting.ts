/** Posts JSON to a server, for a program that runs for long: its key may be put right meanwhile. */
import type { Fetch } from "@overdue/client"
import type { HttpAnswer } from "@overdue/probes/HttpAnswer"

/** Who posts. */
export interface Terms {
  readonly fetch: Fetch
  /** Names the program to the server. */
  readonly program: string
  /** Reads the key; throws when it cannot be read. */
  readonly keyNow: () => string
  /** Returns the header field that has a key. */
  readonly credential: (key: string) => Readonly<Record<string, string>>
}

type Init = Parameters<Fetch>[1] & { readonly signal: AbortSignal }

/** Posts a body. Rejects when no answer came; when it was aborted, with the reason of its signal. */
export type Post = (url: string, body: string, signal: AbortSignal) => Promise<HttpAnswer>

/** Returns what posts, and reads the key again when the server does not accept it. Throws when there is none. */
export const make = ({ fetch, program, keyNow, credential }: Terms): Post => {
  let key = keyNow()
  return async (url, body, signal) => {
    const headers = {
      ...credential(key),
      "Content-Type": "application/json",
      Accept: "application/json",
      "User-Agent": program,
    }
    const answer = await answered(fetch, url, { method: "POST", headers, body, signal })
    if (answer.status === 401 || answer.status === 403) key = renewed(keyNow) ?? key
    return answer
  }
}

const answered = async (fetch: Fetch, url: string, init: Init): Promise<HttpAnswer> => {
  try {
    const answer = await fetch(url, init)
    const field = (name: string) => answer.headers.get(name) ?? undefined
    const text = await answer.text()
    return { status: answer.status, retryAfter: field("Retry-After"), date: field("Date"), text }
  } catch (error) {
    // Node says of a connection that it was aborted, or reset, and not why.
    throw init.signal.aborted ? init.signal.reason : error
  }
}

/** Returns the key, which somebody may have put right; `undefined` when it cannot be read, perhaps in the middle of that. */
const renewed = (keyNow: () => string): string | undefined => {
  try {
    return keyNow()
  } catch {
    return undefined
  }
}
