/** Signals on their way: what waits on disk goes first, what cannot be sent now waits there. */
import { address, ClientError, ping } from "@overdue/client"
import type { Kind, Patience, Receipt, Target } from "@overdue/client"
import { fetch } from "./Fetch.ts"
import * as Spool from "./Spool.ts"
import { whole } from "./Tail.ts"

export interface Signal {
  readonly target: Target
  readonly kind: Kind
  readonly rid?: string | undefined
  readonly at: number
  readonly startedAt?: number | undefined
  readonly body?: Buffer | undefined
  readonly bodyLimit?: number | undefined
}

export interface Terms {
  /** Where signals wait; `undefined` when they shall not. */
  readonly spool: string | undefined
  /** One line for the person who reads stderr. */
  readonly say: (line: string) => void
  readonly abort?: AbortSignal | undefined
}

export type Outcome =
  | { readonly is: "sent"; readonly receipt: Receipt }
  | { readonly is: "kept" }
  | { readonly is: "lost" }

/** A job must not wait long for its monitor: three tries, ten seconds in all. */
const patience: Patience = { attempts: 3, timeout: 5000, total: 10_000, fetch }

/** An entry that waited longer says nothing about now, so it is written to the log of its check only. */
const staleAfter = 86_400_000

/** What every server keeps of a body before it has said otherwise, in bytes. */
export const defaultBodyLimit = 10_000

const headers = { "User-Agent": "overdue-cli" }

/** Sends the signal after all that wait, or keeps it; never rejects. A start is not kept: late, it would time a lie. */
export const deliver = async (signal: Signal, terms: Terms): Promise<Outcome> => {
  const { target, kind, rid, body, bodyLimit } = signal
  const { spool, say, abort } = terms
  const unreachable = spool === undefined ? new Set<string>() : await flush(spool, terms)
  let problem: unknown
  // A server that just failed for what waits is not asked again: that would only hold up the job.
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
  const sentence = problem === undefined ? "the server is still away" : describe(problem)
  const canWait = spool !== undefined && kind !== "start" && (isAway || mayPass(problem))
  if (canWait && (await keep(spool, signal, say))) {
    say(`${sentence}; this signal is kept and sent with the next one`)
    return { is: "kept" }
  }
  say(`${sentence}; this signal (${kind}) is lost`)
  return { is: "lost" }
}

/** Sends what waits. Resolves to the origins of the servers that failed. */
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
    if (sent > 0) say(`sent ${sent} signal${sent === 1 ? "" : "s"} kept from earlier`)
    if (refused > 0) say(`${refused} kept signal${refused === 1 ? " was" : "s were"} refused and dropped`)
  } catch (error) {
    say(`signals kept in ${spool} cannot be read: ${describe(error)}`)
  }
  return unreachable
}

const keep = async (spool: string, signal: Signal, say: (line: string) => void): Promise<boolean> => {
  const { target, kind, rid, at, startedAt, body = Buffer.alloc(0) } = signal
  try {
    const dropped = await Spool.add(spool, { url: address(target).href, kind, rid, at, startedAt, body })
    if (dropped > 0) say(`${spool} is full: the oldest ${dropped} made room`)
    return true
  } catch (error) {
    say(`signals cannot be kept in ${spool}: ${describe(error)}`)
    return false
  }
}

/** The body with a first line that tells when it really happened; the end of the body survives the limit. */
const annotated = ({ at, startedAt, body }: Spool.Entry): Buffer => {
  const began = startedAt === undefined ? "" : `, begun ${new Date(startedAt).toISOString()}`
  const note = Buffer.from(`sent late: this happened ${new Date(at).toISOString()}${began}\n\n`)
  const room = defaultBodyLimit - note.length
  return Buffer.concat([note, body.length <= room ? body : whole(body.subarray(-room))])
}

/** Trouble that time may mend; anything but a `ClientError` is an interruption. */
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

const describe = (error: unknown): string => (error instanceof Error ? error.message : String(error))
