/** The processes that use most, from /proc/PID/stat. */
import { percent, rounded, whole } from "./Figure.ts"
import * as Limits from "./Limits.ts"

/** Ticks a second in which /proc counts: `sysconf(_SC_CLK_TCK)`, the same on all Linux systems of today. */
const ticks = 100

/** A process at one moment. */
export interface Process {
  readonly pid: number
  /** As in /proc/PID/comm: at most 15 bytes that it may choose itself. */
  readonly name: string
  /** Ticks in user and system mode since it began. */
  readonly used: number
  /** When it began, in ticks since the start of the machine: another process may have had its number. */
  readonly startedAt: number
  /** Pages in memory. */
  readonly resident: number
}

/** A line of the report. */
export interface Row {
  readonly pid: number
  readonly name: string
  /** Percentage of one processor. */
  readonly cpu: number
  /** Percentage of all memory. */
  readonly memory: number
}

/** Returns the process of a line; `undefined` when it is none. */
export const parse = (stat: string): Process | undefined => {
  // The name may hold anything, brackets and spaces included; behind it are only numbers and a letter.
  const [begin, end] = [stat.indexOf("("), stat.lastIndexOf(")")]
  if (begin < 0 || end < begin) return undefined
  const fields = stat.slice(end + 2).split(" ", 22)
  const pid = whole(stat.slice(0, begin).trim())
  const [user, system, startedAt] = [whole(fields[11]), whole(fields[12]), whole(fields[19])]
  const resident = whole(fields[21]?.trim())
  if (pid === undefined || user === undefined || system === undefined) return undefined
  if (startedAt === undefined || resident === undefined) return undefined
  return { pid, name: stat.slice(begin + 1, end), used: user + system, startedAt, resident }
}

/** Two moments, and what is between them. */
export interface Span {
  readonly seconds: number
  /** Seconds from the start of the machine to the earlier moment. */
  readonly since: number | undefined
  /** Bytes of memory. */
  readonly total: number
  /** Bytes of a page. */
  readonly page: number
}

/** Returns the processes that used most of a processor, and of those that used as much, those that hold most memory. */
export const top = (
  before: ReadonlyMap<number, Process>,
  after: ReadonlyMap<number, Process>,
  span: Span,
): readonly Row[] => {
  const found: { readonly process: Process; readonly used: number }[] = []
  for (const process of after.values()) {
    const used = usedSince(before.get(process.pid), process, span)
    if (used !== undefined) found.push({ process, used })
  }
  return found
    .sort((a, b) => b.used - a.used || b.process.resident - a.process.resident)
    .slice(0, Limits.processes)
    .map(({ process: { pid, name, resident }, used }) => ({
      pid,
      name,
      cpu: rounded((used / ticks / span.seconds) * 100),
      memory: percent(resident * span.page, span.total),
    }))
}

const usedSince = (before: Process | undefined, after: Process, { since }: Span): number | undefined => {
  if (before?.startedAt === after.startedAt)
    return after.used < before.used ? undefined : after.used - before.used
  // It began in between, so that all its time is of that span; or it could not be read before, and then nothing is known.
  return since !== undefined && after.startedAt >= (since - 1) * ticks ? after.used : undefined
}
