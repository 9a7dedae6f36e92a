/** UDP: whether anything comes back for a datagram. */
import * as dgram from "node:dgram"
import type { Attempt, Resolved } from "./Attempt.ts"
import * as Connection from "./Connection.ts"
import type { Kind } from "./Kind.ts"
import * as Limits from "./Limits.ts"

/** The kind. */
export const udp: Kind = {
  name: "udp",
  asks: "Sends the body, or an empty datagram, and waits for any reply.",
  fails: "No reply within 10 seconds.",
  ask: async (attempt) => {
    const errors: unknown[] = []
    for (const address of await Connection.addressesOf(attempt, attempt.url.host)) {
      try {
        const reply = await attempt.within(Limits.reply, replied(attempt, address))
        attempt.seen.body = new TextDecoder().decode(reply)
        return
      } catch (cause) {
        // Only what fails at once leaves time for the next address.
        if (!(cause instanceof Error && "syscall" in cause)) throw cause
        errors.push(cause)
      }
    }
    throw await Connection.reasonOf(attempt, errors)
  },
}

/** A socket that is connected hears of nobody else, and is told by ICMP when nobody listens there. */
const replied = (attempt: Attempt, { address, family }: Resolved): Promise<Uint8Array> =>
  new Promise((resolve, reject) => {
    const socket = dgram.createSocket(family === 6 ? "udp6" : "udp4")
    let isClosed = false
    const close = (): void => {
      if (!isClosed) socket.close()
      isClosed = true
    }
    attempt.closing(close)
    socket.on("error", (cause) => {
      close()
      reject(cause)
    })
    let sentAt = 0
    socket.once("message", (message) => {
      attempt.took("firstByte", sentAt)
      close()
      resolve(message)
    })
    socket.connect(attempt.url.port, address, () => {
      sentAt = performance.now()
      socket.send(attempt.probe.body)
    })
  })
