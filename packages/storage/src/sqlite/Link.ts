/** Symbolic links: a database may be on another disk than its name. */
import { readlinkSync, realpathSync } from "node:fs"
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
