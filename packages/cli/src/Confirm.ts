/** A question that must be answered with yes before something is changed for good. */
import { once } from "node:events"
import { UsageError } from "./Failure.ts"
import type { Io } from "./Io.ts"

/** `--yes`: for scripts, which nobody watches. */
export const yesFlag = { kind: "switch", short: "y", help: "answer yes without asking" } as const

/** Returns whether the answer is yes; `isSure` answers it beforehand. Fails with a `UsageError` without a terminal. */
export const confirm = async (io: Io, isSure: boolean, question: string): Promise<boolean> => {
  if (isSure) return true
  if (io.stdin.isTTY !== true) {
    throw new UsageError("this needs a confirmation, and standard input is no terminal: add --yes")
  }
  io.stderr.write(`${question} [y/N] `)
  const [answer] = await once(io.stdin, "data")
  io.stdin.pause()
  return /^y(es)?$/i.test(String(answer).trim())
}
