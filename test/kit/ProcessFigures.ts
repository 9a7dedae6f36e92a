/** What the system tells of another process, as far as it does: Linux alone has /proc. */
import { readdirSync, readFileSync } from "node:fs"

/** Returns what a process holds in memory now, in megabytes; 0 where the system does not say. */
export const memory = (pid: number): number => Math.round(kibibytes(pid, "status", "VmRSS") / 1024)

/** Returns the kibibytes of a line of a file about a process; 0 where the system does not say. */
export const kibibytes = (pid: number, file: string, name: string): number =>
  Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(told(pid, file))?.[1] ?? 0)

/** Returns how many file descriptors a process has open, sockets among them; 0 where the system does not say. */
export const descriptors = (pid: number): number => {
  try {
    return readdirSync(`/proc/${pid}/fd`).length
  } catch {
    return 0
  }
}

/** Ticks a second in which /proc counts: `sysconf(_SC_CLK_TCK)`, the same on all Linux systems of today. */
const ticks = 100

/** Returns for how many seconds a process has used a processor; 0 where the system does not say. */
export const processorTime = (pid: number): number => {
  // The name before it may hold anything, brackets included.
  const fields = told(pid, "stat").split(") ").at(-1)!.split(" ")
  return fields.length < 13 ? 0 : (Number(fields[11]) + Number(fields[12])) / ticks
}

/**
 * Returns for how many seconds a process has used a processor, together with its children: those that it has now, and those
 * that have ended. 0 where the system does not say.
 */
export const familyTime = (pid: number): number => {
  const ended = told(pid, "stat").split(") ").at(-1)!.split(" ").slice(13, 15).map(Number)
  const children = told(pid, `task/${pid}/children`).trim().split(" ").filter(Boolean).map(Number)
  return [...children, pid].reduce(
    (sum, each) => sum + processorTime(each),
    ended.reduce((sum, spent) => sum + spent, 0) / ticks,
  )
}

/** Returns for how many nanoseconds the threads of a process have run that it has now; fails where the system does not say. */
export const threadTime = (pid: number): number =>
  readdirSync(`/proc/${pid}/task`).reduce(
    (sum, thread) => sum + Number(told(pid, `task/${thread}/schedstat`).split(" ")[0]),
    0,
  )

const told = (pid: number, file: string): string => {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8")
  } catch {
    return ""
  }
}
