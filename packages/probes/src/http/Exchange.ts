/** One HTTP request over a connection of its own, and the head of its answer. */
import * as http from "node:http"
import type { Socket } from "node:net"
import type { Attempt } from "../Attempt.ts"
import { Failure, ofError, type Unknown } from "../Failure.ts"
import type { Hop } from "./Hop.ts"

/** The head of an answer, and where its body comes from. */
export interface Answer {
  readonly incoming: http.IncomingMessage
  /** Whether the connection is HTTP after the head as well; otherwise there is no body. */
  readonly hasBody: boolean
  /** Resolves with why the rest cannot be read, which the body would not say; never when it can. */
  readonly broken: Promise<Failure | Unknown>
}

/** Sends a request, and returns the head of the answer. */
export const send = (attempt: Attempt, socket: Socket, hop: Hop): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const outgoing = begin(socket, hop)
    // What is no HTTP any more after a good head is an error of the request, not of the answer.
    const broken = new Promise<Failure | Unknown>((tell) => {
      for (const source of [socket, outgoing]) source.on("error", (cause) => tell(ofError(cause)))
    })
    const sentAt = performance.now()
    outgoing.once("socket", () => socket.once("data", () => attempt.took("firstByte", sentAt)))
    void broken.then(reject)
    const answered = (incoming: http.IncomingMessage, hasBody: boolean): void => {
      // Without a listener, a connection that breaks after the head would be an uncaught exception.
      incoming.on("error", () => {})
      resolve({ incoming, hasBody, broken })
    }
    outgoing.once("response", (incoming) => answered(incoming, true))
    // A change of the protocol and a tunnel are answers as well; what follows on the connection is not for us.
    for (const change of ["upgrade", "connect"])
      outgoing.once(change, (incoming: http.IncomingMessage) => {
        socket.destroy()
        answered(incoming, false)
      })
    outgoing.end(hop.body)
  })

const begin = (socket: Socket, { url, method, headers, body }: Hop): http.ClientRequest => {
  try {
    return http.request({
      createConnection: () => socket,
      method,
      path: url.pathname + url.search,
      headers: framed(url, headers, body, method),
      setHost: false,
    })
  } catch {
    // Node throws for what it cannot write, such as a header with a line break.
    throw new Failure("the request cannot be sent: its method or a header is invalid")
  }
}

/** What says how long the body is, which is ours to say. */
const framing = ["content-length", "transfer-encoding", "connection", "keep-alive", "expect"]

const framed = (
  url: URL,
  headers: Hop["headers"],
  body: string,
  method: string,
): http.OutgoingHttpHeaders => {
  const own: Record<string, string> = {
    Host: url.host,
    "User-Agent": "Overdue",
    Accept: "*/*",
    "Accept-Encoding": "gzip, deflate, br, zstd",
    ...(body === "" && ["GET", "HEAD"].includes(method)
      ? {}
      : { "Content-Length": `${Buffer.byteLength(body)}` }),
  }
  const given = Object.entries(headers).filter(
    ([name, value]) => !framing.includes(name.toLowerCase()) || isUpgrade(name, value),
  )
  const names = given.map(([name]) => name.toLowerCase())
  return {
    ...Object.fromEntries(Object.entries(own).filter(([name]) => !names.includes(name.toLowerCase()))),
    ...Object.fromEntries(given),
  }
}

const isUpgrade = (name: string, value: string): boolean =>
  name.toLowerCase() === "connection" && value.toLowerCase() === "upgrade"
