/** Bytes received and sent by interfaces, from /proc/net/dev. */
import { Unreadable, whole } from "./Figure.ts"
import type { Pair } from "./Figure.ts"

/** Returns bytes since the start by interface, without the loopback. Throws `Unreadable`. */
export const parse = (dev: string): ReadonlyMap<string, Pair> => {
  const found = new Map<string, Pair>()
  let isTable = false
  for (const line of dev.split("\n")) {
    if (line.includes("|")) isTable = true
    // Old kernels write no space behind the colon, and the name of an alias has one itself.
    const colon = line.lastIndexOf(":")
    if (colon < 0) continue
    const fields = line
      .slice(colon + 1)
      .trim()
      .split(/ +/)
    const [received, sent] = [whole(fields[0]), whole(fields[8])]
    const name = line.slice(0, colon).trim()
    if (name === "" || name === "lo" || received === undefined || sent === undefined) continue
    found.set(name, [received, sent])
  }
  if (!isTable) throw new Unreadable("is no table of interfaces")
  return found
}
