/** DNS: the records of a name. */
import * as dns from "node:dns"
import type { ProbeUrl } from "@overdue/core/probe/ProbeUrl"
import type { Attempt } from "./Attempt.ts"
import * as Connection from "./Connection.ts"
import { codeOf, Failure, ofError } from "./Failure.ts"
import type { Kind } from "./Kind.ts"

/** The kind. */
export const dnsRecords: Kind = {
  name: "dns",
  asks: "Asks the name server in the URL, or those of the system, for the records of a name.",
  fails: "No such name, or no records of that type.",
  ask: async (attempt) => {
    const { url, means, seen } = attempt
    const resolver = new dns.promises.Resolver({ timeout: Math.ceil(means.timeout / 3), tries: 3 })
    attempt.closing(() => resolver.cancel())
    if (url.host !== "") {
      const addresses = await Connection.addressesOf(attempt, url.host)
      attempt.again()
      resolver.setServers(
        addresses.map((one) => `${one.family === 6 ? `[${one.address}]` : one.address}:${url.port}`),
      )
    }
    const records = await answered(attempt, () => recordsOf(resolver, url))
    if (records.length === 0) throw new Failure("no records")
    seen.body = records.toSorted().join("\n")
  },
}

const answered = async <A>(attempt: Attempt, ask: () => Promise<readonly A[]>): Promise<readonly A[]> => {
  const startedAt = performance.now()
  try {
    return await ask()
  } catch (cause) {
    throw failureOf(cause)
  } finally {
    attempt.took("firstByte", startedAt)
  }
}

const failureOf = (cause: unknown) => {
  const code = codeOf(cause) ?? ""
  if (code === "ENODATA") return new Failure("no records")
  if (code === "ETIMEOUT") return new Failure("timeout")
  if (["ESERVFAIL", "EREFUSED", "ENOTIMP", "EFORMERR", "EBADRESP"].includes(code))
    return new Failure(`dns: ${code.slice(1).toLowerCase()}`)
  return ofError(cause)
}

/** Records as in a zone file, without the dot of the root; of text only what it says. */
const recordsOf = async (resolver: dns.promises.Resolver, url: ProbeUrl): Promise<readonly string[]> => {
  const name = Connection.ascii(url.name)
  switch (url.type) {
    case "A":
      return resolver.resolve4(name)
    case "AAAA":
      return resolver.resolve6(name)
    case "CNAME":
      return resolver.resolveCname(name)
    case "NS":
      return resolver.resolveNs(name)
    case "PTR":
      return resolver.resolvePtr(name)
    case "MX":
      return (await resolver.resolveMx(name)).map(({ priority, exchange }) => `${priority} ${exchange}`)
    case "TXT":
      return (await resolver.resolveTxt(name)).map((parts) => parts.join(""))
    case "SRV":
      return (await resolver.resolveSrv(name)).map(
        (one) => `${one.priority} ${one.weight} ${one.port} ${one.name}`,
      )
    case "SOA": {
      const { nsname, hostmaster, serial, refresh, retry, expire, minttl } = await resolver.resolveSoa(name)
      return [[nsname, hostmaster, serial, refresh, retry, expire, minttl].join(" ")]
    }
    case "CAA":
      return (await resolver.resolveCaa(name)).map(caaOf)
  }
}

/** One property has the name of the tag; Node adds one that says which type of record it is. */
const caaOf = ({ critical, ...properties }: dns.CaaRecord): string => {
  const [tag = "", value = ""] = Object.entries(properties).find(([name]) => name !== "type") ?? []
  return `${critical} ${tag} "${value}"`
}
