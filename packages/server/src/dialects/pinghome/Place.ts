/**
 * Where a request belongs. Pinghome spreads its API over hosts, `resource-cmd.api.pinghome.io/v1`, which are paths of one
 * host as well, `api.pinghome.io/resource-cmd/v1`: routes know only the paths.
 */
import * as Uuid from "@overdue/core/Uuid"
import type { Inbound } from "../../http/Http.ts"
import * as Hosts from "../Hosts.ts"

const names = ["resource-cmd", "resource-query", "statistic-query", "data-gateway", "response-manager"]

const bare = /^\/v1(?=\/|$)/
const metrics = /^\/v1\/server-resource\/[^/]+\/metrics\/?$/
const heartbeat = new RegExp(`^/v1/heartbeat/${Uuid.source}/?$`, "i")

/** Returns the path with the name of the service in front, whichever way the request names it. */
export const pathOf = (inbound: Inbound): string => {
  const { path, host } = inbound
  if (!bare.test(path)) return listed(path)
  const [label] = Hosts.nameOf(host).split(".")
  const name = names.find((each) => each === label) ?? meantBy(inbound)
  return listed(`/${name}${path}`)
}

/** The samples of the vendor have other paths of reminders than its list, which is what routes know. */
const listed = (path: string): string =>
  path
    .replace(
      /^\/resource-cmd\/v1\/(ssl|tld)\/reminder\/([^/]+)\/?$/,
      "/resource-cmd/v1/resource/$2/$1/reminder",
    )
    .replace(
      /^\/resource-cmd\/v1\/([^/]+)\/(ssl|tld)\/reminder\/?$/,
      "/resource-cmd/v1/resource/$1/$2/reminder",
    )

/**
 * What a request can only mean that names no service at all. The URL of a heartbeat is asked with a token by who reads
 * it, and without one by jobs.
 */
const meantBy = ({ method, path, header }: Inbound): string => {
  if (heartbeat.test(path)) {
    if (method === "PUT" || method === "DELETE") return "resource-cmd"
    const isRead = method !== "POST" && header("authorization") !== undefined
    return isRead ? "resource-query" : "data-gateway"
  }
  if (/\/(statistic|events|state-changed-logs)\/?$/.test(path)) return "statistic-query"
  if (/\/responses\/?$/.test(path)) return "response-manager"
  if (metrics.test(path)) return method === "POST" ? "data-gateway" : "statistic-query"
  return method === "GET" || method === "HEAD" ? "resource-query" : "resource-cmd"
}
