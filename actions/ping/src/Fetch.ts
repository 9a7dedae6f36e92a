/** A `fetch` for a step: proxies, and the exceptions from them, are those of the runner's own HTTP client. */
import { HttpClient } from "@actions/http-client"
import type { IncomingMessage } from "node:http"
import type { Fetch } from "@overdue/client"

/** How requests are sent. */
export interface Through {
  readonly userAgent: string
  /** Bytes of an answer that are read; the rest is cut off, so that no server can fill the memory. */
  readonly limit: number
  /** Must be false for requests with a key in a header of its own: another host would get it. */
  readonly followsRedirects: boolean
}

type Init = Parameters<Fetch>[1]

/** Servers redirect from http to https, and perhaps from one host to another; a longer chain is most likely a loop. */
const mostRedirects = 5

/**
 * Returns a `fetch` that ends with its signal, whatever the server does. Requests are made here and not by the toolkit,
 * which only half closes the socket of a server that does not answer, and then waits for it.
 */
export const make =
  ({ userAgent, limit, followsRedirects }: Through): Fetch =>
  async (url, init) => {
    let address = new URL(url)
    let headers = init.headers ?? {}
    for (let redirects = 0; ; redirects++) {
      const response = await once(address, userAgent, { ...init, headers })
      const next = followsRedirects && redirects < mostRedirects ? destination(response, address) : undefined
      if (next === undefined) return await answer(response, limit, init.signal)
      response.destroy()
      if (next.host !== address.host) headers = withoutSecrets(headers)
      // Unlike in a browser, method and body stay: the server has moved, and the signal is the same.
      address = next
    }
  }

/** Returns where a redirect leads; `undefined` when the answer is none, or leads where no signal should go. */
const destination = ({ statusCode = 0, headers }: IncomingMessage, from: URL): URL | undefined => {
  if (![301, 302, 303, 307, 308].includes(statusCode) || headers.location === undefined) return undefined
  if (!URL.canParse(headers.location, from.href)) return undefined
  const to = new URL(headers.location, from)
  return to.protocol === "https:" || to.protocol === from.protocol ? to : undefined
}

const withoutSecrets = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== "authorization"))

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
