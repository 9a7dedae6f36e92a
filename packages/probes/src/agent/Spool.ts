/** The folder in which reports wait, each a file whose name is its place in the queue. What it fails at is said. */
import { readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import * as HttpAnswer from "../HttpAnswer.ts"

/** The files of a folder, by their numbers. */
export interface Spool {
  /** What was in it when it was opened, the oldest first. */
  readonly left: readonly { readonly number: number; readonly bytes: number }[]
  /** Writes a report, on disk when this returns. Throws as `node:fs` does. */
  readonly write: (number: number, text: string) => void
  /** Returns a report; `undefined` when there is none any more, or it cannot be read. What is damaged is deleted. */
  readonly read: (number: number) => string | undefined
  /** Deletes a report, if that can be done. */
  readonly remove: (number: number) => void
}

/** How many reports that are left out are named: a disk that fails may have lost thousands. */
const named = 10

const pattern = /^(\d{12})\.json$/

const nameOf = (number: number): string => `${String(number).padStart(12, "0")}.json`

/** Opens a folder that no other agent uses; `undefined` when it cannot be listed, so that no number is known to be free. */
export const open = (folder: string, say: (line: string) => void): Spool | undefined => {
  const left = list(folder, say)
  if (left === undefined) return undefined
  const draft = join(folder, "draft")
  const path = (number: number): string => join(folder, nameOf(number))
  let omitted = 0
  let isStuck = false
  const omit = (number: number, why: string): undefined => {
    if (omitted < named) say(`${nameOf(number)} of the spool ${why}, and is left out`)
    if (omitted === named) say("more reports of the spool are left out")
    omitted++
  }
  const remove = (number: number): void => {
    try {
      rmSync(path(number), { force: true })
      isStuck = false
    } catch (error) {
      const why = HttpAnswer.codeOf(error)
      if (!isStuck)
        say(`${nameOf(number)} of the spool cannot be deleted (${why}): the next start sends it again`)
      isStuck = true
    }
  }
  return {
    left,
    write: (number, text) => {
      writeFileSync(draft, text, { mode: 0o600, flush: true })
      renameSync(draft, path(number))
    },
    read: (number) => {
      let text: string
      try {
        text = readFileSync(path(number), "utf8")
      } catch (error) {
        const code = HttpAnswer.codeOf(error)
        // It stays: it may be whole, and somebody may let it be read before the next start.
        return omit(number, code === "ENOENT" ? "is gone" : `cannot be read (${code})`)
      }
      if (isJson(text)) return text
      remove(number)
      return omit(number, "is damaged")
    },
    remove,
  }
}

const list = (folder: string, say: (line: string) => void): Spool["left"] | undefined => {
  try {
    // A process that ended while it wrote has left half of a report.
    rmSync(join(folder, "draft"), { force: true })
    return readdirSync(folder)
      .filter((name) => pattern.test(name))
      .sort()
      .map((name) => ({ number: Number(name.slice(0, 12)), bytes: statSync(join(folder, name)).size }))
  } catch (error) {
    const why = HttpAnswer.codeOf(error)
    say(`the spool cannot be used (${why}): what is in it stays there, and reports wait in memory`)
    return undefined
  }
}

/** Whether a file is whole: after a power failure it may not be. */
const isJson = (text: string): boolean => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
