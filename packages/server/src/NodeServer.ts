/** The server on a socket of Node, bounded against whoever is on the other end. */
import * as Http from "node:http"
import type { Socket } from "node:net"
import type { Body, Inbound, Outbound } from "./Http.ts"
import type { Serve } from "./Server.ts"
import { longestBody } from "./WebRequest.ts"

export interface Options {
  readonly host: string
  /** 0 picks a free one. */
  readonly port: number
  /** Open connections; further ones are closed at once. */
  readonly connections?: number
}

export interface Listening {
  /** `http://HOST:PORT` with the port that was picked. */
  readonly url: string
  readonly port: number
  /** Stops accepting, lets what is in flight finish, and then closes what is left after `patience` milliseconds. */
  readonly close: (patience?: number) => Promise<void>
}

/** A client must send its headers within this many milliseconds, and the rest of its request within the other. */
const headersTimeout = 10_000
const requestTimeout = 60_000

/** How long an idle connection is kept. Longer than what proxies keep theirs, so that they close first. */
const keepAliveTimeout = 75_000

const maxHeaderSize = 16 * 1024
const defaultConnections = 10_000

/** Starts to listen. Rejects with Node's error when that cannot be (`EADDRINUSE`, `EACCES`, `EADDRNOTAVAIL`). */
export const listen = async (serve: Serve, options: Options): Promise<Listening> => {
  const server = Http.createServer(
    { headersTimeout, requestTimeout, keepAliveTimeout, maxHeaderSize, connectionsCheckingInterval: 1_000 },
    (request, response) => answer(serve, request, response),
  )
  server.maxConnections = options.connections ?? defaultConnections
  server.on("clientError", refuseMalformed)
  server.on("checkContinue", (request, response) => {
    response.writeContinue()
    answer(serve, request, response)
  })
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject)
    server.listen(options.port, options.host, () => {
      server.off("error", reject)
      resolve()
    })
  })
  const { port } = server.address() as { port: number } // safe because it listens on TCP
  return {
    url: `http://${bracketed(options.host)}:${port}`,
    port,
    close: (patience) => close(server, patience),
  }
}

const bracketed = (host: string): string => (host.includes(":") ? `[${host}]` : host)

const answer = (serve: Serve, request: Http.IncomingMessage, response: Http.ServerResponse): void => {
  serve(inboundOf(request), (outbound) => write(request, response, outbound))
}

const write = (request: Http.IncomingMessage, response: Http.ServerResponse, outbound: Outbound): void => {
  if (response.destroyed) return
  const body = outbound.body
  // A body that was not read must not be taken for the next request.
  if (!request.complete && hasBody(request)) response.shouldKeepAlive = false
  response.writeHead(outbound.status, headOf(outbound))
  response.end(request.method === "HEAD" || outbound.status === 204 ? undefined : body)
}

/** Heads of answers that are given again and again: the ping API has a handful, and gives each a million times. */
const heads = new WeakMap<Outbound, string[]>()

/** The headers as one flat list, which Node writes without looking each one up. */
const headOf = (outbound: Outbound): string[] => {
  const known = heads.get(outbound)
  if (known !== undefined) return known
  const head = Object.entries(outbound.headers).flat()
  const { body } = outbound
  // RFC 9110 §8.6: no Content-Length with 204; with HEAD it is that of the body which is not sent.
  if (outbound.status !== 204) {
    head.push("content-length", String(typeof body === "string" ? Buffer.byteLength(body) : body.length))
  }
  heads.set(outbound, head)
  return head
}

const inboundOf = (request: Http.IncomingMessage): Inbound => {
  const url = request.url ?? "/"
  const mark = url.indexOf("?")
  return {
    method: request.method ?? "GET",
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? "" : url.slice(mark + 1),
    header: (name) => {
      const value = request.headers[name]
      return typeof value === "object" ? value.join(", ") : value
    },
    hasBody: hasBody(request),
    body: (limit) => read(request, limit),
    remoteAddress: addressOf(request.socket),
    scheme: "http",
  }
}

const hasBody = (request: Http.IncomingMessage): boolean =>
  request.headers["transfer-encoding"] !== undefined ||
  (request.headers["content-length"] !== undefined && request.headers["content-length"] !== "0")

/** An IPv4 client of a socket that listens on IPv6 is shown as what it is. */
const addressOf = (socket: Socket): string => (socket.remoteAddress ?? "").replace(/^::ffff:(?=\d+\.)/, "")

const read = (request: Http.IncomingMessage, limit: number): Promise<Body> =>
  new Promise((resolve, reject) => {
    const kept: Uint8Array[] = []
    let size = 0
    request.on("data", (chunk: Buffer) => {
      if (size < limit) kept.push(chunk.subarray(0, limit - size))
      size += chunk.length
      if (size > longestBody) {
        request.pause()
        reject(new RangeError("the body is too large"))
      }
    })
    request.on("end", () => {
      resolve({ bytes: kept.length === 1 ? kept[0]! : Buffer.concat(kept), isCut: size > limit })
    })
    request.on("error", reject)
    request.on("close", () => reject(new Error("the sender went away")))
  })

/** What cannot be read as HTTP gets the status that says why, when the socket still takes one. */
const refuseMalformed = (error: NodeJS.ErrnoException, socket: Socket): void => {
  if (error.code === "ECONNRESET" || !socket.writable) return void socket.destroy()
  const status =
    error.code === "HPE_HEADER_OVERFLOW"
      ? "431 Request Header Fields Too Large"
      : error.code === "ERR_HTTP_REQUEST_TIMEOUT"
        ? "408 Request Timeout"
        : "400 Bad Request"
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)
}

const close = (server: Http.Server, patience = 10_000): Promise<void> =>
  new Promise((resolve) => {
    const impatience = setTimeout(() => server.closeAllConnections(), patience)
    server.close(() => {
      clearTimeout(impatience)
      resolve()
    })
    server.closeIdleConnections()
  })
