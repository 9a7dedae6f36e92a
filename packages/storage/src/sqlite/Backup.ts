/**
 * Backups: one file with the database and the secret that belongs to it, made while others use the database.
 *
 * It is a SQLite database of its own, whose `settings` hold the secret and the time, followed by a digest of all of it:
 * `PRAGMA integrity_check` does not notice a bit that flipped inside of a text.
 */
import {
  closeSync,
  copyFileSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs"
import { DatabaseSync } from "node:sqlite"
import { StoreError } from "@overdue/core/Store"
import type { Instant } from "@overdue/core/Time"
import * as Admission from "../Admission.ts"
import * as Migrations from "../migrations/index.ts"
import * as Draft from "./Draft.ts"
import * as Driver from "./Driver.ts"
import { messageOf, place, translate } from "./Failure.ts"
import * as Link from "./Link.ts"
import * as Privacy from "./Privacy.ts"
import * as Seal from "./Seal.ts"

/** What is in a backup. */
export interface Content {
  readonly takenAt: Instant
  /** Of the schema. */
  readonly version: number
  readonly projects: number
  readonly checks: number
  readonly channels: number
  readonly keys: number
  readonly pings: number
  /** Of the file. */
  readonly bytes: number
  readonly secret: string
  /** Of the secret, as the database knows it; `undefined` when it knows none. */
  readonly fingerprint: string | undefined
}

const settings = { secret: "backup secret", takenAt: "backup taken at" }

/** How a backup is made. */
export interface Making {
  readonly database: string
  readonly secretFile: string
  /** The file to write. */
  readonly target: string
  readonly secret: string
  readonly takenAt: Instant
  /** Whether a file that exists is replaced. */
  readonly isReplacing: boolean
}

/**
 * Writes a backup, which is whole once it has its name, and returns its content. Other processes can read and write the
 * database meanwhile. Throws a `StoreError` whose detail says what to do; nothing is left behind then.
 */
export const make = ({ database, secretFile, secret, takenAt, isReplacing, ...to }: Making): Content => {
  const target = Link.target(to.target)
  Draft.expectFree(target, isReplacing)
  Draft.expectAnother(target, [...Privacy.filesOf(database), secretFile])
  const draft = `${target}.part-${process.pid}`
  return drafted(draft, target, () => {
    // SQLite would make the file readable for everybody; it takes one that is empty.
    closeSync(openSync(draft, "wx", Privacy.mode))
    using source = new DatabaseSync(database, { timeout: 5000 })
    source.prepare("VACUUM INTO ?").run(draft)
    source.close()
    using copy = new DatabaseSync(draft)
    const keep = copy.prepare("INSERT INTO settings (name, value) VALUES (?, ?)")
    keep.run(settings.secret, secret)
    keep.run(settings.takenAt, String(takenAt))
    copy.exec(`PRAGMA application_id = ${Driver.backupId}`)
    copy.close()
    Seal.put(draft)
    const content = read(draft)
    Draft.publish(draft, target, isReplacing)
    return content
  })
}

/**
 * Returns the content of a backup. Throws a `StoreError` that says what is wrong when the file is no backup, is damaged,
 * or comes from a newer version.
 */
export const read = (file: string): Content => {
  const refuse = (detail: string): never => {
    throw new StoreError({ reason: "corrupt", detail: `${file} ${detail}` })
  }
  const bytes = statSync(file, { throwIfNoEntry: false })
  if (bytes === undefined) return refuse("does not exist. Name a file that `overdue backup` has written.")
  if (bytes.isDirectory()) return refuse("is a directory. Name a file that `overdue backup` has written.")
  if (!Seal.isWhole(file)) {
    const why = Seal.isSqlite(file)
      ? "is a database, or a backup that was cut off or changed"
      : "is not a backup, or was damaged"
    return refuse(`${why}. Name another file that \`overdue backup\` has written.`)
  }
  try {
    using sqlite = new DatabaseSync(file, { readOnly: true })
    const number = (sql: string): number => Number(Object.values(sqlite.prepare(sql).get() ?? {})[0])
    const setting = (name: string): string | undefined => {
      const value = sqlite.prepare("SELECT value FROM settings WHERE name = ?").get(name)?.["value"]
      return typeof value === "string" ? value : undefined
    }
    if (number("PRAGMA application_id") !== Driver.backupId) return refuse("is not a backup of Overdue.")
    const version = number("SELECT max(version) FROM migrations")
    const newest = Migrations.all.at(-1)?.version ?? 0
    if (version > newest) {
      return refuse(
        `has schema version ${version}, and this version of Overdue knows versions up to ${newest}. Restore it with the version that wrote it, or a newer one.`,
      )
    }
    const integrity = sqlite.prepare("PRAGMA integrity_check").get()?.["integrity_check"]
    if (integrity !== "ok") return refuse(`is damaged (${String(integrity)}). Use an earlier backup.`)
    const count = (table: string): number => number(`SELECT count(*) FROM ${table}`)
    return {
      takenAt: Number(setting(settings.takenAt)),
      version,
      projects: count("projects"),
      checks: count("checks"),
      channels: count("channels"),
      keys: count("api_keys"),
      pings: count("pings"),
      bytes: bytes.size,
      secret: setting(settings.secret) ?? "",
      fingerprint: setting(Admission.setting),
    }
  } catch (cause) {
    if (cause instanceof StoreError) throw cause
    return refuse(`is damaged (${messageOf(cause)}). Use an earlier backup.`)
  }
}

/** How a backup is restored. */
export interface Restoring {
  readonly file: string
  readonly database: string
  readonly secretFile: string
  /** Whether a database that exists is replaced. */
  readonly isReplacing: boolean
}

/**
 * Makes the database of a backup and the secret beside it, and returns what was in it. Throws a `StoreError` that says
 * what to do when the backup is not whole, when there is a database and it is not to be replaced, or when another process
 * has it open; nothing was changed then.
 */
export const restore = ({ file, isReplacing, ...names }: Restoring): Content => {
  const content = read(file)
  // A file in place of a link would be on another disk than the database has been.
  const [database, secretFile] = [Link.target(names.database), Link.target(names.secretFile)]
  Draft.expectFree(database, isReplacing)
  for (const target of [...Privacy.filesOf(database), secretFile]) Draft.expectAnother(target, [file])
  if (!isReplacing && exists(secretFile)) {
    throw Draft.failed(
      `${secretFile} exists already, with a secret that may be another one. Move it away, or add --force.`,
    )
  }
  if (exists(database)) expectUnused(database)
  const draft = `${database}.part-${process.pid}`
  return drafted(draft, database, () => {
    copyFileSync(file, draft)
    Seal.remove(draft)
    using copy = new DatabaseSync(draft)
    // Without it, the secret would stay in the file where its row was.
    copy.exec("PRAGMA secure_delete = ON")
    const forget = copy.prepare("DELETE FROM settings WHERE name = ?")
    forget.run(settings.secret)
    forget.run(settings.takenAt)
    copy.exec(`PRAGMA application_id = ${Driver.applicationId}`)
    copy.close()
    Seal.flush(draft)
    // A log of the database that was there would be taken for the new one's.
    const [, ...logs] = Privacy.filesOf(database)
    for (const log of logs) rmSync(log, { force: true })
    writeSecret(secretFile, content.secret)
    Draft.publish(draft, database, isReplacing)
    return content
  })
}

const exists = (file: string): boolean => statSync(file, { throwIfNoEntry: false }) !== undefined

/** Only a process that is alone with a database can take it out of WAL mode. */
const expectUnused = (database: string): void => {
  let mode: unknown
  try {
    using sqlite = new DatabaseSync(database, { timeout: 500 })
    mode = sqlite.prepare("PRAGMA journal_mode = DELETE").get()?.["journal_mode"]
  } catch (cause) {
    // What is damaged is what a backup is for.
    if (translate(cause, database).reason !== "busy") return
  }
  if (mode === "delete") return
  throw Draft.failed(`${place(database)} is in use by another process, such as a server. Stop it first.`)
}

/** Runs work on a draft, and removes the draft when it fails. */
const drafted = (draft: string, target: string, work: () => Content): Content => {
  try {
    return work()
  } catch (cause) {
    for (const file of Privacy.filesOf(draft)) rmSync(file, { force: true })
    throw Draft.unwritable(cause, target)
  }
}

const writeSecret = (file: string, secret: string): void => {
  const draft = `${file}.part-${process.pid}`
  try {
    Seal.withFile(draft, "wx", (fd) => {
      writeSync(fd, `${secret}\n`)
      fsyncSync(fd)
    })
    renameSync(draft, file)
  } catch (cause) {
    rmSync(draft, { force: true })
    throw cause
  }
}
