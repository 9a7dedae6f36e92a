/** The origin of a ping, as the ping log shows it. */
import * as Limits from "@overdue/core/Limits"
import type { Origin } from "@overdue/core/Ping"
import type { Inbound } from "../http/Http.ts"
import { everybody, type Trust } from "./Proxies.ts"

/**
 * Returns the origin of a request. Behind trusted proxies, the address is the last one in `X-Forwarded-For` that is
 * not itself a trusted proxy, without the port of an IPv4 address, and the scheme is `X-Forwarded-Proto`. When every
 * address is trusted, that is the first address in the header, as in Healthchecks.
 */
export const of = (inbound: Inbound, body: Uint8Array | undefined, trusts: Trust = everybody): Origin => {
  const forwardedFor = inbound.header("x-forwarded-for")
  const forwardedProto = inbound.header("x-forwarded-proto")
  const isForwarded = (forwardedFor ?? forwardedProto) !== undefined && trusts(inbound.remoteAddress)
  return {
    scheme:
      isForwarded && (forwardedProto === "https" || forwardedProto === "http")
        ? forwardedProto
        : inbound.scheme === "https"
          ? "https"
          : "http",
    remoteAddress: (isForwarded ? address(forwardedFor, trusts) : undefined) ?? inbound.remoteAddress,
    method: inbound.method,
    userAgent: (inbound.header("user-agent") ?? "").slice(0, Limits.userAgentLength),
    body,
  }
}

/** The longest address that is stored, in characters: an IPv6 address with a zone. */
const longest = 64

const address = (forwardedFor: string | undefined, trusts: Trust): string | undefined => {
  if (forwardedFor === undefined || forwardedFor === "") return undefined
  const chain = forwardedFor.split(",").map(withoutPort)
  const found = chain.findLast((hop, index) => index === 0 || !trusts(hop))!
  return /^[0-9A-Za-z.:%[\]_-]+$/.test(found) ? found.slice(0, longest) : undefined
}

const withoutPort = (hop: string): string => {
  const trimmed = hop.trim()
  return /^\d+\.\d+\.\d+\.\d+:\d+$/.test(trimmed) ? trimmed.slice(0, trimmed.indexOf(":")) : trimmed
}
