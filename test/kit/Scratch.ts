/** A folder for what several files of tests leave behind, which goes when the run of the tests ends. */
import { tmpdir } from "node:os"
import * as Folder from "./Folder.ts"

/** The variable that names the folder. */
const variable = "OVERDUE_TEST_SCRATCH"

/** The folder. */
export const path = process.env[variable] ?? tmpdir()

/** Makes the folder for all tests of a run, and takes it away at the end. */
export const setup = (): (() => void) => {
  const folder = Folder.make("scratch")
  process.env[variable] = folder.path
  return () => folder[Symbol.dispose]()
}
