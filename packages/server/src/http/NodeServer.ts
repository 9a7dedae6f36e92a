/** The carrier for a socket of Node, with limits on the time, memory and connections that clients can take. */
import * as Http from "node:http"
import type { Socket } from "node:net"
import { isHeadOnly, isStream, plainAddress, text, type Inbound, type Outbound, type Serve } from "./Http.ts"
import * as Bodies from "./Bodies.ts"
import * as Crowd from "./Crowd.ts"
import * as Doors from "./Doors.ts"
import * as Parting from "./Parting.ts"
import * as Pipeline from "./Pipeline.ts"
import * as Streams from "./Streams.ts"
import * as Limits from "@overdue/core/Limits"
import * as Target from "./Target.ts"
import * as TryAgain from "./TryAgain.ts"

/** Where to listen, and the limits that are not the usual ones. */
export interface Options extends Doors.Options {
  /** The most open connections, by default 10,000; a further one takes the place of one that asks for nothing. */
  readonly connections?: number | undefined
  readonly patience?: Partial<Patience>
  /** Is told each time that a client is turned away because the server is full, or asks for too much at once, and why. */
  readonly onTurnedAway?: ((why: string) => void) | undefined
}

/** How long clients may take, in milliseconds. A connection that exceeds a limit is closed. */
export interface Patience {
  /** To send the headers of a request. */
  readonly headers: number
  /** To send a whole request, including its body. */
  readonly request: number
  /** To send the next request on a kept connection. Longer than usual in proxies, so that the proxy closes first. */
  readonly keepAlive: number
  /** To send or take a byte: cuts off clients that do not read their answer, and streams that send nothing. */
  readonly silence: number
}

/** A server that listens. */
export interface Listening {
  /** `http://HOST:PORT`, with the port that was picked. */
  readonly url: string
  readonly port: number
  /**
   * Stops accepting connections, finishes the requests in flight, and ends event streams. After `patience`
   * milliseconds, by default 4,000, requests that have no answer yet get a 503, and connections that are still open are
   * closed. Resolves when there are none.
   */
  readonly close: (patience?: number) => Promise<void>
}

const patience: Patience = { headers: 10_000, request: 60_000, keepAlive: 75_000, silence: 120_000 }

const maxHeaderSize = 16 * 1024
const defaultConnections = 10_000

/** Starts listening. Rejects with Node's error when that fails (`EADDRINUSE`, `EACCES`, `EADDRNOTAVAIL`). */
export const listen = async (serve: Serve, options: Options): Promise<Listening> => {
  const { headers, request, keepAlive, silence } = { ...patience, ...options.patience }
  const turnAway = options.onTurnedAway ?? (() => {})
  const bodies = new Bodies.Bodies({ turnAway })
  const streams = new Streams.Streams()
  const crowd = new Crowd.Crowd(options.connections ?? defaultConnections, turnAway)
  let isOpen = true
  const answer = (request: Http.IncomingMessage, response: Http.ServerResponse): void => {
    crowd.ask(request, response)
    const done = (outbound: Outbound): void => {
      // A connection that is kept alive would hold up a server that stops.
      if (!isOpen) response.shouldKeepAlive = false
      crowd.answer(request)
      write(request, response, outbound, streams)
    }
    if (Bodies.isAnnouncedTooLarge(request)) return done(Bodies.tooLarge)
    if (hasSeveralHosts(request)) return done(severalHosts)
    const target = Target.parse(request.url ?? "/", request.method)
    if (target === undefined) return done(Target.answer(request.method, request.url))
    serve(inboundOf(request, target, { bodies, refuse: done }), done)
  }
  const make = (): Http.Server => {
    const server = Http.createServer(
      {
        headersTimeout: headers,
        requestTimeout: request,
        keepAliveTimeout: keepAlive,
        maxHeaderSize,
        connectionsCheckingInterval: Math.min(1_000, headers),
      },
      answer,
    )
    server.timeout = silence
    server.on("connection", (socket) => {
      crowd.enter(socket)
      Parting.afterLastAnswer(socket)
      Pipeline.bound(socket, {
        unanswered: () => crowd.unansweredOf(socket),
        cutOff: (request) => bodies.cutOff(request),
        turnAway,
      })
    })
    server.on("clientError", refuseMalformed)
    // Its target is a host, as that of no other method. Not a 405, whose Allow would list the methods of a path.
    server.on("connect", (_request, socket: Socket) => refuse(socket, "400 Bad Request"))
    server.on("checkContinue", (request, response) => {
      if (!Bodies.isAnnouncedTooLarge(request)) response.writeContinue()
      answer(request, response)
    })
    return server
  }
  const servers = await Doors.open(make, options)
  const port = Doors.portOf(servers[0])
  return {
    url: urlOf(options.host, port),
    port,
    close: async (patience) => {
      isOpen = false
      const closed = close(servers, crowd, patience)
      streams.stop()
      await closed
    },
  }
}

