/** Sends one request's bytes and hears what the server makes of them, whatever state they leave the connection in. */
import { connect, type Socket } from "node:net"
import { parse, type Answer } from "../../kit/RawHttp.ts"

/** Milliseconds after which nothing more is expected: of bytes that may ask nothing, and of a whole request. */
const silence = 50
const patience = 20_000

export interface Heard extends Answer {
  /** Milliseconds until the first byte of the answer. */
  readonly after: number
}

/** Status 0: the connection ended without an answer. */
export const send = (port: number, bytes: Buffer, isWhole: boolean): Promise<Heard> =>
  new Promise((resolve) => {
    const startedAt = performance.now()
    const heard: Buffer[] = []
    let after = 0
    const socket: Socket = connect(port, "127.0.0.1", () => socket.write(bytes))
    // Says goodbye first, and hangs up when that is not heard.
    const leave = (): void => {
      if (socket.writableEnded) socket.destroy()
      else socket.end()
    }
    socket.setTimeout(isWhole ? patience : silence, leave)
    socket.on("data", (chunk: Buffer) => {
      if (heard.length === 0) after = performance.now() - startedAt
      heard.push(chunk)
    })
    // Whoever refuses need not read on.
    socket.on("error", () => undefined)
    socket.on("close", () => resolve({ ...parse(Buffer.concat(heard)), after }))
  })
