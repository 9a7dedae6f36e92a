/** Where a ping came from, as the log shows it. */
import * as Limits from "@overdue/core/Limits"
import type { Origin } from "@overdue/core/Ping"
import type { Inbound } from "../Http.ts"

/**
 * Address and scheme are what the nearest proxy says, as in Healthchecks: the first `X-Forwarded-For`, without the port
 * of an IPv4 address, and `X-Forwarded-Proto`.
 */
export const of = (inbound: Inbound, body: Uint8Array | undefined, isProxyTrusted = true): Origin => {
  const forwardedFor = isProxyTrusted ? inbound.header("x-forwarded-for") : undefined
  const forwardedProto = isProxyTrusted ? inbound.header("x-forwarded-proto") : undefined
  return {
    scheme: forwardedProto === "https" || forwardedProto === "http" ? forwardedProto : inbound.scheme,
    remoteAddress: address(forwardedFor) ?? inbound.remoteAddress,
    method: inbound.method,
    userAgent: (inbound.header("user-agent") ?? "").slice(0, Limits.userAgentLength),
    body,
  }
}

/** Longest address that is kept: an IPv6 address with a zone. */
const longest = 64

const address = (forwardedFor: string | undefined): string | undefined => {
  if (forwardedFor === undefined || forwardedFor === "") return undefined
  const first = forwardedFor.split(",", 1)[0]!.trim()
  const withoutPort = /^\d+\.\d+\.\d+\.\d+:\d+$/.test(first) ? first.slice(0, first.indexOf(":")) : first
  return /^[0-9A-Za-z.:%[\]_-]+$/.test(withoutPort) ? withoutPort.slice(0, longest) : undefined
}