/** Returns the URL of a server that listens on a host and a port. IPv6 addresses stand in brackets (RFC 3986 §3.2.2). */
export const urlOf = (host: string, port: number): string =>
  `http://${host.includes(":") ? `[${host}]` : host}:${port}`

const write = (
  request: Http.IncomingMessage,
  response: Http.ServerResponse,
  outbound: Outbound,
  streams: Streams.Streams,
): void => {
  if (response.destroyed || response.headersSent) return
  const { status, body } = outbound
  // A body that was not read must not be taken for the next request.
  if (!request.complete && Bodies.isPresent(request)) response.shouldKeepAlive = false
  // A stream that ends before its Content-Length would have the next answer taken for its rest.
  if (isStream(body)) response.strictContentLength = true
  response.writeHead(status, headOf(outbound))
  if (isHeadOnly(request.method, status)) response.end()
  else if (!isStream(body)) response.end(body)
  else {
    response.flushHeaders()
    streams.send(response, body, String(outbound.headers["content-type"]))
  }
}

/**
 * Headers of answers that are given many times: the ping API has a handful of answers, and gives each a million
 * times.
 */
const heads = new WeakMap<Outbound, string[]>()

/** Returns the headers as one flat list, which Node writes as it is instead of looking up each header. */
const headOf = (outbound: Outbound): string[] => {
  const known = heads.get(outbound)
  if (known !== undefined) return known
  const head = Object.entries(outbound.headers).flatMap(([name, value]) =>
    typeof value === "string" ? [name, value] : value.flatMap((each) => [name, each]),
  )
  const { body } = outbound
  // RFC 9110 §8.6: no Content-Length with 204; with HEAD it is that of the body which is not sent.
  if (outbound.status !== 204 && !isStream(body)) {
    head.push("content-length", String(typeof body === "string" ? Buffer.byteLength(body) : body.length))
  }
  heads.set(outbound, head)
  return head
}

const severalHosts = text(400, "the request has several Host headers: send one")

/** Node takes the first Host header, and a proxy before it perhaps the last: RFC 9112 §3.2 refuses both. */
const hasSeveralHosts = ({ rawHeaders }: Http.IncomingMessage): boolean => {
  let hosts = 0
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!
    if (name.length === 4 && name.toLowerCase() === "host") hosts++
  }
  return hosts > 1
}

const inboundOf = (
  request: Http.IncomingMessage,
  { host, path, query }: Target.Target,
  { bodies, refuse }: { readonly bodies: Bodies.Bodies; readonly refuse: (refusal: Outbound) => void },
): Inbound => ({
  method: request.method ?? "GET",
  host: host ?? request.headers.host ?? "",
  path,
  query,
  header: (name) => {
    const value = request.headers[name]
    return typeof value === "object" ? value.join(", ") : value
  },
  hasBody: Bodies.isPresent(request),
  body: (limit, isKnown = false) => bodies.read(request, { limit, isKnown, refuse }),
  isCrowded: (limit) => bodies.isCrowded(limit),
  isGone: () => request.socket.destroyed,
  remoteAddress: plainAddress(request.socket.remoteAddress ?? ""),
  scheme: "http",
})

/** Answers what is not HTTP with the status that says why, if the socket still accepts an answer. */
const refuseMalformed = (error: NodeJS.ErrnoException, socket: Socket): void => {
  if (error.code === "ECONNRESET" || !socket.writable) return void socket.destroy()
  const status =
    error.code === "HPE_HEADER_OVERFLOW"
      ? "431 Request Header Fields Too Large"
      : error.code === "ERR_HTTP_REQUEST_TIMEOUT"
        ? "408 Request Timeout"
        : "400 Bad Request"
  refuse(socket, status)
}

const refuse = (socket: Socket, status: string): void => {
  socket.write(head(status))
  Parting.part(socket)
}

/** Returns an answer without a body, as bytes for a socket. */
const head = (status: string): string =>
  [`HTTP/1.1 ${status}`, "connection: close", "content-length: 0", "", ""].join("\r\n")

/** It may be a test of a channel whose receiver never answers. */
const stopping = text(
  503,
  "the server was told to stop before it had an answer: what was asked for may have been done or not",
  TryAgain.headers,
)

/** How long an answer may take to leave a program that stops, in milliseconds. */
const parting = 100

const close = async (
  servers: readonly Http.Server[],
  crowd: Crowd.Crowd,
  patience: number = Limits.patience,
): Promise<void> => {
  let impatience = setTimeout(() => {
    for (const response of crowd.unanswered()) {
      response.shouldKeepAlive = false
      response.writeHead(stopping.status, headOf(stopping))
      response.end(stopping.body)
    }
    impatience = setTimeout(() => {
      for (const server of servers) server.closeAllConnections()
    }, parting)
  }, patience)
  const closed = servers.map(Doors.closed)
  for (const server of servers) server.closeIdleConnections()
  await Promise.all(closed)
  clearTimeout(impatience)
}
