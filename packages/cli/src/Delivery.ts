/** Sends signals: those kept on disk first, and what cannot be sent now is kept there for later. */
import { address, ClientError, ping } from "@overdue/client"
import type { Kind, Patience, Receipt, Target } from "@overdue/client"
import { counted } from "./Counted.ts"
import * as Caught from "./Caught.ts"
import { fetch } from "./Fetch.ts"
import * as Spool from "./Spool.ts"
import { whole } from "./Tail.ts"

/** A signal of a job. */
export interface Signal {
  readonly target: Target
  readonly kind: Kind
  readonly rid?: string | undefined
  /** When it happened, epoch milliseconds. */
  readonly at: number
  /** When the run began that it ends, epoch milliseconds. */
  readonly startedAt?: number | undefined
  readonly body?: Buffer | undefined
  /** How many bytes of the body are sent. */
  readonly bodyLimit?: number | undefined
}

/** How signals are sent. */
export interface Terms {
  /** The directory for signals that cannot be sent; `undefined`: they are lost. */
  readonly spool: string | undefined
  /** Prints one line for the person who reads stderr. */
  readonly say: (line: string) => void
  /** Ends the sending at once. */
  readonly abort?: AbortSignal | undefined
}

/** What became of a signal: `kept` is on disk, to be sent later. */
export type Outcome =
  | { readonly is: "sent"; readonly receipt: Receipt }
  | { readonly is: "kept" }
  | { readonly is: "lost" }

/** A job must not wait long for its monitor: three tries within ten seconds. */
const patience: Patience = { attempts: 3, timeout: 5000, total: 10_000, fetch }

/** Milliseconds after which a signal says nothing about the present any more: it is sent as `log`. */
const staleAfter = 86_400_000

/** How many bytes of a body a server is assumed to store until it says otherwise. */
export const defaultBodyLimit = 10_000

const headers = { "User-Agent": "overdue-cli" }

/**
 * Sends the kept signals and then this one, or keeps it. Never rejects. A start is not kept: sent late, it would time
 * its run wrongly.
 */
export const deliver = async (signal: Signal, terms: Terms): Promise<Outcome> => {
  const { target, kind, rid, body, bodyLimit } = signal
  const { spool, say, abort } = terms
  const unreachable = spool === undefined ? new Set<string>() : await flush(spool, terms)
  let problem: unknown
  // A server that just failed for a kept signal is not asked again: that would only hold up the job.
  const isAway = unreachable.has(origin(target))
  if (!isAway) {
    try {
      const receipt = await ping(target, {
        ...patience,
        kind,
        headers,
        ...(rid !== undefined && { rid }),
        ...(body !== undefined && { body }),
        ...(bodyLimit !== undefined && { bodyLimit }),
        ...(abort && { signal: abort }),
      })
      return { is: "sent", receipt }
    } catch (error) {
      problem = error
    }
  }
  const sentence = problem === undefined ? "the server still cannot be reached" : Caught.message(problem)
  const canWait = spool !== undefined && kind !== "start" && (isAway || mayPass(problem))
  if (canWait && (await keep(spool, signal, say))) {
    say(`${sentence}; this signal is kept on this machine and sent with the next one`)
    return { is: "kept" }
  }
  say(`${sentence}; this signal (${kind}) is lost`)
  return { is: "lost" }
}

/** Sends the kept signals. Resolves to the origins of the servers that could not be reached. */
export const flush = async (spool: string, { say, abort }: Terms): Promise<Set<string>> => {
  const unreachable = new Set<string>()
  try {
    const { sent, refused } = await Spool.flush(spool, async (entry) => {
      try {
        const isStale = Date.now() - entry.at > staleAfter
        await ping(entry.url, {
          ...patience,
          attempts: 1,
          kind: isStale ? "log" : entry.kind,
          headers,
          body: annotated(entry),
          ...(entry.rid !== undefined && { rid: entry.rid }),
          ...(abort && { signal: abort }),
        })
        return "sent"
      } catch (error) {
        if (!mayPass(error)) return "refused"
        unreachable.add(origin(entry.url))
        return "keep"
      }
    })
    if (sent > 0) say(`sent ${counted(sent, "signal")} kept from earlier`)
    if (refused > 0)
      say(`${refused} kept signal${refused === 1 ? " was" : "s were"} refused by the server, and deleted`)
  } catch (error) {
    say(`the signals kept in ${spool} cannot be read: ${Caught.message(error)}`)
  }
  return unreachable
}

const keep = async (spool: string, signal: Signal, say: (line: string) => void): Promise<boolean> => {
  const { target, kind, rid, at, startedAt, body = Buffer.alloc(0) } = signal
  try {
    const dropped = await Spool.add(spool, { url: address(target).href, kind, rid, at, startedAt, body })
    if (dropped > 0)
      say(`${spool} is full: the ${dropped} oldest signal${dropped === 1 ? " was" : "s were"} deleted`)
    return true
  } catch (error) {
    say(`this signal cannot be kept in ${spool}: ${Caught.message(error)}`)
    return false
  }
}

/**
 * Returns the body below a line that says when the signal really happened, within the limit: of the body, the end is
 * kept.
 */
const annotated = ({ at, startedAt, body }: Spool.Entry): Buffer => {
  const began = startedAt === undefined ? "" : `, begun ${new Date(startedAt).toISOString()}`
  const note = Buffer.from(`sent late: this happened ${new Date(at).toISOString()}${began}\n\n`)
  const room = defaultBodyLimit - note.length
  return Buffer.concat([note, body.length <= room ? body : whole(body.subarray(-room))])
}

/** Whether a later try may succeed. Anything but a `ClientError` is an interruption, after which it may. */
const mayPass = (error: unknown): boolean => {
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

const origin = (target: Target): string => address(target).origin
