/** Memory and swap, from /proc/meminfo. */
import { percent, Unreadable, whole } from "./Figure.ts"

/** Bytes. */
export interface Memory {
  readonly total: number
  readonly available: number
  readonly swapTotal: number
  readonly swapFree: number
}

/** Returns what the machine has, and what of it is left. Throws `Unreadable`. */
export const parse = (meminfo: string): Memory => {
  const lines = new Map<string, number>()
  for (const [, name = "", kibibytes] of meminfo.matchAll(/^(\w+): +(\d+) kB$/gm))
    lines.set(name, (whole(kibibytes) ?? 0) * 1024)
  const total = lines.get("MemTotal")
  const free = lines.get("MemFree")
  if (total === undefined || total === 0) throw new Unreadable("has no line `MemTotal`")
  if (free === undefined) throw new Unreadable("has no line `MemFree`")
  const of = (name: string): number => lines.get(name) ?? 0
  // Kernels before 3.14 do not say what is available: what they could give back at once is the nearest.
  const guess = free + of("Buffers") + of("Cached") + of("SReclaimable") - of("Shmem")
  return {
    total,
    available: lines.get("MemAvailable") ?? guess,
    swapTotal: of("SwapTotal"),
    swapFree: of("SwapFree"),
  }
}

/** Returns the percentage of memory that is not available, as `used` of free(1) since procps 4. */
export const usage = ({ total, available }: Memory): number => percent(total - available, total)

/** Returns the percentage of swap in use; 0 without any. */
export const swapUsage = ({ swapTotal, swapFree }: Memory): number => percent(swapTotal - swapFree, swapTotal)
