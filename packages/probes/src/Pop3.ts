/** POP3 (RFC 1939), and STLS over it (RFC 2595). */
import type { Kind } from "./Kind.ts"
import * as Mail from "./mail/Mail.ts"

const protocol: Mail.Protocol = {
  isGreeting: (line) => /^\+OK(?:\s|$)/i.test(line),
  goesOn: () => false,
  startTls: async (dialogue) => {
    dialogue.say("STLS")
    return protocol.isGreeting(await dialogue.line())
  },
  farewell: "QUIT",
}

/** The kind. */
export const pop3: Kind = {
  name: "pop3",
  asks: "Waits for the greeting, encrypts with STLS or from the start if the scheme says so, and says QUIT.",
  fails: "A greeting other than +OK, or STLS refused.",
  ask: (attempt) => Mail.converse(attempt, protocol),
}
