/** The descriptors that we were started with, beyond the three of every process. */
import { readdirSync, readlinkSync } from "node:fs"

/**
 * Returns the numbers from 3 on that a shell opened for the job, as in `9>lock` or by the job server of make. Node keeps
 * them from its children unless they are named. Empty where there is no /proc.
 */
export const inherited = (): readonly number[] => {
  let open: readonly (readonly [number: number, target: string])[]
  try {
    open = readdirSync("/proc/self/fd").flatMap((name) => {
      const target = linkOf(name)
      return Number(name) < 3 || target === undefined ? [] : [[Number(name), target] as const]
    })
  } catch {
    return []
  }
  // What Node opens first takes the lowest free number, so all below were open before; above, only files are told apart.
  const first = Math.min(
    ...open.filter(([, target]) => target.startsWith("anon_inode:")).map(([number]) => number),
  )
  return open
    .filter(([number, target]) => number < first || (target.startsWith("/") && !ofNode.test(target)))
    .map(([number]) => number)
    .sort((one, other) => one - other)
}

/** What Node opens for itself: a terminal is opened anew for each stream. */
const ofNode = /^\/(dev|proc)\//

const linkOf = (name: string): string | undefined => {
  try {
    return readlinkSync(`/proc/self/fd/${name}`)
  } catch {
    return undefined
  }
}
