/** HTTP and HTTPS: a request and its redirects, each over a new connection to an address that was checked. */
import * as Address from "@overdue/core/Address"
import type { Attempt } from "./Attempt.ts"
import * as Connection from "./Connection.ts"
import { Failure } from "./Failure.ts"
import * as Body from "./http/Body.ts"
import * as Exchange from "./http/Exchange.ts"
import * as Hop from "./http/Hop.ts"
import type { Kind } from "./Kind.ts"
import * as Limits from "./Limits.ts"

/** The kind. */
export const http: Kind = {
  name: "http",
  asks: "Sends the request, follows redirects, and reads the answer.",
  fails: "A status other than 200 to 399, unless a condition is about the status; a body that breaks off.",
  ask: async (attempt) => {
    await exchange(attempt)
    const { statusCode } = attempt.seen
    if (!attempt.isAbout("status") && !(statusCode !== undefined && statusCode >= 200 && statusCode < 400))
      throw new Failure(`status ${statusCode}`)
  },
}

/** Sends a request, follows redirects, and notes the answer whatever its status is. At most `limit` bytes are read of it. */
export const exchange = async (attempt: Attempt, limit = Limits.answer): Promise<void> => {
  const { seen, probe } = attempt
  let hop = Hop.first(probe)
  for (let redirects = 0; ; redirects++) {
    attempt.again()
    const socket = await connected(attempt, hop.url)
    const answer = await Exchange.send(attempt, socket, hop)
    const { incoming } = answer
    seen.statusCode = incoming.statusCode ?? 0
    const location = Hop.isRedirect(seen.statusCode) ? incoming.headers.location : undefined
    if (location === undefined || !probe.followsRedirects) {
      seen.header = (name) => fieldOf(incoming.headers, name)
      seen.body = await Body.read(answer, limit)
      return
    }
    socket.destroy()
    if (redirects === Limits.redirects) throw new Failure("too many redirects")
    hop = Hop.follow(hop, seen.statusCode, location)
  }
}

const connected = (attempt: Attempt, url: URL) => {
  const isTls = url.protocol === "https:"
  const host = Address.ofHost(url.hostname)?.address ?? url.hostname
  const port = url.port === "" ? (isTls ? 443 : 80) : Number(url.port)
  return Connection.openAs(attempt, { host, port }, isTls)
}

const fieldOf = (
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
  name: string,
): string | undefined => {
  const key = name.toLowerCase()
  const found = Object.hasOwn(headers, key) ? headers[key] : undefined
  return found === undefined || typeof found === "string" ? found : found.join(", ")
}
