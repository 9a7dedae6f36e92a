/** The origin of a ping, as the ping log shows it. */
import * as Limits from "@overdue/core/Limits"
import type { Origin } from "@overdue/core/Ping"
import { plainAddress, type Inbound } from "../http/Http.ts"
import { everybody, type Trust } from "./Proxies.ts"

/**
 * Returns the origin of a request. Behind trusted proxies, the address is the last one in `X-Forwarded-For` that is
 * not itself a trusted proxy, without a port or brackets, and the scheme is the first of `X-Forwarded-Proto`. When every
 * address is trusted, that is the first address in the header, as in Healthchecks.
 */
export const of = (inbound: Inbound, body: Uint8Array | undefined, trusts: Trust = everybody): Origin => {
  const forwardedFor = inbound.header("x-forwarded-for")
  const forwardedProto = inbound.header("x-forwarded-proto")
  const isForwarded = (forwardedFor ?? forwardedProto) !== undefined && trusts(inbound.remoteAddress)
  return {
    scheme: (isForwarded ? scheme(forwardedProto) : undefined) ?? scheme(inbound.scheme) ?? "http",
    remoteAddress: (isForwarded ? address(forwardedFor, trusts) : undefined) ?? inbound.remoteAddress,
    method: inbound.method,
    userAgent: (inbound.header("user-agent") ?? "").slice(0, Limits.userAgentLength),
    body,
  }
}

/** The longest address that is stored, in characters: an IPv6 address with a zone. */
const longest = 64

/** Returns the members of a list; empty ones are none (RFC 9110 §5.6.1.2). */
const members = (list: string): readonly string[] =>
  list
    .split(",")
    .map((member) => member.trim())
    .filter((member) => member !== "")

const scheme = (given: string | undefined): Origin["scheme"] | undefined => {
  if (given === undefined) return undefined
  // Each proxy adds its own at the end; schemes are the same in any case (RFC 3986 §3.1).
  const first = members(given)[0]?.toLowerCase()
  return first === "https" || first === "http" ? first : undefined
}

const address = (forwardedFor: string | undefined, trusts: Trust): string | undefined => {
  if (forwardedFor === undefined) return undefined
  const chain = members(forwardedFor).map(bare)
  const found = chain.findLast((hop, index) => index === 0 || !trusts(hop))
  return found !== undefined && /^[0-9A-Za-z.:%[\]_-]+$/.test(found) ? found.slice(0, longest) : undefined
}

/** Some proxies write a port, brackets around IPv6 (RFC 3986 §3.2.2), quotes, or IPv4 as IPv6. */
const bare = (hop: string): string => {
  const unquoted = hop.replace(/^"(.*)"$/, "$1")
  const [, host = unquoted] = /^\[([0-9A-Fa-f:.%]+)\](?::\d*)?$/.exec(unquoted) ?? []
  return plainAddress(host.replace(/^(\d+\.\d+\.\d+\.\d+):\d*$/, "$1"))
}
