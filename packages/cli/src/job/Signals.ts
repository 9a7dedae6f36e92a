/** Signals that we are sent and that are meant for the job. */
import type { ChildProcess } from "node:child_process"
import { readFileSync } from "node:fs"
import { constants } from "node:os"
import { isatty } from "node:tty"

/** Those that ask for an end. */
export const ending: readonly NodeJS.Signals[] = ["SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT"]

/** Others that can be caught and that somebody may send, but those of our own memory, pipes, children and limits. */
const others: readonly NodeJS.Signals[] =
  process.platform === "win32"
    ? ["SIGUSR1", "SIGUSR2"]
    : [
        ...(["SIGUSR1", "SIGUSR2", "SIGALRM", "SIGVTALRM", "SIGPROF", "SIGIO", "SIGPWR", "SIGURG"] as const),
        ...(["SIGCONT", "SIGWINCH", "SIGABRT", "SIGTRAP", "SIGSYS", "SIGSTKFLT", "SIGINFO"] as const),
      ]

/** All that must not end us while a job runs, nor change its exit code when it has ended. */
export const caught: readonly NodeJS.Signals[] = [...ending, ...others].filter(
  (signal) => signal in constants.signals,
)

/** Whether we run at a terminal, where Ctrl-C and Ctrl-\ reach the whole foreground group. */
export const isAtTerminal = (): boolean => isatty(0) || isatty(1) || isatty(2)

/** Milliseconds after which a signal of the terminal has reached the job, if it came from there. */
const meanwhile = 100

/**
 * Passes our signals on to the job, until it is stopped. A signal to our whole process group reaches a job twice, for
 * Node does not tell who sent it to whom; but Ctrl-C must not, because many programs take a second one for impatience.
 * At a terminal, SIGINT and SIGQUIT are therefore sent only to a job that does not catch them and is still there.
 */
export const forward = (child: ChildProcess) => {
  const isTerminal = isAtTerminal()
  let asked: NodeJS.Signals | undefined
  const timers = new Set<NodeJS.Timeout>()
  const listener = (signal: NodeJS.Signals) => {
    if (ending.includes(signal)) asked = signal
    if (isTerminal && signal === "SIGWINCH") return
    if (!isTerminal || (signal !== "SIGINT" && signal !== "SIGQUIT")) return void child.kill(signal)
    timers.add(setTimeout(() => endsBy(child.pid, signal) && child.kill(signal), meanwhile))
  }
  // Ctrl-Z stops the whole foreground group, us as well, unless we listen.
  const heard = isTerminal || process.platform === "win32" ? caught : [...caught, "SIGTSTP" as const]
  for (const signal of heard) process.on(signal, listener)
  const stop = () => {
    timers.forEach(clearTimeout)
    for (const signal of heard) process.off(signal, listener)
  }
  return { stop, asked: () => asked }
}

/** Whether a process neither catches nor ignores a signal; `false` where there is no /proc. */
const endsBy = (pid: number | undefined, signal: NodeJS.Signals): boolean => {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8")
    const bit = 1n << BigInt(constants.signals[signal] - 1)
    return ["SigIgn", "SigCgt"].every((name) => {
      const [, mask] = new RegExp(`^${name}:\\s*([0-9a-f]+)$`, "m").exec(status) ?? []
      return mask !== undefined && (BigInt(`0x${mask}`) & bit) === 0n
    })
  } catch {
    return false
  }
}
