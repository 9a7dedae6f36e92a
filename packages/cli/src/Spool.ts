/** The queue of signals that could not be sent: a directory with a file for each, whose name is its place. */
import { randomBytes } from "node:crypto"
import { mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises"
import { homedir } from "node:os"
import { join } from "node:path"
import type { Kind } from "@overdue/client"
import * as Caught from "./Caught.ts"
import type { Environment } from "./Io.ts"
import type { Switch } from "./Flags.ts"

/** A signal in the queue. */
export interface Entry {
  /** The ping URL without the kind, a secret. */
  readonly url: string
  readonly kind: Kind
  readonly rid: string | undefined
  /** When it happened, epoch milliseconds. */
  readonly at: number
  /** When the run began that it ends, epoch milliseconds. */
  readonly startedAt: number | undefined
  readonly body: Buffer
}

/** `--no-spool`: loses what cannot be sent. */
export const flag = {
  kind: "switch",
  isOn: true,
  help: "lose signals that cannot be sent; without it they are kept in OVERDUE_SPOOL or ~/.local/state/overdue/spool",
} as const satisfies Switch

/** What became of an entry: `keep` leaves it in the queue and ends the flush, the others take it out. */
export type Verdict = "sent" | "refused" | "keep"

/** What a flush did. */
export interface Flushed {
  readonly sent: number
  readonly refused: number
  /** Whether entries are left: kept, or being sent by another process. */
  readonly isPending: boolean
}

/** With more entries the oldest are deleted. At ten thousand bytes of body each, the queue takes at most some 15 MB. */
const mostEntries = 1000

/** Milliseconds after which the process that took an entry counts as dead, although its number may be in use again. */
const staleAfter = 600_000

/** Returns the directory of the queue: `OVERDUE_SPOOL`, or a place below the home directory. */
export const directory = (environment: Environment): string => {
  const { OVERDUE_SPOOL, XDG_STATE_HOME } = environment
  return OVERDUE_SPOOL || join(XDG_STATE_HOME || join(homedir(), ".local", "state"), "overdue", "spool")
}

/**
 * Puts an entry at the end of the queue, on disk when this resolves. Resolves to how many old entries were deleted for
 * it.
 */
export const add = async (folder: string, entry: Entry): Promise<number> => {
  // Ping URLs are secrets: only this user may read them.
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const { at, body } = entry
  const name = `${String(at).padStart(15, "0")}-${randomBytes(6).toString("hex")}`
  const draft = join(folder, `${name}.draft`)
  const file = await open(draft, "wx", 0o600)
  try {
    await file.writeFile(JSON.stringify({ ...entry, body: body.toString("base64") }))
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(draft, join(folder, `${name}.json`))
  const surplus = (await names(folder)).slice(0, -mostEntries)
  for (const name of surplus) await rm(join(folder, name), { force: true })
  return surplus.length
}

/** Returns the entries, oldest first. Those that cannot be read are left out. */
export const list = async (folder: string): Promise<readonly Entry[]> => {
  const entries = await Promise.all((await names(folder)).map((name) => read(join(folder, name))))
  return entries.filter((entry) => entry !== undefined)
}

/**
 * Hands the entries to `send`, oldest first, one at a time, until one is to be kept. A process takes an entry by
 * renaming it, so that only one sends it; when that process dies, the next one takes the entry over.
 */
export const flush = async (folder: string, send: (entry: Entry) => Promise<Verdict>): Promise<Flushed> => {
  let sent = 0
  let refused = 0
  for (const name of await names(folder)) {
    const taken = await take(folder, name)
    if (taken === undefined) return { sent, refused, isPending: true }
    const entry = await read(taken)
    const verdict = entry === undefined ? "refused" : await send(entry)
    if (verdict === "keep") {
      await rename(taken, join(folder, `${stem(name)}.json`))
      return { sent, refused, isPending: true }
    }
    await rm(taken, { force: true })
    if (verdict === "sent") sent++
    else refused++
  }
  return { sent, refused, isPending: false }
}

/** Deletes all entries. Resolves to how many there were. */
export const clear = async (folder: string): Promise<number> => {
  const all = await names(folder)
  for (const name of all) await rm(join(folder, name), { force: true })
  return all.length
}

/**
 * Files of the queue in order: `<at>-<random>.json` waits, `<at>-<random>.<pid>.taken` is being sent by that process.
 */
const names = async (folder: string): Promise<readonly string[]> => {
  try {
    return (await readdir(folder))
      .filter((name) => /^\d{15,}-[0-9a-f]{12}\.(json|\d+\.taken)$/.test(name))
      .sort()
  } catch (error) {
    if (Caught.code(error) === "ENOENT") return []
    throw error
  }
}

const stem = (name: string): string => name.slice(0, name.indexOf("."))

/** Returns the path of the taken entry; `undefined` when another process has it. */
const take = async (folder: string, name: string): Promise<string | undefined> => {
  const owner = /\.(\d+)\.taken$/.exec(name)?.[1]
  const target = join(folder, `${stem(name)}.${process.pid}.taken`)
  try {
    if (owner !== undefined && isAlive(Number(owner))) {
      // The change time of a file is that of its renaming.
      const { ctimeMs } = await stat(join(folder, name))
      if (Date.now() - ctimeMs < staleAfter) return undefined
    }
    await rename(join(folder, name), target)
    return target
  } catch (error) {
    if (Caught.code(error) === "ENOENT") return undefined
    throw error
  }
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // The process belongs to another user, so it is alive.
    return Caught.code(error) === "EPERM"
  }
}

const read = async (path: string): Promise<Entry | undefined> => {
  try {
    const { url, kind, rid, at, startedAt, body } = JSON.parse(await readFile(path, "utf8"))
    if (typeof url !== "string" || typeof at !== "number" || typeof body !== "string") return undefined
    return { url, kind, rid, at, startedAt, body: Buffer.from(body, "base64") }
  } catch {
    return undefined
  }
}
