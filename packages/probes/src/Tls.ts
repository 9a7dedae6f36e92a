/** TLS: the handshake and the certificate, and nothing of what is spoken inside. */
import * as Connection from "./Connection.ts"
import type { Kind } from "./Kind.ts"

/** The kind. */
export const tls: Kind = {
  name: "tls",
  asks: "Connects, makes the handshake, and looks at the certificate.",
  fails: "A handshake that fails.",
  ask: async (attempt) => {
    await Connection.openAs(attempt, attempt.url, true)
  },
}
