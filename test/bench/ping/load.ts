/** A load of HTTP requests over raw sockets, light enough to leave the machine to the server. */
import { connect, type Socket } from "node:net"
import * as Quantile from "../report/Quantile.ts"

export interface Load {
  readonly port: number
  readonly connections: number
  readonly milliseconds: number
  /** The path of the next request. */
  readonly path: () => string
}

export interface Measured {
  readonly answers: number
  /** Answers a second. */
  readonly rate: number
  /** Milliseconds from request to answer. */
  readonly p50: number
  readonly p99: number
  /** Answers that were not `200`. */
  readonly refused: number
}

/** Sends requests one after another on each connection until the time is up. Rejects when a connection breaks. */
export const run = async (load: Load): Promise<Measured> => {
  const latencies: number[] = []
  let refused = 0
  const startedAt = performance.now()
  const until = startedAt + load.milliseconds
  const one = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const socket = connect(load.port, "127.0.0.1")
      socket.setNoDelay(true)
      let sentAt = 0
      let received = ""
      const send = (): void => {
        sentAt = performance.now()
        socket.write(`GET ${load.path()} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
      }
      socket.on("connect", send)
      socket.on("error", reject)
      socket.on("data", (chunk) => {
        received += chunk.toString("latin1")
        if (!isWhole(received)) return
        if (!received.startsWith("HTTP/1.1 200")) refused += 1
        received = ""
        const now = performance.now()
        latencies.push(now - sentAt)
        if (now < until) send()
        else end(socket, resolve)
      })
    })
  await Promise.all(Array.from({ length: load.connections }, one))
  const elapsed = performance.now() - startedAt
  const latency = Quantile.of(latencies)
  return {
    answers: latencies.length,
    rate: (latencies.length / elapsed) * 1000,
    p50: latency(0.5),
    p99: latency(0.99),
    refused,
  }
}

const end = (socket: Socket, resolve: () => void): void => {
  socket.destroy()
  resolve()
}

/** Whether a text is a whole answer: its head, and as many bytes as the head announces. */
const isWhole = (text: string): boolean => {
  const head = text.indexOf("\r\n\r\n")
  if (head < 0) return false
  const length = /content-length: (\d+)/i.exec(text)
  return text.length >= head + 4 + Number(length?.[1] ?? 0)
}
