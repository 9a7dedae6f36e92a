/** IMAP (RFC 9051), and STARTTLS over it (§6.2.1). */
import type { Kind } from "./Kind.ts"
import type { Dialogue } from "./mail/Dialogue.ts"
import * as Mail from "./mail/Mail.ts"

/** Resolves with the lines up to the one that ends a command, with it. */
const asked = async (dialogue: Dialogue, tag: string, command: string): Promise<readonly string[]> => {
  dialogue.say(`${tag} ${command}`)
  return Mail.reply(dialogue, { goesOn: (line) => !line.toLowerCase().startsWith(`${tag} `) })
}

const protocol: Mail.Protocol = {
  isGreeting: (line) => /^\* (?:OK|PREAUTH)(?:\s|$)/i.test(line),
  goesOn: () => false,
  startTls: async (dialogue) => {
    const offered = await asked(dialogue, "a1", "CAPABILITY")
    if (!offered.some((line) => /^\* CAPABILITY\b.* STARTTLS(?:\s|$)/i.test(line))) return false
    return /^a2 OK(?:\s|$)/i.test((await asked(dialogue, "a2", "STARTTLS")).at(-1)!)
  },
  farewell: "a3 LOGOUT",
}

/** The kind. */
export const imap: Kind = {
  name: "imap",
  asks: "Waits for the greeting, encrypts with STARTTLS or from the start if the scheme says so, and says LOGOUT.",
  fails: "A greeting other than * OK or * PREAUTH, or STARTTLS refused.",
  ask: (attempt) => Mail.converse(attempt, protocol),
}
