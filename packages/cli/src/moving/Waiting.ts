/** Patience with a server that is busy or away: what is said before each wait, and when it is over. */
import { setTimeout } from "node:timers/promises"
import { retryAfter, type ClientError, type Fetch, type Patience } from "@overdue/client/retry"
import * as Span from "../Span.ts"

/** Tries of one request. */
const attempts = 8

/** Milliseconds for all tries: a limit of requests is over within a minute, and a restart within five. */
export const total = 300_000

/** A server, and how it is asked. */
export interface Asked {
  readonly host: string
  readonly fetch: Fetch
  /** Prints a line for the person who waits. */
  readonly say: (line: string) => void
  /** For tests. */
  readonly clock?: Clock | undefined
}

/** A clock that need not be that of the machine. */
export interface Clock extends Pick<Patience, "now" | "random"> {
  readonly sleep?: (milliseconds: number) => Promise<unknown>
}

/** Patience that is watched. */
export interface Waiting {
  /** To be called before each request that has tries of its own. */
  readonly begin: () => void
  readonly patience: Patience
  /** Returns why a request failed, and what that means for whoever was patient. */
  readonly end: (error: ClientError) => string
}

/** Returns patience with a server. */
export const watch = ({ host, fetch, say, clock = {} }: Asked): Waiting => {
  const { now = Date.now, sleep = setTimeout } = clock
  let tries = 1
  let asked = 0
  return {
    begin: () => {
      tries = 1
    },
    patience: {
      ...clock,
      attempts,
      total,
      fetch: async (url, init) => {
        asked = 0
        const response = await fetch(url, init)
        asked = retryAfter(response.headers.get("Retry-After"), now())
        return response
      },
      sleep: (wait, _, error) => {
        tries++
        say(`${host}: ${error?.message}; trying again in ${length(wait)}`)
        return sleep(wait)
      },
    },
    end: ({ message, _tag }) => {
      if (!["RateLimited", "Unavailable", "Unreachable", "TimedOut"].includes(_tag)) return message
      if (asked > 0 && tries < attempts)
        return `${message}, and it asks to wait for ${length(asked)}; import again then`
      return `${message}${tries > 1 ? `, also after ${tries} tries` : ""}; import again later`
    },
  }
}

const length = (milliseconds: number): string => Span.print(Math.max(1000, milliseconds))
