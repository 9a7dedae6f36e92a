/** The headers of a raw message, read without parsing its body. */
import * as Limits from "./Limits.ts"

/**
 * Returns the headers by name in lower case: unfolded but not decoded, and joined where a name occurs several times.
 */
export const read = (raw: Uint8Array): ReadonlyMap<string, string> => {
  const source = new TextDecoder().decode(raw.subarray(0, Limits.headerSize))
  const values = new Map<string, string[]>()
  let parts: string[] = []
  for (const line of source.split(/\r?\n/)) {
    if (line === "") break
    const colon = line.indexOf(":")
    const isFolded = /^[ \t]/.test(line)
    if (!isFolded) {
      const name = line.slice(0, Math.max(colon, 0)).trim().toLowerCase()
      parts = values.get(name) ?? []
      values.set(name, parts)
    }
    const value = (isFolded ? line : line.slice(colon + 1)).trim()
    if (value !== "") parts.push(value)
  }
  // Joined once: a header may be folded into thousands of lines.
  return new Map(Array.from(values, ([name, parts]) => [name, parts.join(" ")]))
}
