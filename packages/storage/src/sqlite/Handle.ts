/** A connection to a file whose log may be taken away: it saves what that holds, and begins another one. */
import { DatabaseSync, type StatementSync } from "node:sqlite"
import { StoreError } from "@overdue/core/Store"
import type { Durability } from "../Connection.ts"
import { place } from "./Failure.ts"
import * as Presence from "./Presence.ts"

/** Which file is open, and how it is opened. */
export interface Options {
  readonly filename: string
  readonly applicationId: number
  readonly connect: () => DatabaseSync
}

/** An open connection. */
export interface Handle {
  /** Prepares a statement once, as long as not too many others are prepared after it. */
  readonly prepare: (sql: string) => StatementSync
  readonly isTransaction: () => boolean
  /**
   * Must be run before a transaction, outside of any. Throws a `StoreError` when nothing that is written would be kept.
   * Returns a sentence for the operator when the log was lost, and saved.
   */
  readonly expect: () => string | undefined
  /** Says what the following transactions outlast. To be called outside of any. */
  readonly outlast: (durability: Durability) => void
  /** To be called after a commit. */
  readonly note: () => void
  readonly close: () => void
}

/**
 * Statements that are kept, of which one takes tens of kilobytes: all that are always the same, and some of those that say
 * what is looked for, of which there are thousands.
 */
const mostPrepared = 300

const inTheBeginning: Durability = "at once"

/** Pages of the log, beyond which a commit takes them into the file: 8 MiB, which pings rarely fill, and some milliseconds. */
const usualLog = 4096
const shortLog = 256

const lasting = (synchronous: string, log: number): string =>
  `PRAGMA synchronous = ${synchronous}; PRAGMA wal_autocheckpoint = ${log}`

/** A commit with NORMAL returns when it is in the log, which the next with FULL takes to the disk. */
const settings: Readonly<Record<Durability, string>> = {
  "at once": lasting("FULL", usualLog),
  "with the next": lasting("NORMAL", usualLog),
  "in portions": lasting("NORMAL", shortLog),
}

/** Opens a connection. */
export const open = ({ filename, applicationId, connect }: Options): Handle => {
  const prepared = new Map<string, StatementSync>()
  /** `undefined` while another process keeps us from opening it again. */
  let sqlite: DatabaseSync | undefined = connect()
  let isClosed = false
  let outlasts: Durability = inTheBeginning
  const presence = Presence.of(filename, applicationId)

  /** Requests may be under way when a server is told to stop. */
  const expectOpen = (): void => {
    if (!isClosed) return
    const detail = `${place(filename)} was closed, because the program that uses it stops. Ask again when it runs.`
    throw new StoreError({ reason: "closed", detail })
  }

  const close = (): void => {
    prepared.clear()
    sqlite?.close()
    sqlite = undefined
  }

  /**
   * We still hold the log that was deleted, so all of it can be moved into the file; unless somebody reads what is older,
   * for whom we wait. Whoever opens the file from then on does not know our log, nor we theirs: so it is left behind for
   * another one, by nobody while others may still be using it.
   */
  const save = (): string | undefined => {
    if (sqlite !== undefined) {
      const moved = sqlite.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get()
      if (moved?.["busy"] !== 0) throw Presence.failure(filename, "log lost")
      close()
    }
    expectAlone(filename)
    sqlite = connect()
    outlasts = inTheBeginning
    presence.renew()
    return (
      `${place(filename)} has had its log deleted (-wal or -shm) while it was in use. Nothing is lost: what it held ` +
      "is in the file now, and another log is begun. Delete no file beside a database that is in use."
    )
  }

  return {
    prepare: (sql) => {
      const known = prepared.get(sql)
      if (known !== undefined) return known
      expectOpen()
      if (sqlite === undefined) throw Presence.failure(filename, "log lost")
      const statement = sqlite.prepare(sql)
      // Half the cost of an object for each row.
      statement.setReturnArrays(true)
      const [oldest] = prepared.size < mostPrepared ? [] : prepared.keys()
      if (oldest !== undefined) prepared.delete(oldest)
      prepared.set(sql, statement)
      return statement
    },
    isTransaction: () => sqlite?.isTransaction === true,
    expect: () => {
      expectOpen()
      const wrong = sqlite === undefined ? "log lost" : presence.look()
      if (wrong === undefined) return undefined
      if (wrong !== "log lost") throw Presence.failure(filename, wrong)
      return save()
    },
    outlast: (durability) => {
      if (durability === outlasts) return
      sqlite?.exec(settings[durability])
      outlasts = durability
    },
    note: presence.note,
    close: () => {
      isClosed = true
      close()
      presence.close()
    },
  }
}

/** Throws a `StoreError` while another process has the file open: to take the whole file for oneself fails then. */
const expectAlone = (filename: string): void => {
  const probe = new DatabaseSync(filename, { timeout: 0 })
  try {
    probe.exec("PRAGMA locking_mode = EXCLUSIVE")
    probe.prepare("SELECT count(*) FROM sqlite_schema").get()
  } catch (cause) {
    throw new StoreError({
      reason: "unavailable",
      detail:
        `${place(filename)} has had its log deleted (-wal or -shm) while it was in use. What it held is in the file now; ` +
        "stop the other processes that use it, which do not know that, and it is opened again.",
      cause,
    })
  } finally {
    probe.close()
  }
}
