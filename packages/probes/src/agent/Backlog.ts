/** Reports that wait to be sent, in memory or as files of a folder, the oldest first. */
import { readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import * as Limits from "./Limits.ts"

/** Where reports wait. */
export interface Terms {
  /** The folder, which exists; `undefined`: they wait in memory alone, and end with the agent. */
  readonly folder: string | undefined
  readonly say: (line: string) => void
  /** Bytes; those of the agent unless a test has others. */
  readonly bounds?: { readonly memory: number; readonly spool: number }
}

/** A report that waits. */
export interface Report {
  readonly key: number
  readonly text: string
}

/** The queue. */
export interface Backlog {
  /** How many reports wait. */
  readonly size: () => number
  /** Puts a report at the end, in memory. What does not fit is made room for at the beginning, and that is said. */
  readonly add: (report: string) => void
  /** Returns the oldest report; `undefined` when none waits. */
  readonly first: () => Report | undefined
  /** Takes a report out, if it is still the oldest: while it was sent, room may have been made of it. */
  readonly done: (report: Report) => void
  /** Writes what waits in memory to the folder. Returns how many reports are in memory alone all the same. */
  readonly keep: () => number
}

/** The text of a report that waits, or the file that it is in. */
type Waiting = { readonly key: number; readonly bytes: number } & (
  | { readonly is: "text"; readonly text: string }
  | { readonly is: "file"; readonly number: number }
)

const pattern = /^(\d{12})\.json$/

/** Opens the queue, with what a run before has left in the folder. Throws as `node:fs` does for a folder of no use. */
export const open = ({ folder, say, bounds = Limits }: Terms): Backlog => {
  const waiting: Waiting[] = folder === undefined ? [] : left(folder)
  const last = waiting.at(-1)
  let next = last?.is === "file" ? last.number + 1 : 1
  let key = next
  let dropped = 0
  let isBroken = false
  const path = (number: number): string => join(folder!, `${String(number).padStart(12, "0")}.json`)
  const remove = (index: number): void => {
    const [gone] = waiting.splice(index, 1)
    if (gone === undefined) return
    if (gone.is === "file") rmSync(path(gone.number), { force: true })
  }
  const bound = (is: Waiting["is"], most: number): void => {
    const alike = waiting.filter((report) => report.is === is)
    let bytes = alike.reduce((sum, report) => sum + report.bytes, 0)
    let count = 0
    for (; bytes > most; count++) {
      const oldest = alike[count]!
      remove(waiting.indexOf(oldest))
      bytes -= oldest.bytes
    }
    if (count === 0) return
    // Once it is full, every report pushes one out: one line of a thousand is enough.
    if (dropped === 0 || Math.floor(dropped / 1000) < Math.floor((dropped + count) / 1000))
      say(`too many reports wait: the oldest are dropped, ${dropped + count} so far`)
    dropped += count
  }
  const write = (report: Extract<Waiting, { readonly is: "text" }>): Waiting => {
    const number = next++
    const draft = join(folder!, "draft")
    writeFileSync(draft, report.text, { mode: 0o600, flush: true })
    renameSync(draft, path(number))
    return { is: "file", key: report.key, bytes: report.bytes, number }
  }
  return {
    size: () => waiting.length,
    add: (text) => {
      waiting.push({ is: "text", key: key++, text, bytes: Buffer.byteLength(text) })
      bound("text", bounds.memory)
    },
    first: () => {
      for (;;) {
        const [oldest] = waiting
        if (oldest === undefined || oldest.is === "text") return oldest
        const text = read(path(oldest.number))
        if (text !== undefined) return { key: oldest.key, text }
        say("a kept report is damaged or gone, and left out")
        remove(0)
      }
    },
    done: (report) => {
      if (waiting[0]?.key === report.key) remove(0)
    },
    keep: () => {
      if (folder === undefined) return waiting.length
      try {
        for (const [index, report] of waiting.entries())
          if (report.is === "text") waiting[index] = write(report)
        isBroken = false
      } catch (error) {
        if (!isBroken) say(`reports cannot be kept in the spool (${why(error)}), and wait in memory`)
        isBroken = true
      }
      bound("file", bounds.spool)
      return waiting.filter(({ is }) => is === "text").length
    },
  }
}

/** Returns what is in the folder. */
const left = (folder: string): Waiting[] => {
  rmSync(join(folder, "draft"), { force: true })
  return readdirSync(folder)
    .filter((name) => pattern.test(name))
    .sort()
    .map((name) => {
      const number = Number(name.slice(0, 12))
      return { is: "file", key: number, number, bytes: statSync(join(folder, name)).size }
    })
}

/** Returns a report; `undefined` when it is none, as after a power failure. */
const read = (file: string): string | undefined => {
  try {
    const text = readFileSync(file, "utf8")
    JSON.parse(text)
    return text
  } catch {
    return undefined
  }
}

const why = (error: unknown): string =>
  error instanceof Error && "code" in error ? String(error.code) : String(error)
