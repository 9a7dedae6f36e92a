/** Virtual hosts: the form in which their names are compared, and the dialect that each belongs to. */
import * as Result from "effect/Result"
import type { Dialect } from "./Dialect.ts"

/**
 * Returns the name in a `Host` header in the form in which names are compared: lower case, without the port and
 * without the dot that may end a fully qualified name.
 */
export const nameOf = (host: string): string => host.toLowerCase().replace(/\.?(?::\d*)?$/, "")

/** RFC 1123 §2.1: labels of letters, digits and hyphens. The underscore is not allowed there, but in use. */
const pattern = /^(?=.{1,253}$)(?!-)[a-z0-9_-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9_-]{1,63}(?<!-))*$/

/** Returns the dialect of each virtual host by its name. Fails with a sentence that names the host at fault. */
export const table = (dialects: readonly Dialect[]): Result.Result<ReadonlyMap<string, Dialect>, string> => {
  const owners = new Map<string, Dialect>()
  for (const dialect of dialects) {
    for (const host of dialect.hosts) {
      const name = nameOf(host)
      if (!pattern.test(name) || host.includes(":")) return Result.fail(invalid(host))
      const owner = owners.get(name) ?? dialect
      if (owner !== dialect) return Result.fail(claimedTwice(name, owner, dialect))
      owners.set(name, dialect)
    }
  }
  return Result.succeed(owners)
}

const invalid = (host: string): string =>
  `${JSON.stringify(host)} is not the name of a host; expected one such as hc.example.org, in ASCII, without a scheme, port or path`

const claimedTwice = (name: string, first: Dialect, second: Dialect): string =>
  `the host ${JSON.stringify(name)} is given to two dialects, ${first.name} and ${second.name}; give it to one of them`
