/** The hosts at whose root one dialect is reached: `healthchecks=hc.example.org,healthchecks=ping.example.org`. */
import type { Dialect } from "@overdue/server/dialects/Dialect"
import * as Dialects from "@overdue/server/dialects/index"
import { UsageError } from "../Failure.ts"

/** Returns the dialects with their hosts. Fails with a usage error that names what is wrong. */
export const dialects = (given: readonly string[]): readonly Dialect[] => {
  const hosts: Record<string, string[]> = {}
  for (const part of given.flatMap((list) => list.split(","))) {
    const [, name, host] = /^\s*([\w-]+)=([A-Za-z0-9.-]+)\s*$/.exec(part) ?? []
    if (name === undefined || host === undefined) {
      throw new UsageError(
        `--host-of names a dialect and its host, such as healthchecks=hc.example.org; ${JSON.stringify(part)} is not DIALECT=HOST`,
      )
    }
    ;(hosts[name] ??= []).push(host.toLowerCase())
  }
  const found = Dialects.atHosts(hosts)
  if (!("unknown" in found)) return found
  const known = Dialects.dialects.map(({ name }) => name).join(", ")
  throw new UsageError(`--host-of names the dialect ${JSON.stringify(found.unknown)}; there are: ${known}`)
}
