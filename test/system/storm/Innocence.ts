/** Whether a job has deserved to be called down. */
import type { Down } from "./Ledger.ts"
import type { Job, Sent } from "./Job.ts"

/** A job that was called down although it had signalled. Instants are in epoch milliseconds. */
export interface FalseAlarm extends Down {
  readonly slug: string
  readonly way: Job["way"]
  /** Its last signals before, each with how long before the alarm it was sent, and what became of it. */
  readonly sent: readonly string[]
}

/** What is found. */
export interface Judgement {
  readonly falseAlarms: readonly FalseAlarm[]
  /** How often a job went down because its own process was late. */
  readonly deserved: number
}

/**
 * What may lie between sending and deciding: a signal that was sent so soon before a deadline was late itself, in
 * milliseconds.
 */
const close = 500

/** How long before a deadline the last signal of an innocent job was sent at most. */
const silenceOf = ({ way, period, grace }: Job): number =>
  // Its deadline is counted from its slot, after which it signals.
  way === "slot" ? grace : period + grace

/** Returns the false alarms, and those that a job deserved because its own process was late. */
export const judge = (jobs: readonly Job[], sent: readonly Sent[], downs: readonly Down[]): Judgement => {
  const falseAlarms: FalseAlarm[] = []
  let deserved = 0
  for (const job of jobs) {
    const signals = sent.filter((one) => one.job === job.id)
    const end = Math.max(...signals.map(({ at }) => at))
    for (const down of downs.filter(({ check, at }) => check === job.id && at <= end)) {
      const before = signals.filter(({ at }) => at <= down.at - close)
      const isSilent = before.every(({ at }) => at <= down.at - silenceOf(job))
      if (isSilent) deserved++
      else
        falseAlarms.push({
          ...down,
          slug: job.slug,
          way: job.way,
          sent: before
            .slice(-3)
            .map(
              ({ at, took, answer }) => `${down.at - at} ms before: ${answer} after ${Math.round(took)} ms`,
            ),
        })
    }
  }
  return { falseAlarms, deserved }
}
