/** Folders of this user. Node's own recursive mkdir never returns below /proc, where a wrong HOME may point. */
import * as Caught from "./Caught.ts"

/** Returns the home directory. Throws for a user without one. */
export const home = (): string => {
  const { homedir, userInfo } = process.getBuiltinModule("node:os")
  // An empty HOME would be the current directory, where the next job does not look.
  return homedir() || userInfo().homedir
}

/** Makes a folder for this user alone, and those above it that are missing. Throws as `mkdirSync` does. */
export const make = (folder: string): void => {
  const path = process.getBuiltinModule("node:path")
  try {
    makeOne(folder)
  } catch (error) {
    if (Caught.code(error) !== "ENOENT" || path.dirname(folder) === folder) throw error
    make(path.dirname(folder))
    makeOne(folder)
  }
}

/** Makes a folder in one that exists, unless another process has made it. */
const makeOne = (folder: string): void => {
  try {
    process.getBuiltinModule("node:fs").mkdirSync(folder, { mode: 0o700 })
  } catch (error) {
    if (Caught.code(error) !== "EEXIST") throw error
  }
}
