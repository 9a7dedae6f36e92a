/** `fetch` for signals over node:http: the global one takes 45 ms to load, as long as all the rest of a start. */
import type { IncomingMessage, RequestOptions } from "node:http"

/** A redirect from http to https, and one more from one host to another, is usual; a longer chain is a loop. */
const mostRedirects = 5

const follow = async (url: string | URL, init: RequestInit = {}) => {
  let address = new URL(url)
  for (let redirects = 0; ; redirects++) {
    const response = await once(address, init)
    const { statusCode: status = 0, headers } = response
    const location = status >= 300 && status < 400 ? headers.location : undefined
    if (location === undefined || redirects === mostRedirects) {
      return {
        status,
        headers: { get: (name: string) => [headers[name.toLowerCase()]].flat()[0] ?? null },
        text: () => text(response),
      }
    }
    // Method and body stay, unlike in a browser: what moved is the server, and the signal is still the same.
    response.resume()
    address = new URL(location, address)
  }
}

const once = (url: URL, { method = "GET", headers, body, signal }: RequestInit): Promise<IncomingMessage> => {
  // Not imported: the names that an import lists include WebSocket, and looking at that one loads what `fetch` would.
  const { request } = process.getBuiltinModule(url.protocol === "https:" ? "node:https" : "node:http")
  const options: RequestOptions = {
    method,
    // safe because the client of Overdue gives headers as a record, and a body as text or bytes
    headers: {
      ...(headers as Record<string, string> | undefined),
      "Content-Length": Buffer.byteLength((body ?? "") as string | Uint8Array),
    },
    ...(signal && { signal }),
  }
  return new Promise((resolve, reject) => {
    request(url, options, resolve)
      .once("error", reject)
      .end(body as string | Uint8Array | undefined)
  })
}

const text = async (response: IncomingMessage): Promise<string> => {
  const chunks: Uint8Array[] = []
  for await (const chunk of response) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

/** Knows what the client of Overdue asks for: a URL, method, headers, body, signal; status, headers, text. */
// safe because the parts of a Response that are missing are never asked for
export const fetch = follow as unknown as typeof globalThis.fetch
