/** Reports that wait to be sent, in memory or as files of a folder, the oldest first. */
import * as HttpAnswer from "../HttpAnswer.ts"
import * as Limits from "./Limits.ts"
import * as Spool from "./Spool.ts"

/** Where reports wait. */
export interface Terms {
  /** The folder, which exists and is this agent's alone; `undefined`: they wait in memory, and end with the agent. */
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

/**
 * Opens the queue, with what a run before has left in the folder. Never throws, and no method does: what the folder fails
 * at is said, and reports wait in memory.
 */
export const open = ({ folder, say, bounds = Limits }: Terms): Backlog => {
  const spool = folder === undefined ? undefined : Spool.open(folder, say)
  const waiting: Waiting[] = (spool?.left ?? []).map(({ number, bytes }) => ({
    is: "file",
    key: number,
    number,
    bytes,
  }))
  const last = waiting.at(-1)
  let next = last?.is === "file" ? last.number + 1 : 1
  let key = next
  let dropped = 0
  let isBroken = false
  const remove = (index: number): void => {
    const [gone] = waiting.splice(index, 1)
    if (gone?.is === "file") spool?.remove(gone.number)
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
  const write = (
    to: Spool.Spool,
    { key, bytes, text }: Extract<Waiting, { readonly is: "text" }>,
  ): Waiting => {
    const number = next++
    to.write(number, text)
    return { is: "file", key, bytes, number }
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
        const text = spool?.read(oldest.number)
        if (text !== undefined) return { key: oldest.key, text }
        waiting.shift()
      }
    },
    done: (report) => {
      if (waiting[0]?.key === report.key) remove(0)
    },
    keep: () => {
      if (spool === undefined) return waiting.length
      try {
        for (const [index, report] of waiting.entries())
          if (report.is === "text") waiting[index] = write(spool, report)
        isBroken = false
      } catch (error) {
        if (!isBroken)
          say(`reports cannot be kept in the spool (${HttpAnswer.codeOf(error)}), and wait in memory`)
        isBroken = true
      }
      bound("file", bounds.spool)
      return waiting.filter(({ is }) => is === "text").length
    },
  }
}
