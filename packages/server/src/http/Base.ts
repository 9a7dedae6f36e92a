/** The path below which the site is reached, where its root has one: `/overdue` of `https://example.org/overdue`. */
import type { Inbound } from "./Http.ts"

const roots = new Map<string, string>()

/** Returns the path of a site's root; empty for most. */
export const of = (root: string): string => {
  const known = roots.get(root)
  if (known !== undefined) return known
  const base = URL.canParse(root) ? new URL(root).pathname.replace(/\/+$/, "") : ""
  // There are one or two roots: before the port is known, and after.
  if (roots.size > 16) roots.clear()
  roots.set(root, base)
  return base
}

/** Returns the request without the base; some proxies have taken it away already. */
export const below = (base: string, inbound: Inbound): Inbound =>
  inbound.path === base || inbound.path.startsWith(`${base}/`)
    ? { ...inbound, path: inbound.path.slice(base.length) || "/" }
    : inbound

/** Returns the request with what needs no percent-encoding as itself: that is the same path (RFC 3986 §6.2.2.2). */
export const plain = (inbound: Inbound): Inbound => ({
  ...inbound,
  path: inbound.path.replace(/%(?:2[de]|3\d|4[1-9a-f]|5[0-9af]|6[1-9a-f]|7[0-9ae])/gi, decodeURIComponent),
})
