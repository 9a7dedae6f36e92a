/** What is reported for which exit status of a job: `--exit-codes 1=success,100-120=log`. */
import { UsageError } from "../Failure.ts"

/** What may be reported instead of an exit status. */
export type Reported = "success" | "fail" | "log" | "cancel" | number

/** Returns what is reported for an exit status, which is the status itself unless it is in the list. */
export type ExitCodes = (status: number) => Reported

const words = ["success", "fail", "log", "cancel"] as const

/** Reads the list; the first entry that has a status decides. Fails with a `UsageError`. */
export const parse = (text: string | undefined): ExitCodes => {
  if (text === undefined) return (status) => status
  const entries = text
    .split(",")
    .map((entry) => entry.trim())
    .map(read)
  return (status) => entries.find(({ from, to }) => from <= status && status <= to)?.reported ?? status
}

const read = (entry: string) => {
  const [, from, to = from, word] = /^(\d{1,3})(?:-(\d{1,3}))?\s*=\s*(\S+)$/.exec(entry) ?? []
  const reported = word === undefined ? undefined : reportedBy(word)
  if (reported === undefined || !isStatus(from) || !isStatus(to) || Number(from) > Number(to)) {
    throw new UsageError(
      `--exit-codes is a list such as 1=success,3=log,100-120=0: an exit status 0 … 255 or a range of them, and success, fail, log, cancel or another exit status; not ${JSON.stringify(entry)}`,
    )
  }
  return { from: Number(from), to: Number(to), reported }
}

const reportedBy = (word: string): Reported | undefined =>
  words.find((known) => known === word) ?? (isStatus(word) ? Number(word) : undefined)

const isStatus = (text: string | undefined): boolean =>
  text !== undefined && /^\d{1,3}$/.test(text) && Number(text) <= 255
