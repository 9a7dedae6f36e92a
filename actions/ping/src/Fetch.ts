/** A `fetch` for a step: proxies, and the exceptions from them, are those of the runner's own HTTP client. */
import { HttpClient } from "@actions/http-client"
import type { IncomingMessage } from "node:http"
import type { Fetch } from "@overdue/client"
import * as Redirect from "@overdue/client/redirect"

/** How requests are sent. */
export interface Through {
  readonly userAgent: string
  /** Bytes of an answer that are read; the rest is cut off, so that no server can fill the memory. */
  readonly limit: number
  /** False where another host could only refuse, because no key goes there: the redirect then says more. */
  readonly followsRedirects: boolean
}

type Init = Parameters<Fetch>[1]

/**
 * Returns a `fetch` that ends with its signal, whatever the server does. Requests are made here and not by the toolkit,
 * which only half closes the socket of a server that does not answer, and then waits for it.
 */
export const make =
  ({ userAgent, limit, followsRedirects }: Through): Fetch =>
  async (url, init) => {
    let hop: Redirect.Hop = { address: new URL(url), headers: init.headers ?? {} }
    for (let redirects = 0; ; redirects++) {
      const response = await once(hop.address, userAgent, { ...init, headers: { ...hop.headers } })
      const { statusCode: status = 0, headers } = response
      const isFollowed = followsRedirects && redirects < Redirect.mostRedirects
      const next = isFollowed ? Redirect.next({ status, location: headers.location }, hop) : undefined
      if (next === undefined) return await answer(response, limit, init.signal)
      response.destroy()
      hop = next
    }
  }

const once = (url: URL, userAgent: string, { method, headers, body = "", signal }: Init) => {
  // A new one each time, because the toolkit would take the agent of http for https as well.
  const client = new HttpClient(userAgent)
  // Not imported: an import reads all names of the module, and reading WebSocket loads all of Node's own undici.
  const { request } = process.getBuiltinModule(url.protocol === "https:" ? "node:https" : "node:http")
  const sent = {
    "User-Agent": client.userAgent ?? userAgent,
    ...headers,
    "Content-Length": Buffer.byteLength(body),
  }
  const options = { method, headers: sent, signal, agent: client.getAgent(url.href) }
  const response = new Promise<IncomingMessage>((resolve, reject) => {
    request(url, options, resolve).on("error", reject).end(body)
  })
  // A request that still waits for the tunnel of a proxy says nothing when it is aborted.
  return abortable(response, signal)
}

const answer = async (response: IncomingMessage, limit: number, signal: AbortSignal) => {
  const text = await abortable(read(response, limit), signal)
  return {
    status: response.statusCode ?? 0,
    headers: { get: (name: string) => [response.headers[name.toLowerCase()]].flat()[0] ?? null },
    text: async () => text,
  }
}

/** Reads so many bytes at most, and closes the connection then. Rejects when it is cut inside the answer. */
const read = async (response: IncomingMessage, limit: number): Promise<string> => {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response) {
    chunks.push(chunk)
    length += chunk.length
    if (length >= limit) break
  }
  return Buffer.concat(chunks).subarray(0, limit).toString()
}

/** Rejects as soon as the signal aborts, whatever becomes of the promise. */
const abortable = <A>(promise: Promise<A>, signal: AbortSignal): Promise<A> =>
  new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    if (signal.aborted) abort()
    signal.addEventListener("abort", abort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort))
  })
