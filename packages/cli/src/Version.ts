/** The version of this program, as its manifest has it. */
import { readFileSync } from "node:fs"

/** Reads it. */
export const read = (): string => {
  const manifest: { readonly version: string } = JSON.parse(
    readFileSync(new URL("../package.json", import.meta.url), "utf8"),
  )
  return manifest.version
}
