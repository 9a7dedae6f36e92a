/** Links: a database may be on another disk than its name, and one file may have several names. */
import { readlinkSync, realpathSync, statSync } from "node:fs"
import { dirname, resolve } from "node:path"

/** As many links as Linux follows before it gives up. */
const mostFollowed = 40

/** Returns the file that a name leads to, whether or not it exists; the name itself when it is no link. */
export const target = (name: string, followed: number = 0): string => {
  if (followed === mostFollowed) return name
  let next: string
  try {
    next = resolve(realpathSync(dirname(name)), readlinkSync(name))
  } catch {
    return name
  }
  return target(next, followed + 1)
}

/** Returns what tells the file that a name leads to from all others; `undefined` when there is none. */
export const identity = (name: string): string | undefined => {
  // NTFS numbers files with 64 bits, of which a double loses some.
  const found = statSync(name, { throwIfNoEntry: false, bigint: true })
  return found === undefined ? undefined : `${found.dev} ${found.ino}`
}
