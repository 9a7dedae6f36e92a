/** A webhook's other end: records what it got, and lets a test wait for it. */
import { createServer, type IncomingHttpHeaders, type Server } from "node:http"
import type { AddressInfo } from "node:net"

export interface Received {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
  /** Milliseconds since the receiver started. */
  readonly at: number
}

export class Receiver implements AsyncDisposable {
  readonly url: string
  readonly received: Received[] = []
  /** What to answer; 200 unless a test says otherwise. */
  status = 200
  readonly #server: Server
  readonly #waiting: { readonly count: number; readonly resolve: () => void }[] = []

  private constructor(server: Server) {
    this.#server = server
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  static start(): Promise<Receiver> {
    return new Promise((resolve) => {
      const startedAt = performance.now()
      let receiver: Receiver | undefined
      const server = createServer(async (request, response) => {
        let body = ""
        for await (const chunk of request) body += String(chunk)
        const { method = "", url = "", headers } = request
        receiver!.take({ method, path: url, headers, body, at: performance.now() - startedAt })
        response.writeHead(receiver!.status).end("thanks")
      })
      server.listen(0, "127.0.0.1", () => resolve((receiver = new Receiver(server))))
    })
  }

  take(received: Received): void {
    this.received.push(received)
    for (const { count, resolve } of this.#waiting) if (this.received.length >= count) resolve()
  }

  /** Resolves once that many requests have arrived in all. */
  count(count: number): Promise<void> {
    if (this.received.length >= count) return Promise.resolve()
    return new Promise((resolve) => this.#waiting.push({ count, resolve }))
  }

  /** A channel that tells this receiver, with the status and the check's name in the path. */
  get webhook(): unknown {
    return {
      method_down: "POST",
      url_down: `${this.url}/down/$NAME`,
      body_down: "$NAME is $STATUS: $BODY",
      headers_down: { "X-Code": "$CODE" },
      method_up: "GET",
      url_up: `${this.url}/up/$NAME`,
      body_up: "",
      headers_up: {},
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}
