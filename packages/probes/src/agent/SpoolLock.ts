/**
 * The lock of a spool, so that two agents do not write over each other's reports: an empty file whose name says which
 * process holds it, so that it holds nothing once that is gone, however it ended. Processes of another container are not
 * seen, and so not told apart from dead ones.
 */
import { readdirSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type { Machine } from "./Machine.ts"
import * as Processes from "./Processes.ts"

/** Another agent holds the lock. */
export class Held extends Error {
  /** The number of its process. */
  readonly pid: number

  constructor(pid: number) {
    super(`process ${pid} uses it already`)
    this.pid = pid
  }
}

const pattern = /^(\d+)-(\d+)-([\w-]*)\.lock$/

/**
 * Takes the lock of a folder for this process, and returns what gives it back. Of two that try at the same time neither
 * may get it, but never both. Throws `Held`, or as `node:fs` does for a folder of no use.
 */
export const take = (folder: string, { read }: Pick<Machine, "read">): (() => void) => {
  const boot = bootOf(read)
  const own = Processes.parse(read("/proc/self/stat"))
  if (own === undefined) throw new Error("/proc/self/stat cannot be understood")
  const file = `${own.pid}-${own.startedAt}-${boot}.lock`
  const giveBack = (): void => remove(join(folder, file))
  writeFileSync(join(folder, file), "", { mode: 0o600 })
  try {
    for (const name of readdirSync(folder)) {
      const [, pid = "", startedAt, of] = pattern.exec(name) ?? []
      if (pid === "" || name === file) continue
      // Its number may have been given to another process since, and all of them are given anew when the machine starts.
      if (of === boot && startOf(read, pid) === Number(startedAt)) throw new Held(Number(pid))
      remove(join(folder, name))
    }
  } catch (error) {
    giveBack()
    throw error
  }
  return giveBack
}

/** Names this run of the machine; empty where the kernel does not. */
const bootOf = (read: Machine["read"]): string => {
  try {
    return read("/proc/sys/kernel/random/boot_id").trim()
  } catch {
    return ""
  }
}

/** Returns when a process began, in ticks; `undefined` when it has ended, be it that its parent has not heard of that yet. */
const startOf = (read: Machine["read"], pid: string): number | undefined => {
  try {
    const stat = read(`/proc/${pid}/stat`)
    return /\) [ZX] [^)]*$/.test(stat) ? undefined : Processes.parse(stat)?.startedAt
  } catch {
    return undefined
  }
}

/** Removes a file, or leaves it: a lock of a process that is gone locks nothing. */
const remove = (file: string): void => {
  try {
    rmSync(file, { force: true })
  } catch {
    // As the next agent will find.
  }
}
