/** What SMTP, POP3 and IMAP have in common: a greeting, perhaps STARTTLS, and a polite end. */
import * as Excerpt from "@overdue/core/probe/Excerpt"
import type { Attempt } from "../Attempt.ts"
import { Failure } from "../Failure.ts"
import { Dialogue } from "./Dialogue.ts"

/** A protocol. */
export interface Protocol {
  /** Whether a line greets; a greeting of several lines is the last. */
  readonly isGreeting: (line: string) => boolean
  /** Whether more lines belong to the same reply. */
  readonly goesOn: (line: string) => boolean
  /** Asks for TLS, and returns whether the server agrees. */
  readonly startTls: (dialogue: Dialogue) => Promise<boolean>
  /** How one takes leave. */
  readonly farewell: string
}

/** Hears the greeting, encrypts when that is asked for, and takes leave. The greeting is the body. */
export const converse = async (attempt: Attempt, protocol: Protocol): Promise<void> => {
  const dialogue = await Dialogue.open(attempt)
  const greeting = await reply(dialogue, protocol)
  attempt.seen.body = greeting.join("\n")
  if (!protocol.isGreeting(greeting[0] ?? "")) throw new Failure(`greeting ${Excerpt.of(greeting[0] ?? "")}`)
  if (attempt.url.security === "starttls") {
    if (!(await protocol.startTls(dialogue))) throw new Failure("starttls refused")
    await dialogue.secure()
  }
  dialogue.say(protocol.farewell)
}

/** Resolves with all lines of a reply. */
export const reply = async (
  dialogue: Dialogue,
  { goesOn }: Pick<Protocol, "goesOn">,
): Promise<readonly string[]> => {
  const lines = [await dialogue.line()]
  while (goesOn(lines.at(-1)!)) lines.push(await dialogue.line())
  return lines
}
