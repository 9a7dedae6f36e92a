/** Sends signals: those kept on disk first, and what cannot be sent now is kept there for later. */
import { address, ClientError, ping } from "@overdue/client"
import type { Kind, Patience, Receipt, Target } from "@overdue/client"
import { randomUUID } from "node:crypto"
import { counted } from "./Counted.ts"
import * as Caught from "./Caught.ts"
import { UsageError } from "./Failure.ts"
import { fetch } from "./Fetch.ts"
import type { Text } from "./Flags.ts"
import { whole } from "./job/Tail.ts"
import * as Span from "./Span.ts"
import * as Spool from "./Spool.ts"
import * as Tries from "./Tries.ts"

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
  /** Limit of one try, in milliseconds. */
  readonly timeout?: number | undefined
}

/** What became of a signal: `kept` is on disk, to be sent later; `unknown` may or may not have arrived. */
export type Outcome =
  | { readonly is: "sent"; readonly receipt: Receipt }
  | { readonly is: "kept" }
  | { readonly is: "lost" }
  | { readonly is: "unknown" }

/** Limit of one try in milliseconds, unless `--network-timeout` says otherwise. */
const defaultTimeout = 5000

/** `--network-timeout`. */
export const timeoutFlag = {
  kind: "text",
  value: "SPAN",
  env: "OVERDUE_NETWORK_TIMEOUT",
  default: "5s",
  help: "how long one try to reach the server may take; all three tries of a signal may take twice as long",
} as const satisfies Text

/** Returns the limit of one try in milliseconds. Fails with a `UsageError`. */
export const timeoutOf = (text: string | undefined): number => {
  const seconds = Span.parse("--network-timeout", text) ?? defaultTimeout / 1000
  if (seconds >= 0.1 && seconds <= 600) return seconds * 1000
  throw new UsageError(`--network-timeout is at least 100ms and at most 10m, not ${JSON.stringify(text)}`)
}

/** A job must not wait long for its monitor: three tries within twice the time of one. */
const patience = ({ timeout = defaultTimeout, abort }: Terms): Patience => ({
  attempts: 3,
  timeout,
  total: 2 * timeout,
  fetch,
  ...(abort && { signal: abort }),
})

/** Milliseconds after which a signal says nothing about the present any more: it is sent as `log`. */
const staleAfter = 86_400_000

/** How many bytes of a body a server is assumed to store until it says otherwise. */
export const defaultBodyLimit = 10_000

const headers = { "User-Agent": "overdue-cli" }

/**
 * Sends the kept signals of the check and then this one, or keeps it. Never rejects. A start is not kept: sent late, it
 * would time its run wrongly.
 */
export const deliver = async (signal: Signal, terms: Terms): Promise<Outcome> => {
  const { target, kind, rid, body, bodyLimit } = signal
  const { spool, say } = terms
  const key = randomUUID()
  const check = place(address(target))
  const earlier = spool === undefined ? undefined : await ahead(spool, check, terms)
  // Of one check, what happened earlier arrives earlier. And a server that just failed for a kept signal is not asked
  // again: that would only hold up the job.
  let problem: unknown
  const tries = Tries.watch(fetch)
  if (!earlier?.isAway) {
    try {
      const receipt = await ping(target, {
        ...patience(terms),
        fetch: tries.fetch,
        kind,
        key,
        headers,
        ...(rid !== undefined && { rid }),
        ...(body !== undefined && { body }),
        ...(bodyLimit !== undefined && { bodyLimit }),
      })
      return { is: "sent", receipt }
    } catch (error) {
      problem = error
    }
  }
  const sentence = problem === undefined ? "the server still cannot be reached" : Caught.message(problem)
  const canWait = spool !== undefined && kind !== "start" && (problem === undefined || mayPass(problem))
  if (canWait && (await keep(spool, { ...signal, key }, say))) {
    say(`${sentence}; this signal is kept on this machine and sent with the next one`)
    return { is: "kept" }
  }
  if (tries.mayHaveArrived()) {
    say(`${sentence}; it is not known whether this signal (${kind}) arrived`)
    return { is: "unknown" }
  }
  say(`${sentence}; this signal (${kind}) is lost`)
  return { is: "lost" }
}

/** Sends the kept signals of a check, in no more time than a signal may take. */
const ahead = (spool: string, check: string, terms: Terms) => {
  const end = Date.now() + 2 * (terms.timeout ?? defaultTimeout)
  return flush(spool, terms, { which: ({ url }) => place(new URL(url)) === check, end })
}

/**
 * Sends the kept signals of other checks than one. They are no business of the job at hand, so `terms.abort` may end it
 * at any time. Never rejects.
 */
export const sendOthers = async (target: Target, terms: Terms): Promise<void> => {
  const { spool } = terms
  const check = place(address(target))
  if (spool !== undefined) await flush(spool, terms, { which: ({ url }) => place(new URL(url)) !== check })
}

/** Which signals are sent, and until when, in epoch milliseconds. */
interface Part {
  readonly which?: Spool.Which
  readonly end?: number
}

/** Sends kept signals; each server is asked no more once it has failed, which makes it away. Never rejects. */
export const flush = async (
  spool: string,
  terms: Terms,
  { which, end = Infinity }: Part = {},
): Promise<{ readonly isAway: boolean }> => {
  const { say, abort } = terms
  let isAway = false
  const send = async (entry: Spool.Entry): Promise<Spool.Verdict> => {
    if (abort?.aborted || Date.now() >= end) {
      isAway = true
      return "keep"
    }
    try {
      const isStale = Date.now() - entry.at > staleAfter
      await ping(entry.url, {
        ...patience(terms),
        attempts: 1,
        kind: isStale ? "log" : entry.kind,
        headers,
        body: annotated(entry),
        ...(entry.key !== undefined && { key: entry.key }),
        ...(entry.rid !== undefined && { rid: entry.rid }),
      })
      return "sent"
    } catch (error) {
      if (!mayPass(error)) return "refused"
      isAway = true
      return "keep"
    }
  }
  try {
    const { sent, refused } = await Spool.flush(spool, send, which)
    if (sent > 0) say(`sent ${counted(sent, "signal")} kept from earlier`)
    if (refused > 0)
      say(
        `${refused} kept signal${refused === 1 ? " was" : "s were"} refused by the server or damaged, and deleted`,
      )
  } catch (error) {
    say(`the signals kept in ${spool} cannot be read: ${Caught.message(error)}`)
  }
  return { isAway }
}

/** Puts a signal in the queue; resolves to whether it is there. */
const keep = async (
  spool: string,
  signal: Signal & { readonly key: string },
  say: (line: string) => void,
): Promise<boolean> => {
  const { target, kind, rid, at, startedAt, body = Buffer.alloc(0), key } = signal
  try {
    const entry = { url: address(target).href, kind, rid, at, startedAt, body, key }
    const dropped = await Spool.add(spool, entry)
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

/** A check as its signals name it: what says how it is created makes no other check of it. */
const place = ({ origin, pathname }: URL): string => `${origin}${pathname.replace(/\/+$/, "")}`
