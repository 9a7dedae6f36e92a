/** The descriptors that we were started with, beyond the three of every process. */
import { readdirSync, readFileSync, readlinkSync } from "node:fs"

/** A descriptor as /proc describes it. */
interface Open {
  readonly number: number
  /** A path, or a kind and a number such as `pipe:[4026]`. */
  readonly target: string
  /** Those of open(2). */
  readonly flags: number
}

/** Linux's, for all architectures that Node runs on but MIPS. */
const flag = { access: 0o3, readOnly: 0, closeOnExec: 0o2_000_000 } as const

/**
 * Returns the numbers from 3 on that a shell opened for the job, as in `9>lock` or by the job server of make. Node keeps
 * them from its children unless they are named. Empty where there is no /proc. To be called before any stream of Node's
 * is made.
 */
export const inherited = (): readonly number[] => {
  let open: readonly Open[]
  try {
    open = readdirSync("/proc/self/fd").flatMap((name) => looked(Number(name)) ?? [])
  } catch {
    return []
  }
  // What Node opens first takes the lowest free number, so all below were open before.
  const first = Math.min(
    ...open.filter(({ target }) => target.startsWith("anon_inode:")).map(({ number }) => number),
  )
  return open
    .filter(({ number }) => number > 2)
    .filter((one) => one.number < first || !isOfNode(one, open))
    .map(({ number }) => number)
    .sort((one, other) => one - other)
}

/**
 * Whether Node has most likely opened it for itself: besides what has no name, it has both ends of each of its pipes, and
 * /dev/null to read from. Close-on-exec are also those below 17 that others have opened, for Node sets it when it starts.
 */
const isOfNode = ({ target, flags }: Open, open: readonly Open[]): boolean => {
  if ((flags & flag.closeOnExec) === 0) return false
  if (target.startsWith("anon_inode:")) return true
  const access = flags & flag.access
  if (target === "/dev/null") return access === flag.readOnly
  if (!target.startsWith("pipe:")) return false
  return open.some(
    (other) => other.number > 2 && other.target === target && (other.flags & flag.access) !== access,
  )
}

const looked = (number: number): Open | undefined => {
  try {
    const target = readlinkSync(`/proc/self/fd/${number}`)
    const [, flags = ""] = /^flags:\s*(\d+)/m.exec(readFileSync(`/proc/self/fdinfo/${number}`, "utf8")) ?? []
    return { number, target, flags: Number.parseInt(flags, 8) }
  } catch {
    return undefined
  }
}
