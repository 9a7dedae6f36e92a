/** Deaths that Node does not tell: by a real-time signal, which looks to it like an exit with 0. */
import { readFileSync } from "node:fs"

/** Milliseconds for which a process that is about to end is watched; it takes microseconds. */
const most = 20

/**
 * Returns the number of the signal that ended a process; 0 when it exited, `undefined` when it has not ended, or this is
 * not Linux. To be called when its output has ended: Node has not waited for it by then, and /proc still tells.
 */
export const signalOf = (pid: number | undefined): number | undefined => {
  const end = performance.now() + most
  do {
    const found = look(pid)
    if (found === undefined || !found.isEnding) return undefined
    if (found.isZombie) return found.status & 0x7f
  } while (performance.now() < end)
  return undefined
}

const look = (pid: number | undefined) => {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "latin1")
    // What comes first is the name in parentheses, which may hold any character. See proc_pid_stat(5).
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ")
    const isZombie = fields[0] === "Z"
    return {
      isZombie,
      isEnding: isZombie || (Number(fields[6]) & isExiting) !== 0,
      status: Number(fields[49]),
    }
  } catch {
    return undefined
  }
}

/** PF_EXITING of the kernel. */
const isExiting = 0x4
