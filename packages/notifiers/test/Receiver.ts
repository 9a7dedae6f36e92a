/** A webhook's receiver on loopback: records what it gets, and answers as the test says. */
import { once } from "node:events"
import * as http from "node:http"
import * as https from "node:https"
import type { AddressInfo } from "node:net"

export interface Received {
  readonly method: string
  readonly url: string
  /** Names in lower case. */
  readonly headers: http.IncomingHttpHeaders
  readonly body: string
}

export interface Receiver extends AsyncDisposable {
  /** Without a trailing slash. */
  readonly url: string
  readonly port: number
  readonly received: readonly Received[]
  readonly server: http.Server
}

/** Answers a request that has been recorded. */
export type Answer = (request: Received, response: http.ServerResponse) => void

export const ok: Answer = (_request, response) => response.end("OK")

export const status =
  (code: number, headers: http.OutgoingHttpHeaders = {}): Answer =>
  (_request, response) =>
    response.writeHead(code, headers).end()

export const listen = (answer: Answer = ok): Promise<Receiver> => serve(http.createServer(), "http", answer)

export const listenTls = (answer: Answer, identity: { readonly cert: string; readonly key: string }) =>
  serve(https.createServer(identity), "https", answer)

const serve = async (server: http.Server, scheme: string, answer: Answer): Promise<Receiver> => {
  const received: Received[] = []
  server.on("request", async (request: http.IncomingMessage, response: http.ServerResponse) => {
    response.on("error", () => {})
    const chunks: Buffer[] = []
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer)
    } catch {
      return // the sender went away
    }
    const { method = "", url = "", headers } = request
    received.push({ method, url, headers, body: Buffer.concat(chunks).toString() })
    answer(received.at(-1)!, response)
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const { port } = server.address() as AddressInfo // safe because it listens on TCP
  return {
    url: `${scheme}://127.0.0.1:${port}`,
    port,
    received,
    server,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, "close")
    },
  }
}
