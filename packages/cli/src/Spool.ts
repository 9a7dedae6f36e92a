/** The queue of signals that could not be sent: a directory with a file for each, whose name is its place. */
import { randomBytes } from "node:crypto"
import { open, readdir, rename, rm, stat } from "node:fs/promises"
import { join } from "node:path"
import * as Caught from "./Caught.ts"
import { read } from "./Entry.ts"
import type { Entry } from "./Entry.ts"
import * as Folder from "./Folder.ts"
import type { Environment } from "./Io.ts"
import type { Switch } from "./Flags.ts"

export type { Entry } from "./Entry.ts"

/** `--no-spool`: loses what cannot be sent. */
export const flag = {
  kind: "switch",
  isOn: true,
  help: "lose signals that cannot be sent; without it they are kept in OVERDUE_SPOOL or ~/.local/state/overdue/spool",
} as const satisfies Switch

/**
 * What became of an entry: `keep` leaves it in the queue and ends the flush of its server, `skip` leaves all of its check,
 * the others take it out.
 */
export type Verdict = "sent" | "refused" | "keep" | "skip"

/** What a flush did. */
export interface Flushed {
  readonly sent: number
  readonly refused: number
  /** Whether entries that were to be sent are left: kept, or being sent by another process. */
  readonly isPending: boolean
}

/** Returns the check of a ping URL: what says how it is created makes no other check of it. */
export const place = ({ origin, pathname }: URL): string => `${origin}${pathname.replace(/\/+$/, "")}`

/** Returns whether an entry is to be sent. */
export type Which = (entry: Entry) => boolean

/** With more entries the oldest are deleted. At ten thousand bytes of body each, the queue takes at most some 15 MB. */
const mostEntries = 1000

/** Milliseconds after which the process that took an entry counts as dead, although its number may be in use again. */
const staleAfter = 600_000

/**
 * Returns the directory of the queue: `OVERDUE_SPOOL`, or a place below the home directory; `undefined` for a user
 * without one.
 */
export const directory = (environment: Environment): string | undefined => {
  const { OVERDUE_SPOOL, XDG_STATE_HOME } = environment
  if (OVERDUE_SPOOL) return OVERDUE_SPOOL
  try {
    return join(XDG_STATE_HOME || join(Folder.home(), ".local", "state"), "overdue", "spool")
  } catch {
    return undefined
  }
}

/**
 * Puts an entry at the end of the queue, on disk when this resolves. Resolves to how many old entries were deleted for
 * it.
 */
