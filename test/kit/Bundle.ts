/**
 * The command in a few files, made once for a run of the tests: a start of it takes a third of the time that a start from
 * hundreds of source files does. What it is made of is the source all the same, and where that looks for files of its own,
 * as for the programs of its threads, it finds those of the source.
 */
import { chmodSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { rolldown, type Plugin } from "rolldown"
import * as Folder from "./Folder.ts"

/** The variable that names the folder of the bundle. */
const variable = "OVERDUE_TEST_BUNDLE"

const source = fileURLToPath(new URL("../../packages/cli/src/main.ts", import.meta.url))
const bundled = process.env[variable]

/** The file that Node runs. */
export const main = bundled === undefined ? source : join(bundled, "main.js")

/** Where compiled code is kept: shared between tests, so that not each start compiles it again. */
export const cache = bundled === undefined ? join(tmpdir(), "overdue-cli-cache") : join(bundled, "cache")

/** Whether a file goes into the bundle: Effect with what is built on it, of which two copies would not know each other. */
const isOurs = (id: string): boolean =>
  !id.includes("/node_modules/") || /\/node_modules\/(?:@effect\/[^/]+|effect)\//.test(id)

const asSource: Plugin = {
  name: "as source",
  /** Of others only Effect has many files. */
  async resolveId(name, importer) {
    if (importer === undefined || name.startsWith("node:")) return undefined
    const resolved = await this.resolve(name, importer, { skipSelf: true })
    return resolved === null || isOurs(resolved.id)
      ? resolved
      : { id: pathToFileURL(resolved.id).href, external: true }
  },
  transform: (code, id) => code.replaceAll("import.meta.url", JSON.stringify(pathToFileURL(id).href)),
}

/** Makes the bundle for all tests of a run, and takes it away at the end. */
export const setup = async (): Promise<() => void> => {
  const folder = Folder.make("bundle")
  // Some jobs of the tests run as another user.
  chmodSync(folder.path, 0o755)
  const bundle = await rolldown({ input: source, platform: "node", plugins: [asSource], logLevel: "warn" })
  await bundle.write({ dir: folder.path, format: "esm", cleanDir: false })
  await bundle.close()
  process.env[variable] = folder.path
  return () => folder[Symbol.dispose]()
}
