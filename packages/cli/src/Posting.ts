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

/** Posts a body. Rejects when no answer came. */
export type Post = (url: string, body: string, signal: AbortSignal) => Promise<HttpAnswer>

/** Returns what posts, and reads the key again when the server does not accept it. Throws when there is none. */
export const make = ({ fetch, program, keyNow, credential }: Terms): Post => {
  let key = keyNow()
  return async (url, body, signal) => {
    const answer = await fetch(url, {
      method: "POST",
      headers: {
        ...credential(key),
        "Content-Type": "application/json",
        Accept: "application/json",
        "User-Agent": program,
      },
      body,
      signal,
    })
    const { status } = answer
    const text = await answer.text()
    if (status === 401 || status === 403) key = renewed(keyNow) ?? key
    return { status, retryAfter: answer.headers.get("Retry-After") ?? undefined, text }
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
