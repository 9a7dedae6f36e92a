/** Whether the file of a database is still where it was: SQLite goes on writing into one that was deleted. */
import { StoreError } from "@overdue/core/Store"
import type { Span } from "@overdue/core/Time"
import { inMemory, place } from "./Failure.ts"
import * as Link from "./Link.ts"

/** How long what was seen is believed. A look takes a few microseconds. */
const holds: Span = 1_000

/** A file that is looked at now and then. */
export interface Presence {
  /** Throws a `StoreError` when the file is gone, or another one has its name. */
  readonly expect: () => void
}

/** Returns the presence of a file that is there now. */
export const of = (filename: string): Presence => {
  const opened = look(filename)
  let lookedAt = performance.now()
  let isThere = true
  return {
    expect: () => {
      const now = performance.now()
      if (opened === undefined || (isThere && now - lookedAt < holds)) return
      lookedAt = now
      const found = look(filename)
      isThere = found === opened || found === unknown
      if (isThere) return
      throw new StoreError({
        reason: "unavailable",
        detail:
          `${place(filename)} was deleted, or another file was put in its place, while it was in use: nothing that is ` +
          "written would be kept. Stop every process that uses it, put the file back or restore a backup, and start again.",
      })
    },
  }
}

/** What cannot be looked at may be there. */
const unknown = "unknown"

/** Returns the identity of the file that is there now; `undefined` when there is none. */
const look = (filename: string): string | undefined => {
  if (filename === inMemory) return undefined
  try {
    return Link.identity(filename)
  } catch {
    return unknown
  }
}
