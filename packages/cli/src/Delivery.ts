/** Sends signals: those kept on disk first, and what cannot be sent now is kept there for later. */
import { address, ClientError, ping } from "@overdue/client"
import type { Kind, Patience, Receipt, Target } from "@overdue/client"
import { randomUUID } from "node:crypto"
import { setTimeout } from "node:timers/promises"
import { counted } from "@overdue/core/Counted"
import * as Answer from "./Answer.ts"
import * as Caught from "./Caught.ts"
import { UsageError } from "./Failure.ts"
import { fetchOfPing } from "./Fetch.ts"
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
  const earlier = spool === undefined ? undefined : await ahead(spool, signal, terms)
  // Of one check, what happened earlier arrives earlier. And a server that just failed for a kept signal is not asked
  // again: that would only hold up the job.
  let problem: unknown
  const tries = Tries.watch(fetchOfPing)
  const isBehind = earlier?.isPending === true && kind !== "start"
  if (!earlier?.isAway && !isBehind) {
    try {
      const receipt = await ping(target, {
        ...patience(terms),
        fetch: Answer.ofPingServer(tries.fetch, kind),
        kind,
        key,
        headers,
        ...(rid !== undefined && { rid }),
        ...(body !== undefined && { body }),
        ...(bodyLimit !== undefined && { bodyLimit }),
      })
      const lost = tries.hasCreatedPlainly() ? Answer.described(target) : []
      if (lost.length > 0) say(Answer.withoutDescription(lost))
      return { is: "sent", receipt }
    } catch (error) {
      problem = error
    }
  }
  const unasked = isBehind && !earlier.isAway ? "another process still sends earlier signals" : undefined
  const sentence =
    problem === undefined
      ? (unasked ?? "the server still cannot be reached")
      : await inPlain(Answer.explained(problem, kind))
  const canWait = spool !== undefined && kind !== "start" && (problem === undefined || Tries.mayPass(problem))
  if (canWait && (await keep(spool, { ...signal, key }, say))) {
    say(`${sentence}; this signal is kept on this machine and sent with the next one`)
    // The other process sends it too, unless it had just looked for the last time.
    if (unasked !== undefined) await ahead(spool, { ...signal, kind: "start" }, terms)
    return { is: "kept" }
  }
  if (tries.mayHaveArrived()) {
    say(`${sentence}; it is not known whether this signal (${kind}) arrived`)
    return { is: "unknown" }
  }
  say(`${sentence}; this signal (${kind}) is lost`)
  return { is: "lost" }
}

/** A message may hold what a server has answered, which a terminal must not obey. Loaded when something went wrong only. */
const inPlain = async (sentence: string): Promise<string> => (await import("./Style.ts")).plain(sentence)

/** Milliseconds between two looks at a queue that another process is sending. */
const look = 50

/**
 * Sends the kept signals of the check of a signal, in no more time than that may take. It waits as long for another
 * process that is sending them; a start, which says nothing of how a run ends, does not wait.
 */
const ahead = async (spool: string, { target, kind }: Signal, terms: Terms): Promise<Flushed> => {
  const check = Spool.place(address(target))
  const end = Date.now() + 2 * (terms.timeout ?? defaultTimeout)
  for (;;) {
    const flushed = await flush(spool, terms, {
      which: ({ url }) => Spool.place(new URL(url)) === check,
      end,
    })
    const isOver = kind === "start" || Date.now() + look >= end || terms.abort?.aborted === true
    if (flushed.isAway || !flushed.isPending || isOver) return flushed
    await setTimeout(look)
  }
}

/** Kept signals of other checks, which are being sent beside the job at hand. */
export interface Others {
  /** Leaves the rest for another time, at once. */
  readonly leave: (why: Error) => void
  /** To be called when the job at hand is reported: resolves when all are sent, and leaves the rest after a second. */
  readonly end: () => Promise<void>
}

/** Milliseconds for which kept signals of other checks may hold up whoever waits for this one. */
const othersMayTake = 1000

/** Begins to send the kept signals of other checks than one, which are no business of the job at hand. Never rejects. */
export const sendOthers = (target: Target, terms: Terms): Others => {
  const { spool } = terms
  const check = Spool.place(address(target))
  const abort = new AbortController()
  const which: Spool.Which = ({ url }) => Spool.place(new URL(url)) !== check
  const sent = spool === undefined ? undefined : flush(spool, { ...terms, abort: abort.signal }, { which })
  const leave = (why: Error) => abort.abort(why)
  const end = async () => {
    const patience = globalThis.setTimeout(() => leave(new Error("not now")), othersMayTake)
    await sent
    clearTimeout(patience)
  }
  return { leave, end }
}

/** Which signals are sent, and until when, in epoch milliseconds. */
interface Part {
  readonly which?: Spool.Which
  readonly end?: number
}

/** What became of kept signals. */
interface Flushed {
  /** Whether a server did not answer. */
  readonly isAway: boolean
  /** Whether some are left, perhaps because another process is sending them. */
  readonly isPending: boolean
}

/** Sends kept signals; each server is asked no more once it has failed, which makes it away. Never rejects. */
export const flush = async (
  spool: string,
  terms: Terms,
  { which, end = Infinity }: Part = {},
): Promise<Flushed> => {
  const { say, abort } = terms
  let isAway = false
  let isPending = false
  const send = async (entry: Spool.Entry): Promise<Spool.Verdict> => {
    if (abort?.aborted || Date.now() >= end) {
      isAway = true
      return "keep"
    }
    try {
      const kind = Date.now() - entry.at > staleAfter ? "log" : entry.kind
      await ping(entry.url, {
        ...patience(terms),
        attempts: 1,
        fetch: Answer.ofPingServer(fetchOfPing, kind),
        kind,
        headers,
        body: annotated(entry),
        ...(entry.key !== undefined && { key: entry.key }),
        ...(entry.rid !== undefined && { rid: entry.rid }),
      })
      return "sent"
    } catch (error) {
      if (!Tries.mayPass(error)) return "refused"
      isAway = true
      // A page may stand at the address of one check only.
      return error instanceof ClientError && error.cause instanceof Answer.ForeignAnswer ? "skip" : "keep"
    }
  }
  try {
    const flushed = await Spool.flush(spool, send, which)
    const { sent, refused } = flushed
    isPending = flushed.isPending
    if (sent > 0) say(`sent ${counted(sent, "signal")} kept from earlier`)
    if (refused > 0)
      say(
        `${refused} kept signal${refused === 1 ? " was" : "s were"} refused by the server or damaged, and deleted`,
      )
  } catch (error) {
    say(`the signals kept in ${spool} cannot be read: ${Caught.message(error)}`)
  }
  return { isAway, isPending }
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
