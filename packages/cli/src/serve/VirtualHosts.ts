/** The hosts at whose root one dialect is reached: `healthchecks=hc.example.org,healthchecks=ping.example.org`. */
import type { Dialect } from "@overdue/server/dialects/Dialect"
import * as Dialects from "@overdue/server/dialects/index"
import * as Result from "effect/Result"
import { UsageError } from "../Failure.ts"

/** Returns the dialects with their hosts. Fails with a usage error that names what is wrong. */
export const dialects = (given: readonly string[], known = Dialects.dialects): readonly Dialect[] => {
  const hosts = new Map<string, string[]>()
  for (const part of given.flatMap((list) => list.split(","))) {
    const [, name, host] = /^\s*([\w-]+)=(.*?)\s*$/.exec(part) ?? []
    if (name === undefined || host === undefined) {
      throw new UsageError(
        `--host-of names a dialect and its host, such as healthchecks=hc.example.org; ${JSON.stringify(part)} is not DIALECT=HOST`,
      )
    }
    hosts.set(name, [...(hosts.get(name) ?? []), host])
  }
  const placed = Dialects.atHosts(hosts, known)
  if (Result.isFailure(placed)) throw new UsageError(`--host-of: ${placed.failure}`)
  return placed.success
}
