/** A question that must be answered with yes before something is changed for good. */
import { once } from "node:events"
import { UsageError } from "./Failure.ts"
import type { Io } from "./Io.ts"

/** `--yes`: for scripts, which nobody watches. */
export const yesFlag = { kind: "switch", short: "y", help: "answer yes without asking" } as const

/** Fails with a `UsageError` when nobody can be asked; before anything long is printed. */
export const expectAnswer = (io: Io, isSure: boolean, question = ""): void => {
  if (isSure || io.stdin.isTTY === true) return
  throw new UsageError(`${question}this needs a confirmation, and standard input is no terminal: add --yes`)
}

/** Returns whether the answer is yes; `isSure` answers it beforehand. Fails with a `UsageError` without a terminal. */
export const confirm = async (io: Io, isSure: boolean, question: string): Promise<boolean> => {
  if (isSure) return true
  expectAnswer(io, isSure)
  io.stderr.write(`${question} [y/N] `)
  const [answer] = await once(io.stdin, "data")
  io.stdin.pause()
  return /^y(es)?$/i.test(String(answer).trim())
}
