/** Makes folders. Node's own recursive mkdir never returns below /proc, where a wrong HOME may point. */
import * as Caught from "./Caught.ts"

/** Makes a folder for this user alone, and those above it that are missing. Throws as `mkdirSync` does. */
export const make = (folder: string): void => {
  const { mkdirSync } = process.getBuiltinModule("node:fs")
  const path = process.getBuiltinModule("node:path")
  try {
    mkdirSync(folder, { mode: 0o700 })
  } catch (error) {
    const code = Caught.code(error)
    if (code === "EEXIST") return
    if (code !== "ENOENT" || path.dirname(folder) === folder) throw error
    make(path.dirname(folder))
    again(() => mkdirSync(folder, { mode: 0o700 }))
  }
}

/** Another process may have made it meanwhile. */
const again = (work: () => void): void => {
  try {
    work()
  } catch (error) {
    if (Caught.code(error) !== "EEXIST") throw error
  }
}
