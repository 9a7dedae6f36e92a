/** The registry of dialects. */
import * as Result from "effect/Result"
import type { Dialect } from "./Dialect.ts"
import * as Cronhub from "./cronhub/Cronhub.ts"
import * as Healthchecks from "./healthchecks/Healthchecks.ts"
import * as Hosts from "./Hosts.ts"
import * as Pinghome from "./pinghome/Pinghome.ts"
import * as Uptime66 from "./uptime66/Uptime66.ts"

/** Every dialect. The first one is reached at the root. */
export const dialects: readonly Dialect[] = [
  Healthchecks.dialect,
  Cronhub.dialect,
  Uptime66.dialect,
  Pinghome.dialect,
]

/**
 * Returns the dialects with virtual hosts, which are given by the name of the dialect. Fails with a sentence about the
 * first name that no dialect has, or about a host that is not a name or is given to two dialects.
 */
export const atHosts = (
  hosts: ReadonlyMap<string, readonly string[]>,
  known: readonly Dialect[] = dialects,
): Result.Result<readonly Dialect[], string> => {
  const names = known.map(({ name }) => name)
  const unknown = [...hosts.keys()].find((name) => !names.includes(name))
  if (unknown !== undefined) {
    return Result.fail(`no dialect is named ${JSON.stringify(unknown)}; there are: ${names.join(", ")}`)
  }
  const placed = known.map((dialect) => ({ ...dialect, hosts: hosts.get(dialect.name) ?? dialect.hosts }))
  return Result.map(Hosts.table(placed), () => placed)
}
