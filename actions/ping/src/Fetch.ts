/** The runner's own HTTP client as a `fetch`: proxies, and the exceptions from them, are those of the runner. */
import { HttpClient } from "@actions/http-client"
import type { Fetch } from "@overdue/client"

/** How requests are sent. */
export interface Through {
  readonly userAgent: string
  /** Limit for a socket without traffic, in milliseconds. */
  readonly timeout: number
  /** Must be false for requests with a key: the toolkit would send the key along to another host. */
  readonly followsRedirects: boolean
}

/** Returns a `fetch` over the runner's client. */
export const make = ({ userAgent, timeout, followsRedirects }: Through): Fetch => {
  const client = new HttpClient(userAgent, [], { socketTimeout: timeout, allowRedirects: followsRedirects })
  return async (url, { method, headers, body = "", signal }) => {
    signal.throwIfAborted()
    // The toolkit sends text as UTF-8, and every body of the client of Overdue is text in UTF-8.
    const content = typeof body === "string" ? body : Buffer.from(body).toString()
    const { message } = await abortable(client.request(method, String(url), content, headers), signal)
    // A connection that is cut inside the answer rejects here; the toolkit's own readBody would wait forever.
    const chunks: Uint8Array[] = []
    const read = async () => {
      for await (const chunk of message) chunks.push(chunk)
    }
    await abortable(read(), signal)
    const text = Buffer.concat(chunks).toString()
    return {
      status: message.statusCode ?? 0,
      headers: { get: (name) => [message.headers[name.toLowerCase()]].flat()[0] ?? null },
      text: async () => text,
    }
  }
}

/** Rejects as soon as the signal aborts, whatever becomes of the promise. */
const abortable = <A>(promise: Promise<A>, signal: AbortSignal): Promise<A> =>
  new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    signal.addEventListener("abort", abort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort))
  })
