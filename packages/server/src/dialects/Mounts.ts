/** Where dialects are reached: by virtual host, below their mount, and, for the first one, at the root. */
import * as Context from "effect/Context"
import * as Result from "effect/Result"
import type { Outbound } from "../http/Http.ts"
import * as Site from "../Site.ts"
import { AllSpoken, type Dialect, type Services, type Take } from "./Dialect.ts"
import * as Hosts from "./Hosts.ts"
import * as Routes from "./Routes.ts"

/**
 * Returns what hands each request to the routes of its dialect. Throws when a virtual host is not the name of a host,
 * or belongs to two dialects.
 */
export const open = (dialects: readonly Dialect[], services: Context.Context<Services>): Take => {
  const owners = Hosts.table(dialects)
  if (Result.isFailure(owners)) throw new TypeError(owners.failure)
  const site = Context.get(services, Site.Site)
  // Read when it is asked: the port is only known when the server listens.
  const spoken = () =>
    dialects.flatMap(({ title, mount, docs }, index) =>
      docs === undefined ? [] : [{ title, docs: site.root + (index === 0 ? "" : mount) + docs }],
    )
  const all = Context.add(services, AllSpoken, spoken)
  const openAt = ({ name, routes }: Dialect, own: Site.Site["Service"]): Take =>
    Routes.open(name, routes, Context.add(all, Site.Site, own))
  // URLs in answers are those of where it was asked, but for the first dialect: its URLs are at the root of the site.
  const opened = dialects.map((dialect, index) => ({
    dialect,
    mount: dialect.mount,
    take: openAt(dialect, index === 0 ? site : Site.below(site, dialect.mount)),
  }))
  const hosts = new Map(
    Array.from(owners.success, ([host, dialect]) => [
      host,
      dialect === dialects[0] ? opened[0]!.take : openAt(dialect, Site.onHost(site, host)),
    ]),
  )
  const mounts = opened.map(({ mount, take }) => ({ mount, take: mounted(mount, take) }))
  const root = opened[0]?.take
  return (inbound, done) => {
    const ofHost = hosts.size === 0 ? undefined : hosts.get(Hosts.nameOf(inbound.host))
    if (ofHost !== undefined) return ofHost(inbound, done)
    const ofMount = mounts.find(({ mount }) => isBelow(inbound.path, mount))
    if (ofMount !== undefined) return ofMount.take(inbound, done)
    return root !== undefined && root(inbound, done)
  }
}

const isBelow = (path: string, mount: string): boolean =>
  path.startsWith(mount) && (path.length === mount.length || path[mount.length] === "/")

/** Routes do not know the mount: it is removed from the paths of requests, and added to the locations of redirects. */
const mounted =
  (mount: string, take: Take): Take =>
  (inbound, done) =>
    take({ ...inbound, path: inbound.path.slice(mount.length) || "/" }, (outbound) =>
      done(relocated(outbound, mount)),
    )

/** Returns the same answer with a mount before the path that it redirects to. */
export const relocated = (outbound: Outbound, mount: string): Outbound => {
  const { location } = outbound.headers
  // Two slashes begin the name of another host (RFC 3986 §4.2).
  return typeof location === "string" && /^\/(?!\/)/.test(location)
    ? { ...outbound, headers: { ...outbound.headers, location: mount + location } }
    : outbound
}
