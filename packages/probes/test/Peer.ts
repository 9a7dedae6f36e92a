/** What probes are pointed at: a server on loopback that does with each connection what a test says. */
import * as dgram from "node:dgram"
import { once } from "node:events"
import * as net from "node:net"
import * as tls from "node:tls"
import * as Probe from "@overdue/core/Probe"
import * as Asker from "@overdue/probes/Asker"
import * as Authority from "../../../test/kit/Authority.ts"

/** A server that listens. */
export interface Peer extends AsyncDisposable {
  readonly port: number
  /** How many connections it has taken. */
  readonly taken: () => number
}

/** What is done with a connection. */
type Serve = (socket: net.Socket) => unknown

/** The TLS over a connection, which is what must be destroyed: Node 24 ends with a fault when it is the socket under it. */
const over = new WeakMap<net.Socket, tls.TLSSocket>()

/** Starts a server. */
export const listen = async (serve: Serve, host = "127.0.0.1"): Promise<Peer> => {
  const sockets = new Set<net.Socket>()
  let taken = 0
  const server = net.createServer({ pauseOnConnect: false }, (socket) => {
    taken++
    sockets.add(socket)
    socket.on("error", () => {})
    socket.on("close", () => sockets.delete(socket))
    serve(socket)
  })
  server.listen(0, host)
  await once(server, "listening")
  const { port } = server.address() as net.AddressInfo
  return {
    port,
    taken: () => taken,
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close")
      server.close()
      for (const socket of sockets) (over.get(socket) ?? socket).destroy()
      await closed
    },
  }
}

/** Goes on over TLS on a connection, as the server of target.test. */
export const secured = (socket: net.Socket, cert = Authority.valid): tls.TLSSocket => {
  const secureContext = tls.createSecureContext({ cert, key: Authority.key })
  const encrypted = new tls.TLSSocket(socket, { isServer: true, secureContext })
  encrypted.on("error", () => {})
  over.set(socket, encrypted)
  return encrypted
}

/** Starts a server that speaks TLS from the start. */
export const listenTls = (serve: Serve, cert = Authority.valid): Promise<Peer> =>
  listen((socket) => serve(secured(socket, cert)))

/** Starts a UDP server that answers each datagram with what a function returns. */
export const listenUdp = async (
  reply: (datagram: Buffer) => Uint8Array | string | undefined,
): Promise<AsyncDisposable & { readonly port: number; readonly heard: readonly string[] }> => {
  const socket = dgram.createSocket("udp4")
  const heard: string[] = []
  socket.on("message", (message, { port, address }) => {
    heard.push(message.toString())
    const answer = reply(message)
    if (answer !== undefined) socket.send(answer, port, address)
  })
  socket.bind(0, "127.0.0.1")
  await once(socket, "listening")
  return {
    port: socket.address().port,
    heard,
    async [Symbol.asyncDispose]() {
      const closed = once(socket, "close")
      socket.close()
      await closed
    },
  }
}

/** Returns a port on which nobody listens. */
export const closedPort = async (): Promise<number> => {
  await using peer = await listen(() => {})
  return peer.port
}

/** Returns a UDP port on which nobody listens. */
export const closedUdpPort = async (): Promise<number> => {
  await using peer = await listenUdp(() => undefined)
  return peer.port
}

/** Every name is this machine, which may be asked; the authority of the tests is trusted. */
export const options: Asker.Options = {
  isAllowed: (address) => address === "127.0.0.1" || address === "::1",
  resolve: async () => [{ address: "127.0.0.1", family: 4 }],
  certificateAuthorities: [Authority.authority],
  timeout: 20_000,
  isOnline: async () => true,
}

/** Asks a target, and returns the answer, which must be one. */
export const ask = async (
  url: string,
  given: Partial<Probe.Probe> = {},
  more: Asker.Options = {},
): Promise<Asker.Answer> => {
  const answered = await Asker.make({ ...options, ...more })(Probe.make({ url, ...given }))
  if (answered.type === "unknown") throw new Error(answered.why)
  return answered.answer
}

/** Returns why a target failed; `undefined` when it did not. */
export const reason = async (...given: Parameters<typeof ask>): Promise<string | undefined> =>
  (await ask(...given)).reason

/** Reads a condition: `json a.b equal 1`. */
export const condition = (text: string): Probe.Condition => {
  const [, of, key = "", operator, value] = /^(\w+)(?: (\S+))? (\S+-?\S*) (.*)$/.exec(text)!
  return { of, key, operator, values: [value] } as Probe.Condition
}
