/** The load of the machine, from /proc/loadavg. */
import { Unreadable } from "./Figure.ts"

/** How many processes ran or waited for a disk, on average over one, five and fifteen minutes. */
export interface Load {
  readonly load1: number
  readonly load5: number
  readonly load15: number
}

/** Returns the load. Throws `Unreadable`. */
export const parse = (loadavg: string): Load => {
  const found = /^(\d+\.\d+) (\d+\.\d+) (\d+\.\d+)\b/.exec(loadavg)
  if (found === null) throw new Unreadable("does not begin with three numbers")
  return { load1: Number(found[1]), load5: Number(found[2]), load15: Number(found[3]) }
}
