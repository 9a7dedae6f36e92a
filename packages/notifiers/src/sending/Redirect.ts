/** Redirects: the next request that a redirect asks for, and what it may carry. */
import { unescape } from "node:querystring"
import * as Result from "effect/Result"
import type { NotifyRequest } from "../HttpKind.ts"
import * as Unsent from "./Unsent.ts"

/** One request of an attempt, with its URL parsed and the credentials in it moved to a header. */
export interface Hop extends Omit<NotifyRequest, "url"> {
  readonly url: URL
}

/**
 * Returns the first request. Fails for now when its URL is invalid, because another alert may fill its placeholders
 * differently.
 */
export const first = (request: NotifyRequest): Result.Result<Hop, Unsent.Unsent> => {
  const url = httpUrl(request.url, undefined)
  if (url === undefined) return Result.fail(Unsent.forNow("what the URL became is not an http or https URL"))
  return Result.succeed({
    ...request,
    url,
    headers: { ...credentials(url, request.headers), ...request.headers },
  })
}

/** Whether a status is a redirect to the `Location` of the response: 301, 302, 303, 307 or 308. */
export const isRedirect = (status: number): boolean =>
  status === 301 || status === 302 || status === 303 || status === 307 || status === 308

/**
 * Returns the request that a redirect asks for.
 *
 * 301, 302, 307 and 308 repeat method and body: browsers turn some of them into a GET, but then an alert would arrive
 * empty and count as delivered. 303 asks for a GET (RFC 9110 §15.4.4). Another origin gets only headers that describe
 * the message, because the user's others may be credentials.
 */
export const follow = (hop: Hop, status: number, location: string): Result.Result<Hop, Unsent.Unsent> => {
  const url = httpUrl(location, hop.url)
  if (url === undefined) return Result.fail(Unsent.forNow("redirected to what is not an http or https URL"))
  if (hop.url.protocol === "https:" && url.protocol === "http:") {
    return Result.fail(Unsent.forNow("redirected from https to http, which is not followed"))
  }
  const headers = isTrusted(hop.url, url) ? hop.headers : descriptive(hop.headers)
  return Result.succeed(
    status === 303
      ? { url, headers: withoutContentType(headers), method: "GET", body: undefined }
      : { url, headers, method: hop.method, body: hop.body },
  )
}

const httpUrl = (text: string, base: URL | undefined): URL | undefined => {
  const url = URL.parse(text, base?.href)
  return url?.protocol === "http:" || url?.protocol === "https:" ? url : undefined
}

/** Whether two URLs have the same origin, or the same host on default ports with TLS added. */
const isTrusted = (from: URL, to: URL): boolean =>
  from.origin === to.origin ||
  (from.hostname === to.hostname && to.protocol === "https:" && from.port === "" && to.port === "")

const carried = ["accept", "content-type", "idempotency-key", "user-agent"]

const descriptive = (headers: Hop["headers"]): Hop["headers"] =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => carried.includes(name.toLowerCase())))

const withoutContentType = (headers: Hop["headers"]): Hop["headers"] =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== "content-type"))

/** The user name and password of a URL as Basic authentication (RFC 7617), unless the user has set `Authorization`. */
const credentials = (url: URL, headers: Hop["headers"]): Hop["headers"] => {
  if (url.username === "" && url.password === "") return {}
  if (Object.keys(headers).some((name) => name.toLowerCase() === "authorization")) return {}
  const pair = `${unescape(url.username)}:${unescape(url.password)}`
  return { Authorization: `Basic ${Buffer.from(pair).toString("base64")}` }
}
