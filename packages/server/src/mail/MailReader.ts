/**
 * Reads messages: parses them, and searches them for keywords. What does not take long is read by a worker of its own, so
 * that the mail of a job never waits for what is hostile.
 */
import type { Span } from "@overdue/core/Time"
import * as Limits from "./Limits.ts"
import { condensed, unread, type Mail } from "./Mail.ts"
import { MailParser } from "./MailParser.ts"
import { MailWorkers } from "./MailWorkers.ts"

/** Limits that are not the usual ones. */
export interface Options {
  /** Milliseconds that a message may take at first, by default `Limits.firstTime`. */
  readonly firstTime?: Span
  /** Milliseconds that it may take then, by default `Limits.readingTime`. */
  readonly readingTime?: Span
}

/** A message that is to be searched. */
export interface Message {
  readonly raw: Uint8Array
  /** What is looked for in it. */
  readonly keywords: readonly string[]
  /** The network that it came from. */
  readonly network: string
}

/** Reads messages. */
export interface MailReader {
  /**
   * Resolves with the keywords in the message that begins with these bytes, as `Mail.condensed` tells them; with those in
   * its source when parsing takes too much time or memory. Rejects when too many messages wait: `Limits.waiting`, or half
   * as many of one network.
   */
  readonly read: (message: Message) => Promise<Mail>
}

/** Of a message whose source cannot be searched in time either. */
const nothing: Mail = { subject: "", text: "", isSource: true }

/** Returns a reader, without a worker yet. */
export const make = ({
  firstTime = Limits.firstTime,
  readingTime = Limits.readingTime,
}: Options = {}): MailReader => {
  const workers = new MailWorkers()
  const patient = new MailParser({
    workers,
    lane: "patient",
    time: readingTime,
    failed: (job, failure) => {
      if (failure === "no worker") job.resolve(condensed(unread(job.raw), job.keywords))
      else if (job.isPlain) job.resolve(nothing)
      else patient.add({ ...job, isPlain: true })
    },
  })
  const quick = new MailParser({
    workers,
    lane: "quick",
    time: firstTime,
    failed: (job) => patient.add(job),
  })
  return {
    read: ({ raw, keywords, network }) =>
      new Promise((resolve, reject) => {
        const job = { keywords, network, isPlain: false, resolve, reject }
        quick.add({ ...job, raw: raw.subarray(0, Limits.readSize) })
      }),
  }
}
