/** Backups of a database: made, looked at and restored, with the secret that belongs to it. */
import { StoreError } from "@overdue/core/Store"
import type { Content } from "@overdue/storage/sqlite/Backup"
import * as Backup from "@overdue/storage/sqlite/Backup"
import * as Rehearsal from "@overdue/storage/sqlite/Rehearsal"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { counted } from "@overdue/core/Counted"
import { Failure, UsageError } from "../Failure.ts"
import * as Fingerprint from "../serve/Fingerprint.ts"
import * as Secret from "../serve/Secret.ts"
import type { Database } from "./Database.ts"
import { use } from "./Session.ts"

/** How many damaged records are told one by one. */
const shown = 20

/** Writes a backup of a database, also while a server uses it. */
export const make = async (database: Database, target: string, isReplacing: boolean): Promise<Content> => {
  const { file, secretFile } = onDisk(database)
  // Refuses another secret than the database's own, which would make a backup of no use.
  await use(database, Effect.void)
  const secret = Secret.of(database)
  return told(() =>
    Backup.make({ database: file, secretFile, target, secret, takenAt: Date.now(), isReplacing }),
  )
}

/** Returns what is in a backup. Fails unless it is whole and its secret is the database's own. */
export const look = (file: string): Content => told(() => matching(file, Backup.read(file)))

/** What a check of a backup has found. */
export interface Checked {
  readonly content: Content
  /** What is wrong with each record in it that a server could not read. */
  readonly damaged: readonly StoreError[]
}

/** Looks at a backup, and reads every record in it as a server would. Fails unless it can be restored. */
export const check = async (file: string): Promise<Checked> => {
  const content = look(file)
  const exit = await Effect.runPromiseExit(Rehearsal.run(file))
  if (Exit.isSuccess(exit)) return { content, damaged: exit.value }
  return told(() => {
    throw Cause.squash(exit.cause)
  })
}

/** Returns what is wrong with a backup's records, for people: as many lines as they read. */
export const complaint = (file: string, damaged: readonly StoreError[]): string => {
  const rest = damaged.length - shown
  return [
    `${file} can be restored, but ${counted(damaged.length, "damaged record")} in it cannot be read:`,
    ...damaged.slice(0, shown).map(({ detail }) => `  ${detail}`),
    ...(rest > 0 ? [`  and ${counted(rest, "other")}`] : []),
  ].join("\n")
}

/** Makes the database of a backup, with its secret beside it. */
export const restore = (file: string, database: Database, isReplacing: boolean): Content => {
  const target = onDisk(database)
  const { secret } = look(file)
  if (database.secret !== undefined && database.secret !== secret) {
    throw new Failure(
      "OVERDUE_SECRET is another secret than the backup's, under which its keys and badges were made; unset it, or set it to that one",
    )
  }
  return told(() =>
    Backup.restore({ file, database: target.file, secretFile: target.secretFile, isReplacing }),
  )
}

/** Returns a backup's content as a line for people. */
export const sentence = ({ projects, checks, channels, keys, pings, bytes, version }: Content): string =>
  [
    counted(projects, "project"),
    counted(checks, "check"),
    counted(channels, "channel"),
    counted(keys, "API key"),
    counted(pings, "ping"),
    `${(bytes / 1_000_000).toFixed(1)} MB`,
    `schema version ${version}`,
  ].join(", ")

/** Returns the damaged records of a backup for programs, as many as people are told. */
export const damageForPrograms = (damaged: readonly StoreError[]) => ({
  damaged: damaged.length,
  records: damaged.slice(0, shown).map(({ damage, detail }) => ({ ...damage, detail })),
})

/** Returns a backup's content for programs: everything but the secret. */
export const forPrograms = ({ fingerprint, takenAt, ...content }: Content) => ({
  ...content,
  takenAt: new Date(takenAt).toISOString(),
  secret: fingerprint === undefined ? "unproven" : "proven",
})

const matching = (file: string, content: Content): Content => {
  const { fingerprint, secret } = content
  if (secret !== "" && (fingerprint === undefined || fingerprint === Fingerprint.of(secret))) return content
  throw new Failure(`${file} holds another secret than that of its database; use an earlier backup`)
}

const onDisk = (database: Database): { readonly file: string; readonly secretFile: string } => {
  const { file, secretFile, uncopied } = database
  if (file !== undefined && secretFile !== undefined) return { file, secretFile }
  throw new UsageError(uncopied)
}

const told = <A>(work: () => A): A => {
  try {
    return work()
  } catch (error) {
    throw error instanceof StoreError ? new Failure(error.detail, { cause: error }) : error
  }
}
