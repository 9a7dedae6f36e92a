/** The runner's own HTTP client as a `fetch`, so that proxies and their exceptions are those of the runner. */
import { HttpClient } from "@actions/http-client"

export interface Through {
  readonly userAgent: string
  /** Of a silent socket, in milliseconds. */
  readonly timeout: number
  /** A request that carries a key must not: the toolkit would take the key along to another host. */
  readonly followsRedirects: boolean
}

/** Only what the client of Overdue asks of `fetch`: a URL, method, headers, body, signal; status, headers, text. */
export const make = ({ userAgent, timeout, followsRedirects }: Through): typeof fetch => {
  const client = new HttpClient(userAgent, [], { socketTimeout: timeout, allowRedirects: followsRedirects })
  const through = async (url: string | URL, init: RequestInit = {}) => {
    const { method = "GET", headers, body, signal } = init
    signal?.throwIfAborted()
    // safe because the client of Overdue gives headers as a record
    const sent = client.request(
      method,
      String(url),
      content(body),
      headers as Record<string, string> | undefined,
    )
    const { message } = await abortable(sent, signal)
    // A connection that is cut inside the answer rejects here; the client's own readBody would wait forever.
    const chunks: Uint8Array[] = []
    const read = async () => {
      for await (const chunk of message) chunks.push(chunk)
    }
    await abortable(read(), signal)
    const text = Buffer.concat(chunks).toString()
    return {
      status: message.statusCode ?? 0,
      headers: { get: (name: string) => [message.headers[name.toLowerCase()]].flat()[0] ?? null },
      text: async () => text,
    }
  }
  // safe because the parts of a Response that are missing are never asked for
  return through as unknown as typeof fetch
}

/** The toolkit writes texts as UTF-8, and what the client of Overdue sends is text in UTF-8. */
const content = (body: RequestInit["body"]): string => {
  // safe because the client of Overdue sends nothing, texts or bytes
  return typeof body === "string" ? body : Buffer.from((body ?? "") as Uint8Array).toString()
}

const abortable = <A>(promise: Promise<A>, signal: AbortSignal | null | undefined): Promise<A> => {
  if (!signal) return promise
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    signal.addEventListener("abort", abort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort))
  })
}
