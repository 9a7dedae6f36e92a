/** A server on loopback that records what it is sent and answers as a test says: what a webhook or a client talks to. */
import { once } from "node:events"
import * as http from "node:http"
import * as https from "node:https"
import type { AddressInfo } from "node:net"

/** A request as it was received. */
export interface Received {
  readonly method: string
  /** Path and query. */
  readonly url: string
  /** Names in lower case. */
  readonly headers: http.IncomingHttpHeaders
  /** As UTF-8. */
  readonly body: string
  readonly bytes: Buffer
}

/** What to do with a request: answer, cut the connection, cut it inside the answer, stay silent, or as the test likes. */
export type Answer =
  | {
      readonly status: number
      readonly headers?: http.OutgoingHttpHeaders
      readonly body?: string | Uint8Array
    }
  | "drop"
  | "drop midway"
  | "hang"
  | { readonly write: (response: http.ServerResponse) => void }

/** One answer to all; or the nth of a list to the nth request (from 0), the last again and again; or what a function says. */
export type Answers =
  | Answer
  | readonly Answer[]
  | ((request: Received, n: number) => Answer | Promise<Answer>)

/** A server that listens. */
export interface Receiver extends AsyncDisposable {
  /** Without a trailing slash. */
  readonly url: string
  readonly port: number
  readonly received: readonly Received[]
  /** Resolves once so many requests have been received in all. */
  readonly count: (requests: number) => Promise<void>
  readonly close: () => Promise<void>
}

/** As Overdue answers a ping. */
export const ok: Answer = { status: 200, headers: { "Ping-Body-Limit": "10000" }, body: "OK" }

/** Returns an answer without a body. */
export const status = (code: number, headers: http.OutgoingHttpHeaders = {}): Answer => ({
  status: code,
  headers,
})

/** Starts a receiver, on a free port unless one is named. */
export const listen = (answers: Answers = ok, port = 0): Promise<Receiver> =>
  start(http.createServer(), "http", answers, port)

/** Starts a receiver that speaks TLS. */
export const listenTls = (
  answers: Answers,
  identity: { readonly cert: string; readonly key: string },
): Promise<Receiver> => start(https.createServer(identity), "https", answers, 0)

const start = async (
  server: http.Server,
  scheme: string,
  answers: Answers,
  wantedPort: number,
): Promise<Receiver> => {
  const received: Received[] = []
  const answerTo = typeof answers === "function" ? answers : nthOf([answers].flat())
  const waiting = new Set<{ readonly requests: number; readonly resolve: () => void }>()
  server.on("request", async (request: http.IncomingMessage, response: http.ServerResponse) => {
    response.on("error", () => {})
    const read = await readWhole(request)
    if (read === undefined) return
    const n = received.push(read) - 1
    for (const { requests, resolve } of waiting) if (received.length >= requests) resolve()
    give(await answerTo(read, n), response)
  })
  server.listen(wantedPort, "127.0.0.1")
  await once(server, "listening")
  const { port } = server.address() as AddressInfo // safe because it listens on TCP
  const close = async (): Promise<void> => {
    const closed = once(server, "close")
    server.close()
    server.closeAllConnections()
    await closed
  }
  return {
    url: `${scheme}://127.0.0.1:${port}`,
    port,
    received,
    count: (requests) =>
      new Promise((resolve) => {
        if (received.length >= requests) resolve()
        else waiting.add({ requests, resolve })
      }),
    close,
    [Symbol.asyncDispose]: close,
  }
}

const nthOf =
  (answers: readonly Answer[]) =>
  (_request: Received, n: number): Answer =>
    answers[Math.min(n, answers.length - 1)]!

/** Resolves to a request, or to `undefined` when its sender went away before its end. */
const readWhole = async (request: http.IncomingMessage): Promise<Received | undefined> => {
  const chunks: Buffer[] = []
  try {
    for await (const chunk of request) chunks.push(chunk as Buffer) // safe because no encoding is set
  } catch {
    return undefined
  }
  const { method = "", url = "", headers } = request
  const bytes = Buffer.concat(chunks)
  return { method, url, headers, bytes, body: bytes.toString() }
}

const give = (answer: Answer, response: http.ServerResponse): void => {
  switch (answer) {
    case "hang":
      return
    case "drop":
      response.destroy()
      return
    case "drop midway":
      response.writeHead(200, { "Content-Length": "100" })
      response.write("only", () => response.destroy())
      return
  }
  if ("write" in answer) answer.write(response)
  else response.writeHead(answer.status, answer.headers).end(answer.body)
}
