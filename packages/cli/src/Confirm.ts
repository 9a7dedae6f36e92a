/** A question that somebody at the terminal answers; without a terminal there must have been a --yes. */
import { once } from "node:events"
import type { Io } from "./Io.ts"
import { UsageError } from "./Failure.ts"

export const yesFlag = { kind: "switch", short: "y", help: "do not ask" } as const

export const confirm = async (io: Io, isSure: boolean, question: string): Promise<boolean> => {
  if (isSure) return true
  if (io.stdin.isTTY !== true) throw new UsageError("nobody can be asked here: add --yes")
  io.stderr.write(`${question} [y/N] `)
  const [answer] = await once(io.stdin, "data")
  io.stdin.pause()
  return /^y(es)?$/i.test(String(answer).trim())
}