export const add = async (folder: string, entry: Entry): Promise<number> => {
  // Ping URLs are secrets: only this user may read them.
  Folder.make(folder)
  const { at, body } = entry
  const name = `${String(at).padStart(15, "0")}-${randomBytes(6).toString("hex")}`
  const draft = join(folder, `${name}.draft`)
  try {
    const file = await open(draft, "wx", 0o600)
    try {
      await file.writeFile(JSON.stringify({ ...entry, body: body.toString("base64") }))
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(draft, join(folder, `${name}.json`))
  } catch (error) {
    await rm(draft, { force: true }).catch(() => {})
    throw error
  }
  for (const old of await drafts(folder)) await rm(join(folder, old), { force: true })
  const surplus = (await names(folder)).slice(0, -mostEntries)
  for (const name of surplus) await rm(join(folder, name), { force: true })
  return surplus.length
}

/** Returns the entries, oldest first. Those that cannot be read are left out. */
export const list = async (folder: string): Promise<readonly Entry[]> => {
  const entries = await Promise.all((await names(folder)).map((name) => read(join(folder, name))))
  return entries.filter((entry) => entry !== undefined && entry !== "damaged")
}

/**
 * Hands entries to `send`, oldest first and one at a time for each server, until one is to be kept; servers are
 * independent of each other, so that one that is away holds up no other. A process takes an entry by renaming it, so that
 * only one sends it; when that process dies, the next one takes the entry over. What is damaged is deleted, and what
 * cannot be read is left alone. Sends what others add meanwhile, too: they may have left it to this process.
 */
export const flush = async (
  folder: string,
  send: (entry: Entry) => Promise<Verdict>,
  which: Which = () => true,
): Promise<Flushed> => {
  let [sent, refused] = [0, 0]
  for (;;) {
    const round = await once(folder, send, which)
    sent += round.sent
    refused += round.refused
    if (round.isPending || round.sent + round.refused === 0)
      return { sent, refused, isPending: round.isPending }
  }
}

const once = async (
  folder: string,
  send: (entry: Entry) => Promise<Verdict>,
  which: Which,
): Promise<Flushed> => {
  const queues = new Map<string, Place[]>()
  let refused = 0
  for (const name of await names(folder)) {
    const entry = await read(join(folder, name))
    if (entry === undefined) continue
    if (entry === "damaged") {
      await rm(join(folder, name), { force: true })
      refused++
    } else if (which(entry)) {
      const url = new URL(entry.url)
      queues.set(url.origin, [...(queues.get(url.origin) ?? []), { name, check: place(url) }])
    }
  }
  const flushed = await Promise.all([...queues.values()].map((queue) => inTurn(folder, queue, send)))
  return {
    sent: flushed.reduce((sum, { sent }) => sum + sent, 0),
    refused: flushed.reduce((sum, { refused }) => sum + refused, refused),
    isPending: flushed.some(({ isPending }) => isPending),
  }
}

/** The file of an entry, and the check that it is for. */
interface Place {
  readonly name: string
  readonly check: string
}

const inTurn = async (
  folder: string,
  queue: readonly Place[],
  send: (entry: Entry) => Promise<Verdict>,
): Promise<Flushed> => {
  let sent = 0
  let refused = 0
  const skipped = new Set<string>()
  for (const { name, check } of queue) {
    if (skipped.has(check)) continue
    const taken = await take(folder, name)
    // Gone: another process has sent it since.
    if (taken === "gone") continue
    if (taken === "busy") return { sent, refused, isPending: true }
    const entry = await read(taken.path)
    const verdict = entry === undefined ? "keep" : entry === "damaged" ? "refused" : await send(entry)
    if (verdict === "keep" || verdict === "skip") {
      await rename(taken.path, join(folder, `${stem(name)}.json`))
      if (verdict === "keep") return { sent, refused, isPending: true }
      skipped.add(check)
      continue
    }
    await rm(taken.path, { force: true })
    if (verdict === "sent") sent++
    else refused++
  }
  return { sent, refused, isPending: skipped.size > 0 }
}

/** Deletes all entries, and drafts of processes that died. Resolves to how many entries there were. */
export const clear = async (folder: string): Promise<number> => {
  let deleted = 0
  for (const name of await drafts(folder)) await rm(join(folder, name), { force: true })
  for (const name of await names(folder)) {
    if ((await read(join(folder, name))) === undefined) continue
    await rm(join(folder, name), { force: true })
    deleted++
  }
  return deleted
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

/** Unfinished entries that nobody writes any more. */
const drafts = async (folder: string): Promise<readonly string[]> => {
  const found: string[] = []
  for (const name of await readdir(folder).catch(() => [])) {
    if (!/^\d{15,}-[0-9a-f]{12}\.draft$/.test(name)) continue
    const { mtimeMs } = await stat(join(folder, name)).catch(() => ({ mtimeMs: Infinity }))
    if (Date.now() - mtimeMs >= staleAfter) found.push(name)
  }
  return found
}

const stem = (name: string): string => name.slice(0, name.indexOf("."))

/** Takes an entry. `busy`: another process is sending it; `gone`: it has. */
const take = async (folder: string, name: string): Promise<{ readonly path: string } | "busy" | "gone"> => {
  const owner = /\.(\d+)\.taken$/.exec(name)?.[1]
  const path = join(folder, `${stem(name)}.${process.pid}.taken`)
  try {
    if (owner !== undefined && isAlive(Number(owner))) {
      // The change time of a file is that of its renaming.
      const { ctimeMs } = await stat(join(folder, name))
      if (Date.now() - ctimeMs < staleAfter) return "busy"
    }
    await rename(join(folder, name), path)
    return { path }
  } catch (error) {
    // Sent, or taken: the order of its check then forbids to go on with the next.
    if (Caught.code(error) === "ENOENT") return (await isTaken(folder, name)) ? "busy" : "gone"
    throw error
  }
}

const isTaken = async (folder: string, name: string): Promise<boolean> =>
  (await names(folder)).some((other) => stem(other) === stem(name))

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // The process belongs to another user, so it is alive.
    return Caught.code(error) === "EPERM"
  }
}
