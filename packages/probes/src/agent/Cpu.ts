/** Use of the processors, from the first line of /proc/stat: proc(5), `cpu`. */
import { percent, Unreadable, whole } from "./Figure.ts"

/** Ticks since the start of the machine, of all processors together. */
export interface Ticks {
  /** Everything but idle and iowait. */
  readonly used: number
  readonly idle: number
  readonly iowait: number
}

/** Returns the ticks. Throws `Unreadable`. */
export const parse = (stat: string): Ticks => {
  const line = /^cpu +(.*)$/m.exec(stat)?.[1]?.trim().split(/ +/).map(whole)
  const [user, nice, system, idle, iowait = 0, irq = 0, softirq = 0, steal = 0] = line ?? []
  if (user === undefined || nice === undefined || system === undefined || idle === undefined)
    throw new Unreadable("has no line `cpu` with at least four numbers")
  // Guests follow in the line, and are counted in user and nice already.
  return { used: user + nice + system + irq + softirq + steal, idle, iowait }
}

/**
 * Returns the percentage in use between two moments: 100 − %idle − %iowait of mpstat(1). Steal is use: something
 * wanted to run, and could not. `undefined` when no tick has passed, or when a counter went backwards, as when a
 * virtual machine moves.
 */
export const usage = (before: Ticks, after: Ticks): number | undefined => {
  const used = after.used - before.used
  const idle = after.idle - before.idle
  // It may go back by a little while nothing is wrong: proc(5).
  const iowait = Math.max(0, after.iowait - before.iowait)
  if (used < 0 || idle < 0 || used + idle + iowait === 0) return undefined
  return percent(used, used + idle + iowait)
}
