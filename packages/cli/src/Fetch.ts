/** `fetch` for signals over node:http: the global one takes 45 ms to load, as long as the whole rest of a start. */
import type { IncomingMessage } from "node:http"
import type { Fetch } from "@overdue/client"
import type { Asked } from "./Proxy.ts"

type Init = Parameters<Fetch>[1]

/** Servers redirect from http to https, and perhaps from one host to another; a longer chain is most likely a loop. */
const usualRedirects = 5

/** Bytes of an answer to a signal that are read: it is a line of text, and an answer without end must not fill memory. */
const mostOfPing = 65_536

/** Bytes of any other answer that are read: ten thousand checks take some 20 MB. */
const mostOfOthers = 268_435_456

/** An answer whose bytes can be read as they came: text is made of some only with a loss. */
export interface Answer extends Awaited<ReturnType<Fetch>> {
  readonly bytes: () => Promise<Buffer>
}

/** Sends a request over node:http, through the proxy that the environment names, and follows redirects. */
export const fetch = (...[url, init]: Parameters<Fetch>) => follow(url, init, { most: mostOfOthers })

/** Sends a request in the same way, and answers a redirect itself. */
export const fetchOnce = (...[url, init]: Parameters<Fetch>) =>
  follow(url, init, { most: mostOfOthers, redirects: 0 })

/** Sends a signal as `fetch` does; of an answer, 64 KiB are read at most. */
export const fetchOfPing = (...[url, init]: Parameters<Fetch>) => follow(url, init, { most: mostOfPing })

/** Returns where a redirect leads; `undefined` when that is no address that a request can be sent to. */
export const locationOf = (location: string | undefined, from: URL): URL | undefined => {
  const next =
    location !== undefined && URL.canParse(location, from.href) ? new URL(location, from) : undefined
  return next !== undefined && /^https?:$/.test(next.protocol) ? next : undefined
}

interface Bounds {
  /** Bytes of the answer. */
  readonly most: number
  readonly redirects?: number
}

const follow = async (
  url: string | URL,
  init: Init,
  { most, redirects: mostRedirects = usualRedirects }: Bounds,
): Promise<Answer> => {
  let address = new URL(url)
  let headers = init.headers
  for (let redirects = 0; ; redirects++) {
    const response = await once(address, { ...init, ...(headers && { headers }) })
    const { statusCode: status = 0, headers: answered } = response
    const next = status >= 300 && status < 400 ? locationOf(answered.location, address) : undefined
    if (next === undefined || redirects === mostRedirects) {
      const bytes = () => beginning(response, most)
      return {
        status,
        headers: { get: (name) => [answered[name.toLowerCase()]].flat()[0] ?? null },
        bytes,
        text: async () => (await bytes()).toString(),
      }
    }
    // Unlike in a browser, method and body stay: the server has moved, and the signal is the same.
    response.destroy()
    // A key is for the server that it was given for.
    if (next.host !== address.host) {
      headers = Object.fromEntries(Object.entries(headers ?? {}).filter(([name]) => !isSecret.test(name)))
    }
    address = next
  }
}

/** Looked at first, so that nothing more is loaded where the environment names no proxy. */
const isProxied = ["http_proxy", "https_proxy", "all_proxy"].some(
  (name) => process.env[name] || process.env[name.toUpperCase()],
)

const isSecret = /^(x-api-key|authorization)$/i

const once = async (url: URL, { method, headers, body = "", signal }: Init): Promise<IncomingMessage> => {
  const direct: Asked = {
    method,
    headers: { ...headers, "Content-Length": Buffer.byteLength(body) },
    signal,
  }
  const to = isProxied ? await proxied(url, direct) : { url, options: direct }
  // Not imported: an import reads all names of the module, and reading WebSocket loads as much as `fetch` does.
  const { request } = process.getBuiltinModule(to.url.protocol === "https:" ? "node:https" : "node:http")
  return new Promise((resolve, reject) => {
    request(to.url, to.options, resolve).once("error", reject).end(body)
  })
}

const proxied = async (url: URL, options: Asked) => {
  const Proxy = await import("./Proxy.ts")
  const proxy = Proxy.of(url, process.env)
  return proxy === undefined ? { url, options } : await Proxy.through(proxy, url, options)
}

/** Returns the beginning of an answer, and cuts the connection where there is more. */
const beginning = async (response: IncomingMessage, most: number): Promise<Buffer> => {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response) {
    chunks.push(chunk)
    length += chunk.length
    if (length >= most) break
  }
  return Buffer.concat(chunks).subarray(0, most)
}
