/** Redirects: what the next hop of a request is, and what it may carry along. */
import { unescape } from "node:querystring"
import * as Result from "effect/Result"
import type { NotifyRequest } from "../HttpKind.ts"
import * as Unsent from "./Unsent.ts"

/** A request on its way: its URL is read, and its credentials have become a header. */
export interface Hop extends Omit<NotifyRequest, "url"> {
  readonly url: URL
}

/** The first hop. Fails for now when the URL is not one: another alert may fill its placeholders differently. */
export const first = (request: NotifyRequest): Result.Result<Hop, Unsent.Unsent> => {
  const url = httpUrl(request.url, undefined)
  if (url === undefined) return Result.fail(Unsent.forNow("what the URL became is not an http or https URL"))
  return Result.succeed({
    ...request,
    url,
    headers: { ...credentials(url, request.headers), ...request.headers },
  })
}

/** Whether a status asks to go elsewhere. 300 and 304 to 306 offer no single place to go. */
export const isRedirect = (status: number): boolean =>
  status === 301 || status === 302 || status === 303 || status === 307 || status === 308

/**
 * The next hop. 301, 302, 307 and 308 repeat method and body: an alert that becomes an empty GET on its way would
 * count as delivered and say nothing. 303 asks for a GET (RFC 9110 §15.4.4). Another origin gets none of the user's
 * headers but those that describe the message, since the rest may be credentials.
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

/** The same origin, or the same host's default ports with TLS added. */
const isTrusted = (from: URL, to: URL): boolean =>
  from.origin === to.origin ||
  (from.hostname === to.hostname && to.protocol === "https:" && from.port === "" && to.port === "")

const carried = ["accept", "content-type", "idempotency-key", "user-agent"]

const descriptive = (headers: Hop["headers"]): Hop["headers"] =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => carried.includes(name.toLowerCase())))

const withoutContentType = (headers: Hop["headers"]): Hop["headers"] =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== "content-type"))

/** A URL's user name and password as Basic authentication (RFC 7617), unless the user authenticates otherwise. */
const credentials = (url: URL, headers: Hop["headers"]): Hop["headers"] => {
  if (url.username === "" && url.password === "") return {}
  if (Object.keys(headers).some((name) => name.toLowerCase() === "authorization")) return {}
  const pair = `${unescape(url.username)}:${unescape(url.password)}`
  return { Authorization: `Basic ${Buffer.from(pair).toString("base64")}` }
}
