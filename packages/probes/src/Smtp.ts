/** SMTP (RFC 5321), and STARTTLS over it (RFC 3207). */
import type { Kind } from "./Kind.ts"
import * as Mail from "./mail/Mail.ts"

const protocol: Mail.Protocol = {
  isGreeting: (line) => /^220(?:[ -]|$)/.test(line),
  goesOn: (line) => /^\d{3}-/.test(line),
  startTls: async (dialogue) => {
    dialogue.say("EHLO overdue.invalid")
    const offered = await Mail.reply(dialogue, protocol)
    if (!offered.some((line) => /^250[ -]STARTTLS\s*$/i.test(line))) return false
    dialogue.say("STARTTLS")
    return /^220(?: |$)/.test((await Mail.reply(dialogue, protocol)).at(-1)!)
  },
  farewell: "QUIT",
}

/** The kind. */
export const smtp: Kind = {
  name: "smtp",
  asks: "Waits for the greeting, encrypts with STARTTLS or from the start if the scheme says so, and says QUIT.",
  fails: "A greeting other than 220, or STARTTLS refused.",
  ask: (attempt) => Mail.converse(attempt, protocol),
}
