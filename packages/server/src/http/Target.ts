/** The target of a request, in the forms that RFC 9112 §3.2 knows. */
import { empty, text, type Outbound } from "./Http.ts"

/** A target, taken apart. */
export interface Target {
  /** The host that the target names in place of the `Host` header; `undefined` when it names none. */
  readonly host: string | undefined
  readonly path: string
  /** Without the question mark; empty when there is none. */
  readonly query: string
}

/** A whole URL, as a proxy is sent one. A user name in it is an error (RFC 9110 §4.2.4). */
const absolute = /^https?:\/\/([^/?#@\s]+)(\/[^?#]*)?(?:\?([^#]*))?$/i

/**
 * Returns the parts of a target. A server must accept a whole URL, too, whose host counts more than `Host` (RFC 9112
 * §3.2.2). Returns `undefined` when the target is neither a path nor a whole URL: `*`, which a proxy may have as a URL
 * without a path (§3.2.4), or the authority of a CONNECT.
 */
export const parse = (target: string, method?: string): Target | undefined => {
  // Nearly every target is a path, and pings must be fast.
  if (target.startsWith("/")) {
    const mark = target.indexOf("?")
    return mark < 0
      ? { host: undefined, path: target, query: "" }
      : { host: undefined, path: target.slice(0, mark), query: target.slice(mark + 1) }
  }
  const [, host, path, query = ""] = absolute.exec(target) ?? []
  if (method === "OPTIONS" && path === undefined && !target.includes("?")) return undefined
  return host === undefined ? undefined : { host, path: path || "/", query }
}

const ready = empty(204)
const refused = text(
  400,
  "the request names no resource of this server: send a path, such as /healthz, or a whole URL",
)

/** Returns the answer to a request whose target `parse` does not take. `OPTIONS *` asks the server itself how it is. */
export const answer = (method: string | undefined, target: string | undefined): Outbound =>
  method === "OPTIONS" && (target === "*" || absolute.test(target ?? "")) ? ready : refused
