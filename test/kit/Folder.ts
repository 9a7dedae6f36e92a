/** A temporary folder that goes with the test. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

/** A folder, which is deleted with everything in it when it is disposed of. */
export interface Folder extends Disposable {
  readonly path: string
  /** Returns the path of a file in the folder. */
  readonly file: (name: string) => string
}

/** Returns a new and empty folder in `parent`, whose name begins with `overdue-` and says what it is for. */
export const make = (purpose = "test", parent: string = tmpdir()): Folder => {
  const path = mkdtempSync(join(parent, `overdue-${purpose}-`))
  return {
    path,
    file: (name) => join(path, name),
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  }
}
