/**
 * Whether the files of a database are still where they were: SQLite goes on writing into what was deleted, and reads from
 * memory what was overwritten.
 */
import { closeSync, existsSync, fstatSync, openSync, readSync } from "node:fs"
import { StoreError } from "@overdue/core/Store"
import type { Span } from "@overdue/core/Time"
import { inMemory, place } from "./Failure.ts"
import * as Link from "./Link.ts"
import * as Privacy from "./Privacy.ts"
import * as WalIndex from "./WalIndex.ts"

/** How long what was seen is believed. A look takes a few microseconds. */
const holds: Span = 1_000

/**
 * What has become of the files. `moved`: the file is gone, or another one has its name. `broken`: it was cut short or
 * overwritten. `log lost`: a file of the log is gone. `log replaced`: another one has its name, so that somebody else may
 * be writing there already. `log cut`: it was cut short or overwritten.
 */
export type Wrong = "moved" | "broken" | "log lost" | "log replaced" | "log cut"

/** Files that are looked at now and then. */
export interface Presence {
  /** Returns what is wrong; `undefined` when all is as it was. */
  readonly look: () => Wrong | undefined
  /** To be called after a commit, by which the files of the log are there. */
  readonly note: () => void
  /** To be called when a log was begun anew. */
  readonly renew: () => void
  /** To be called after the connection was closed. */
  readonly close: () => void
}

const always: Presence = {
  look: () => undefined,
  note: () => undefined,
  renew: () => undefined,
  close: () => undefined,
}

/** A file of the log; without an identity until it was seen. */
interface Log {
  readonly name: string
  identity: string | undefined
}

/** Returns the presence of a database that is there now; `applicationId` is in the header of its file. */
export const of = (filename: string, applicationId: number): Presence => {
  if (filename === inMemory) return always
  const [file, ...beside] = Privacy.filesOf(filename)
  const opened = identityOf(filename)
  const head = headOf(file, applicationId)
  const logs: Log[] = beside.slice(0, 2).map((name) => ({ name, identity: undefined }))
  let isNoted = false
  let index: WalIndex.WalIndex | undefined
  let lookedAt = performance.now()
  let wrong: Wrong | undefined

  const note = (): void => {
    for (const log of logs) log.identity ??= identityOf(log.name)
    const [log, ofLog] = logs
    index = log && ofLog && WalIndex.open(log.name, ofLog.name)
    isNoted = true
  }

  const wrongWithLog = (): Wrong | undefined => {
    let isLost = false
    for (const { name, identity } of logs) {
      const found = identityOf(name)
      // In a journal mode without a log there is none.
      if (identity === undefined || found === identity || found === unknown) continue
      if (found !== undefined) return "log replaced"
      isLost = true
    }
    if (isLost) return "log lost"
    return index?.isContradicted() === true ? "log cut" : undefined
  }

  /** A disk that was full, or a process that was killed, may have kept pages of the log from being taken into the file. */
  const isFilling = (): boolean => index?.isUnfinished() ?? logs.every(({ name }) => existsSync(name))

  const find = (): Wrong | undefined => {
    const found = identityOf(filename)
    const isThere = found === opened || found === unknown
    if (!isThere) return "moved"
    return head.isBroken(isFilling) ? "broken" : wrongWithLog()
  }

  return {
    look: () => {
      const now = performance.now()
      if (wrong === undefined && now - lookedAt < holds) return undefined
      lookedAt = now
      wrong = find()
      return wrong
    },
    note: () => {
      if (!isNoted) note()
    },
    renew: () => {
      for (const log of logs) log.identity = undefined
      index?.close()
      index = undefined
      isNoted = false
      wrong = undefined
    },
    close: () => {
      head.close()
      index?.close()
    },
  }
}

/** Returns the failure of whatever would be written. */
export const failure = (filename: string, wrong: Wrong): StoreError =>
  new StoreError({ reason: "unavailable", detail: `${place(filename)} ${sentences[wrong]}` })

const lost = "while it was in use: nothing that is written would be kept. Stop every process that uses it, "

const sentences: Readonly<Record<Wrong, string>> = {
  moved: `was deleted, or another file was put in its place, ${lost}put the file back or restore a backup, and start again.`,
  broken: `was cut short or overwritten ${lost}restore the latest backup, and start again.`,
  "log lost": `has had its log deleted (-wal or -shm) ${lost}and start again.`,
  "log cut": `has had its log (-wal) cut short or overwritten ${lost}restore the latest backup, and start again.`,
  "log replaced": `has had another file put in the place of its log (-wal or -shm) ${lost}and start again.`,
}

/** Where the header of a file has what, https://www.sqlite.org/fileformat2.html#the_database_header */
const at = { pageSize: 16, changes: 24, pages: 28, applicationId: 68, pagesAsOf: 92 }
const headLength = 100
const magic = "SQLite format 3\0"

/**
 * Returns what looks at the beginning and the size of a file. It keeps the file open until the connection is closed: to
 * close it any earlier would take away the locks that SQLite has on it (https://www.sqlite.org/howtocorrupt.html §2.2).
 */
const headOf = (file: string, applicationId: number) => {
  const fd = opened(file)
  const head = Buffer.alloc(headLength)
  let shortSize: number | undefined
  let largest = 0
  let changes = 0

  /** SQLite counts its changes of a file, so one with fewer than before is an older copy. */
  const isOlder = (): boolean => {
    const before = changes
    changes = Math.max(before, head.readUInt32BE(at.changes))
    return head.readUInt32BE(at.changes) < before
  }

  /**
   * While somebody takes the log into the file, this grows: only what stays too short is. Where that was given up, the
   * rest is in the log, and the file only must not have become shorter.
   */
  const isShort = (size: number, isFilling: () => boolean): boolean => {
    const pages = head.readUInt32BE(at.pages)
    const pageSize = head.readUInt16BE(at.pageSize)
    const isKnown = head.readUInt32BE(at.changes) === head.readUInt32BE(at.pagesAsOf)
    const isShrunk = size < largest
    largest = Math.max(largest, size)
    const isTooShort = isKnown && size < pages * (pageSize === 1 ? 65_536 : pageSize)
    const before = shortSize
    shortSize = isTooShort && (isShrunk || !isFilling()) ? size : undefined
    return shortSize !== undefined && shortSize === before
  }

  return {
    isBroken: (isFilling: () => boolean): boolean => {
      if (fd === undefined) return false
      try {
        return (
          readSync(fd, head, 0, headLength, 0) < headLength ||
          head.toString("latin1", 0, magic.length) !== magic ||
          head.readUInt32BE(at.applicationId) !== applicationId ||
          isOlder() ||
          isShort(fstatSync(fd).size, isFilling)
        )
      } catch {
        // What cannot be looked at may be whole.
        return false
      }
    },
    close: (): void => {
      if (fd !== undefined) closeSync(fd)
    },
  }
}

const opened = (file: string): number | undefined => {
  try {
    return openSync(file, "r")
  } catch {
    return undefined
  }
}

/** What cannot be looked at may be there. */
const unknown = "unknown"

/** Returns the identity of the file that has a name now; `undefined` when there is none. */
const identityOf = (name: string): string | undefined => {
  try {
    return Link.identity(name)
  } catch {
    return unknown
  }
}
