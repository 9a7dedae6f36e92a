/** TCP: whether a port takes connections, and if that is asked, what it says. */
import type { Socket } from "node:net"
import type { Attempt } from "./Attempt.ts"
import * as Connection from "./Connection.ts"
import { ofError } from "./Failure.ts"
import type { Kind } from "./Kind.ts"
import * as Limits from "./Limits.ts"

/** The kind. */
export const tcp: Kind = {
  name: "tcp",
  asks: "Connects, sends the body if there is one, and reads a reply only if a condition is about it.",
  fails: "A reply that is asked about and does not come within 10 seconds.",
  ask: async (attempt) => {
    const socket = await Connection.open(attempt, attempt.url)
    const connectedAt = performance.now()
    if (attempt.probe.body !== "") await written(socket, attempt.probe.body)
    if (!attempt.isAbout("body", "json")) return
    socket.once("data", () => attempt.took("firstByte", connectedAt))
    attempt.seen.body = await reply(attempt, socket)
  },
}

const written = (socket: Socket, body: string): Promise<void> =>
  new Promise((resolve, reject) => {
    socket.once("error", (cause) => reject(ofError(cause)))
    socket.write(body, () => resolve())
  })

/** What comes until the end, the bound, or a moment of silence: TCP itself has no sign that a reply is over. */
const reply = async (attempt: Attempt, socket: Socket): Promise<string> => {
  const chunks: Uint8Array[] = []
  let size = 0
  let silence: NodeJS.Timeout | undefined
  attempt.closing(() => clearTimeout(silence))
  let begun: () => void = () => {}
  const beginning = new Promise<void>((resolve) => (begun = resolve))
  const whole = new Promise<void>((resolve, reject) => {
    socket.on("data", (chunk: Uint8Array) => {
      begun()
      chunks.push(chunk)
      size += chunk.length
      clearTimeout(silence)
      if (size >= Limits.answer) resolve()
      else silence = setTimeout(resolve, Limits.silence)
    })
    socket.once("end", resolve)
    socket.once("error", (cause) => reject(ofError(cause)))
    socket.once("close", () => resolve())
  })
  await attempt.within(Limits.reply, Promise.race([beginning, whole]))
  await whole
  return new TextDecoder().decode(Buffer.concat(chunks, Math.min(size, Limits.answer)))
}
