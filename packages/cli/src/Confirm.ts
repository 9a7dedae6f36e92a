/** A question that must be answered with yes before something is changed for good. */
import { UsageError } from "./Failure.ts"
import type { Io } from "./Io.ts"

/** `--yes`: for scripts, which nobody watches. */
export const yesFlag = { kind: "switch", short: "y", help: "answer yes without asking" } as const

/** Fails with a `UsageError` when nobody can be asked; before anything long is printed. */
export const expectAnswer = (io: Io, isSure: boolean, question = ""): void => {
  if (isSure || io.stdin.isTTY === true) return
  throw new UsageError(`${question}this needs a confirmation, and standard input is no terminal: add --yes`)
}

/**
 * Returns whether the answer is yes; `isSure` answers it beforehand. Otherwise says that nothing was changed, where
 * programs do not read. Fails with a `UsageError` without a terminal.
 */
export const confirm = async (io: Io, isSure: boolean, question: string): Promise<boolean> => {
  if (isSure) return true
  expectAnswer(io, isSure)
  io.stderr.write(`${question} [y/N] `)
  const isYes = /^y(es)?$/i.test((await lineOf(io.stdin)).trim())
  if (!isYes) io.stderr.write("nothing was changed\n")
  return isYes
}

/** Returns what is typed; nothing when the input ends instead, as by Ctrl-D. */
const lineOf = (stdin: Io["stdin"]): Promise<string> =>
  new Promise((resolve) => {
    const end = (typed: unknown = "\n"): void => {
      stdin.off("data", end).off("end", end).off("close", end)
      stdin.pause()
      resolve(String(typed))
    }
    stdin.on("data", end).on("end", end).on("close", end)
  })
