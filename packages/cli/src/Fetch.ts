/** `fetch` for signals over node:http: the global one takes 45 ms to load, as long as the whole rest of a start. */
import type { IncomingMessage } from "node:http"
import { StringDecoder } from "node:string_decoder"
import { ClientError } from "@overdue/client"
import type { Fetch } from "@overdue/client"
import * as Redirect from "@overdue/client/redirect"
import type { Asked } from "./Proxy.ts"

type Init = Parameters<Fetch>[1]

/** Mebibytes that another answer may have: ten thousand checks take some 20, and one without end must not fill memory. */
const most = 128

/** Bytes that are read of an answer to a signal, and of a refusal: both are a line of text. */
const mostOfLine = 65_536

/** An answer whose bytes can be read as they came: text is made of some only with a loss. */
export interface Answer extends Awaited<ReturnType<Fetch>> {
  readonly bytes: () => Promise<Buffer>
}

/** Sends a request over node:http, through the proxy that the environment names, and follows redirects. */
export const fetch = (...[url, init]: Parameters<Fetch>) => follow(url, init)

/** Sends a request in the same way, and returns a redirect as the answer, for who follows by rules of its own. */
export const fetchOnce = (...[url, init]: Parameters<Fetch>) => follow(url, init, { redirects: 0 })

/** Sends a signal as `fetch` does; of an answer, 64 KiB are read at most. */
export const fetchOfPing = (...[url, init]: Parameters<Fetch>) => follow(url, init, { isLine: true })

interface Bounds {
  /** Whether no more than a line is read of the answer. */
  readonly isLine?: boolean
  readonly redirects?: number
}

const follow = async (
  url: string | URL,
  init: Init,
  { isLine = false, redirects: mostRedirects = Redirect.mostRedirects }: Bounds = {},
): Promise<Answer> => {
  let hop: Redirect.Hop = { address: new URL(url), headers: init.headers ?? {} }
  for (let redirects = 0; ; redirects++) {
    const response = await once(hop.address, { ...init, headers: { ...hop.headers } })
    const { statusCode: status = 0, headers: answered } = response
    const next = Redirect.next({ status, location: answered.location }, hop)
    if (next === undefined || redirects === mostRedirects) {
      const parts = isLine || status >= 300 ? beginning(response) : whole(response)
      return {
        status,
        headers: { get: (name) => [answered[name.toLowerCase()]].flat()[0] ?? null },
        bytes: () => bytesOf(parts),
        text: () => textOf(parts),
      }
    }
    response.destroy()
    hop = next
  }
}

/** Looked at first, so that nothing more is loaded where the environment names no proxy. */
const isProxied = ["http_proxy", "https_proxy", "all_proxy"].some(
  (name) => process.env[name] || process.env[name.toUpperCase()],
)

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

/** Yields the beginning of an answer as it comes, and cuts the connection where there is more. */
const beginning = async function* (response: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let room = mostOfLine
  for await (const part of response) {
    yield part.subarray(0, room)
    room -= part.length
    if (room <= 0) return
  }
}

/** Yields an answer as it comes, and fails as soon as it is too long. The message says so, and no second try is made. */
const whole = async function* (response: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let room = most * 1_048_576
  for await (const part of response) {
    room -= part.length
    if (room < 0)
      throw new ClientError("Refused", `the server's answer is longer than ${most} MiB`, { status: 200 })
    yield part
  }
}

const bytesOf = async (parts: AsyncIterable<Buffer>): Promise<Buffer> => {
  const all: Buffer[] = []
  for await (const part of parts) all.push(part)
  return Buffer.concat(all)
}

/** The bytes are not kept beside the text, which would take the memory twice. */
const textOf = async (parts: AsyncIterable<Buffer>): Promise<string> => {
  const decoder = new StringDecoder()
  let text = ""
  for await (const part of parts) text += decoder.write(part)
  return text + decoder.end()
}
