/** Limits of the container that this is, from files of cgroup v2. Of a machine, the root of cgroups has none of them. */
import { percent, whole } from "./Figure.ts"

/** Returns the text of a file; `undefined` when there is none. */
export type Find = (path: string) => string | undefined

/** What a container may use of its machine, and uses. */
export interface Memory {
  /** Bytes. */
  readonly limit: number
  /** Bytes without pages of files that can be given back at once, as `docker stats` shows it. */
  readonly used: number
}

/** Time of processors. */
export interface Cpu {
  /** How many processors' time may be used; `1.5` of them, for example. */
  readonly limit: number
  /** Microseconds used since the container began. */
  readonly used: number
}

const root = "/sys/fs/cgroup"

const number = (find: Find, name: string): number | undefined => whole(find(`${root}/${name}`)?.trim())

const line = (text: string | undefined, name: string): number | undefined =>
  whole(new RegExp(`^${name} (\\d+)$`, "m").exec(text ?? "")?.[1])

/** Returns use and limit of memory; `undefined` unless there is a limit below the memory of the machine. */
export const memory = (find: Find, total: number): Memory | undefined => {
  const limit = number(find, "memory.max")
  const current = number(find, "memory.current")
  if (limit === undefined || limit === 0 || limit >= total || current === undefined) return undefined
  const reclaimable = line(find(`${root}/memory.stat`), "inactive_file") ?? 0
  return { limit, used: Math.max(0, current - reclaimable) }
}

/** Returns the percentage of the swap that the container may use; `undefined` without a limit. */
export const swapUsage = (find: Find): number | undefined => {
  const limit = number(find, "memory.swap.max")
  const current = number(find, "memory.swap.current")
  return limit === undefined || current === undefined ? undefined : percent(current, limit)
}

/** Returns use and limit of processors; `undefined` without a limit. */
export const cpu = (find: Find): Cpu | undefined => {
  const [, quota, period] = /^(\d+) (\d+)$/m.exec(find(`${root}/cpu.max`) ?? "") ?? []
  const used = line(find(`${root}/cpu.stat`), "usage_usec")
  if (quota === undefined || period === undefined || Number(period) === 0 || used === undefined)
    return undefined
  return { limit: Number(quota) / Number(period), used }
}

/** Returns the percentage of the limit that was used between two moments; `undefined` when it cannot be known. */
export const cpuUsage = (before: Cpu, after: Cpu, seconds: number): number | undefined =>
  after.used < before.used ? undefined : percent((after.used - before.used) / 1e6, after.limit * seconds)
