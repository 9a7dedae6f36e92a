/** One request of an attempt, and the next one, which a redirect asks for. */
import { unescape } from "node:querystring"
import type { Probe } from "@overdue/core/Probe"
import { Failure } from "../Failure.ts"

/** A request. */
export interface Hop {
  readonly url: URL
  readonly method: string
  /** What the user has set, as long as it may be carried. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Returns the first request. The user name and password of its URL become a header (RFC 7617). */
export const first = ({ url: text, method, headers, body }: Probe): Hop => {
  const url = URL.parse(text)
  if (url === null) throw new Failure("the URL is invalid")
  return { url, method, headers: { ...credentials(url, headers), ...headers }, body }
}

/** Whether a status is a redirect to the `Location` of the answer. */
export const isRedirect = (status: number): boolean => [301, 302, 303, 307, 308].includes(status)

/**
 * Returns the request that a redirect asks for, as clients do (Fetch, "HTTP-redirect fetch"): 301 and 302 turn POST into
 * GET, 303 turns all but HEAD, 307 and 308 nothing. Another origin gets neither the user's headers nor, so that what is
 * in it stays where it was meant for, a body.
 */
export const follow = (hop: Hop, status: number, location: string): Hop => {
  const url = URL.parse(location, hop.url.href)
  if (url === null) throw new Failure("redirect to an invalid address")
  if (url.protocol !== "http:" && url.protocol !== "https:") throw new Failure("redirect to what is not http")
  const isSame = url.origin === hop.url.origin
  const becomesGet =
    (status === 303 && hop.method !== "HEAD") || ((status === 301 || status === 302) && hop.method === "POST")
  const headers = isSame ? hop.headers : {}
  return becomesGet
    ? { url, method: "GET", headers: withoutContent(headers), body: "" }
    : { url, method: hop.method, headers, body: isSame ? hop.body : "" }
}

const withoutContent = (headers: Hop["headers"]): Hop["headers"] =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !name.toLowerCase().startsWith("content-")))

const credentials = (url: URL, headers: Hop["headers"]): Hop["headers"] => {
  if (url.username === "" && url.password === "") return {}
  if (Object.keys(headers).some((name) => name.toLowerCase() === "authorization")) return {}
  const pair = `${unescape(url.username)}:${unescape(url.password)}`
  return { Authorization: `Basic ${Buffer.from(pair).toString("base64")}` }
}
