/** A server on loopback that answers by script and remembers what it was sent. */
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"

export interface Received {
  readonly method: string
  /** Path and query. */
  readonly url: string
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: Buffer
}

/** What to do with a request: answer, cut the connection, cut it inside the answer, or stay silent. */
export type Answer =
  | {
      readonly status: number
      readonly headers?: Readonly<Record<string, string>>
      readonly body?: string | Uint8Array
    }
  | "drop"
  | "drop midway"
  | "hang"

export interface Loopback extends AsyncDisposable {
  readonly url: string
  readonly received: readonly Received[]
  readonly close: () => Promise<void>
}

export const ok: Answer = { status: 200, headers: { "Ping-Body-Limit": "10000" }, body: "OK" }

/** Answers the nth request (from 0) as told; a list's last answer is repeated. */
export const listen = async (
  answers: readonly Answer[] | ((request: Received, n: number) => Answer | Promise<Answer>) = [ok],
  port = 0,
): Promise<Loopback> => {
  const received: Received[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { method = "", url = "", headers } = request
    const n = received.push({ method, url, headers, body: Buffer.concat(chunks) }) - 1
    const answer =
      typeof answers === "function"
        ? await answers(received[n]!, n)
        : answers[Math.min(n, answers.length - 1)]!
    if (answer === "hang") return
    if (answer === "drop") {
      response.destroy()
      return
    }
    if (answer === "drop midway") {
      response.writeHead(200, { "Content-Length": "100" })
      response.write("only", () => response.destroy())
      return
    }
    response.writeHead(answer.status, answer.headers)
    response.end(answer.body)
  })
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve))
  // safe because a listening TCP server has an address record
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return { url, received, close, [Symbol.asyncDispose]: close }
}
