/** Host names: their addresses, by the hosts file of the machine and by its name servers. */
import * as dns from "node:dns/promises"
import * as fs from "node:fs/promises"
import type { Resolved } from "./Attempt.ts"
import { codeOf, Failure, noAddress, Unknown } from "./Failure.ts"
import { Gate } from "./Gate.ts"
import * as Limits from "./Limits.ts"

const gate = new Gate(Limits.lookupsAtOnce)

/**
 * Resolves a name as other programs on the machine do: by its hosts file, its name servers and its search domains. What the
 * system does by itself takes one of few threads, in which thousands of names would wait for a slow server: so it is left
 * what only it can do.
 */
export const resolve = async (host: string): Promise<readonly Resolved[]> => {
  const bySystem = () => gate.pass(() => dns.lookup(host, { all: true }))
  if (!host.includes(".") || (await isInHostsFile(host))) return bySystem()
  const [four, six] = await Promise.allSettled([dns.resolve4(host), dns.resolve6(host)])
  const found = [
    ...(four.status === "fulfilled" ? four.value.map((address) => ({ address, family: 4 })) : []),
    ...(six.status === "fulfilled" ? six.value.map((address) => ({ address, family: 6 })) : []),
  ]
  if (found.length > 0) return found
  try {
    return await bySystem()
  } catch (cause) {
    throw failureOf(
      [four, six].map((asked) => asked.status === "rejected" && asked.reason),
      cause,
    )
  }
}

/**
 * Returns what it means that a name was asked for in vain: of name servers for each family, and then of the system, which
 * says of several causes the same.
 */
export const failureOf = (ofServers: readonly unknown[], ofSystem: unknown): unknown => {
  const all = (code: string): boolean => ofServers.every((cause) => codeOf(cause) === code)
  const code = codeOf(ofSystem)
  // Nobody listens where the system is told to ask.
  if (code === "EAI_AGAIN" && all("ECONNREFUSED"))
    return new Unknown("This machine has no name server that answers; that says nothing of the target.")
  if (code === "EAI_AGAIN" && all("ESERVFAIL")) return new Failure("dns: the name server fails")
  if (code === "ENOTFOUND" && all("ENODATA")) return new Failure(noAddress)
  return ofSystem
}

let hosts: { readonly names: ReadonlySet<string>; readonly readAt: number } | undefined

const isInHostsFile = async (host: string): Promise<boolean> => {
  if (hosts === undefined || performance.now() - hosts.readAt > Limits.hostsFile) {
    const text = await fs.readFile("/etc/hosts", "utf8").catch(() => "")
    hosts = { names: namesIn(text), readAt: performance.now() }
  }
  return hosts.names.has(host.toLowerCase().replace(/\.$/, ""))
}

/** Returns the names in a hosts file, in lower case. */
export const namesIn = (text: string): ReadonlySet<string> =>
  new Set(
    text
      .split("\n")
      .flatMap((line) => line.replace(/#.*/, "").trim().split(/\s+/).slice(1))
      .map((name) => name.toLowerCase()),
  )
