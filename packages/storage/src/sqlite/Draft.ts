/** Files that are written under another name first, so that what has the name they are for is whole. */
import { linkSync, renameSync, rmSync, statSync } from "node:fs"
import { dirname, resolve } from "node:path"
import { StoreError } from "@overdue/core/Store"
import { messageOf, translate } from "./Failure.ts"
import * as Link from "./Link.ts"
import * as Seal from "./Seal.ts"

/** Returns the error that a file is not what it must be for this. */
export const failed = (detail: string, cause?: unknown): StoreError =>
  new StoreError({ reason: "failed", detail, ...(cause !== undefined && { cause }) })

/** Throws unless a file may be written; `isReplacing`: also when there is one. */
export const expectFree = (target: string, isReplacing: boolean): void => {
  const found = statSync(target, { throwIfNoEntry: false })
  if (found?.isDirectory() === true) throw failed(`${target} is a directory. Name a file.`)
  // A device or a pipe would be gone, and a plain file in its place.
  if (found !== undefined && !found.isFile()) throw failed(`${target} is no file. Name a file.`)
  if (found !== undefined && !isReplacing) {
    throw failed(`${target} exists already. Name another file, or add --force to replace it.`)
  }
  if (statSync(dirname(target), { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw failed(`the directory ${dirname(target)} does not exist. Make it, or name another file.`)
  }
}

/** Throws when a file is one of those, whatever it is called, and by whichever link: what is replaced must not be what is read. */
export const expectAnother = (target: string, files: readonly string[]): void => {
  const own = files.find((file) => isSame(target, file))
  if (own === undefined) return
  throw failed(`${target} is the same file as ${own}. Name another file.`)
}

const isSame = (a: string, b: string): boolean => {
  if (resolve(a) === resolve(b)) return true
  const [one, other] = [Link.identity(a), Link.identity(b)]
  return one !== undefined && one === other
}

/** Gives a whole draft its name. */
export const publish = (draft: string, target: string, isReplacing: boolean): void => {
  if (isReplacing || !linked(draft, target)) renameSync(draft, target)
  Seal.flush(dirname(target))
}

/** Whether the file got a name that nothing had. Some disks know no second names. */
const linked = (draft: string, target: string): boolean => {
  try {
    linkSync(draft, target)
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "EEXIST") {
      throw failed(`${target} exists already. Name another file, or add --force to replace it.`)
    }
    return false
  }
  rmSync(draft)
  return true
}

/** Returns the error of whatever was thrown while a file was written. */
export const unwritable = (cause: unknown, target: string): StoreError => {
  if (cause instanceof StoreError) return cause
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : ""
  const isFull = code === "ENOSPC" || code === "EDQUOT" || translate(cause, target).reason === "full"
  return failed(
    isFull
      ? `${target} cannot be written: the disk or its quota is full. Make room, or name another file.`
      : `${target} cannot be written (${messageOf(cause)}).`,
    cause,
  )
}
