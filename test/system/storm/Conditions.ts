/** What must hold of a server in a storm. */
import * as Quantile from "../../bench/report/Quantile.ts"
import * as MailLimits from "@overdue/server/mail/Limits"
import * as Job from "./Job.ts"
import { descriptorsMore, type Report } from "./Storm.ts"

export interface Condition {
  readonly name: string
  readonly wanted: string
  readonly found: string
  readonly holds: boolean
}

/** Milliseconds that a ping may take. */
const slowest = 1_000
/** The same of a mail: one message of a stranger may be read before it. */
const slowestMail = MailLimits.readingTime + slowest
/** Milliseconds from a deadline to the arrival of the alert. */
const latestAlert = 3_000
/** By how much more memory the last third of a storm may take than the one before. */
const growth = 1.2
/** Lines a minute: each flip and each alert is one. */
const lines = 1_000
/** Milliseconds that a server may take to stop. */
const longestStop = 10_000

/** Returns every condition with what was found. */
export const of = (report: Report): readonly Condition[] => {
  const { jobs, strangers, ledger, descriptors, ended } = report
  const pings = jobs.sent.filter(({ door }) => door === "http")
  const mails = jobs.sent.filter(({ door }) => door === "mail")
  const refused = jobs.sent.filter((sent) => !Job.isTaken(sent))
  const late = jobs.silences.filter(({ after }) => after === undefined || after > latestAlert)
  const errors = errorsOf(report)
  const [second, last] = memory(report)
  return [
    none("false alarms", report.falseAlarms),
    none("blind spans", ledger.blind),
    none("pings and mails of jobs that were refused", refused),
    none(`pings of jobs above ${ms(slowest)}`, slower(pings, slowest)),
    none(`mails of jobs above ${ms(slowestMail)}`, slower(mails, slowestMail)),
    {
      name: `alerts within ${ms(latestAlert)} of their deadlines`,
      wanted: "all",
      found: `${jobs.silences.length - late.length} of ${jobs.silences.length}`,
      holds: jobs.silences.length > 0 && late.length === 0,
    },
    none("answers 5xx, but 503 with Retry-After", strangers.wrong),
    none("errors in the log", errors),
    {
      name: "memory, last third to second third",
      wanted: `≤ ${growth}`,
      found: (last / second).toFixed(2),
      holds: !(last > growth * second),
    },
    {
      name: "file descriptors, after to before",
      wanted: `≤ +${descriptorsMore}`,
      found: `${descriptors.before} to ${descriptors.after}`,
      holds: descriptors.after <= descriptors.before + descriptorsMore,
    },
    {
      name: "lines of the log a minute",
      wanted: `≤ ${lines}`,
      found: report.linesPerMinute.toFixed(0),
      holds: report.linesPerMinute <= lines,
    },
    {
      name: "exit code on SIGTERM",
      wanted: "0",
      found: String(ended.code ?? ended.signal),
      holds: ended.code === 0,
    },
    {
      name: "time to stop",
      wanted: `< ${ms(longestStop)}`,
      found: ms(report.endedAfter),
      holds: report.endedAfter < longestStop,
    },
  ]
}

/** Returns the lines of the log that tell of a fault. */
export const errorsOf = ({ ended }: Pick<Report, "ended">): readonly string[] =>
  ended.stderr.split("\n").filter((line) => / level=(ERROR|FATAL) |^\s+at /.test(line))

/** Returns the mean memory of the second third and of the last, in megabytes. */
export const memory = ({ samples }: Pick<Report, "samples">): readonly [second: number, last: number] => {
  const third = Math.floor(samples.length / 3)
  const mean = (from: number, to: number): number =>
    samples.slice(from, to).reduce((sum, { memory }) => sum + memory, 0) / (to - from)
  return [mean(third, 2 * third), mean(2 * third, samples.length)]
}

/** How long signals took, in milliseconds. */
export interface Times {
  readonly count: number
  readonly p50: number
  readonly p99: number
  readonly slowest: number
}

/** Returns how long the signals of jobs by a door took. */
export const times = ({ jobs }: Pick<Report, "jobs">, door: Job.Sent["door"]): Times => {
  const took = jobs.sent.filter((sent) => sent.door === door).map(({ took }) => took)
  const at = Quantile.of(took)
  return { count: took.length, p50: at(0.5), p99: at(0.99), slowest: at(1) }
}

/** "1,234 ms". */
export const ms = (figure: number): string => `${Math.round(figure).toLocaleString("en")} ms`

const none = (name: string, found: readonly unknown[]): Condition => ({
  name,
  wanted: "0",
  found: String(found.length),
  holds: found.length === 0,
})

const slower = (sent: readonly Job.Sent[], than: number): readonly Job.Sent[] =>
  sent.filter(({ took }) => took > than)
