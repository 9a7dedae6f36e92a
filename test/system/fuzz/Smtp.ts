/** A mail client that hands over messages one after the other, and starts again when it was thrown out. */
import { SocketDialogue } from "../../kit/SocketDialogue.ts"
import type { MailCase } from "./MailCase.ts"

/** Milliseconds. */
const silence = 150

export class Client implements Disposable {
  readonly #port: number
  #talk: SocketDialogue | undefined

  constructor(port: number) {
    this.#port = port
  }

  /** The reply to the message, or the last thing that was heard before the other end hung up. */
  async send({ envelope, raw }: MailCase): Promise<string> {
    if (envelope.length === 0) return this.#barge(raw)
    this.#talk ??= await this.#greeted()
    for (const command of envelope) {
      const reply = await this.#talk.ask(command)
      if (!/^[23]/.test(reply)) return reply
    }
    return this.#talk.ask(raw.toString("latin1").slice(0, -2))
  }

  /** Says something without listening, on a connection of its own, and hangs up when nothing more is heard. */
  async #barge(raw: Buffer): Promise<string> {
    using talk = await SocketDialogue.open(this.#port)
    await talk.hear(/^220 /)
    talk.say(raw.toString("latin1"))
    talk.socket.setTimeout(silence, () => talk.socket.destroy())
    return talk.end()
  }

  async #greeted(): Promise<SocketDialogue> {
    const talk = await SocketDialogue.open(this.#port)
    await talk.hear(/^220 /)
    await talk.ask("EHLO fuzz.example")
    return talk
  }

  [Symbol.dispose](): void {
    this.#talk?.[Symbol.dispose]()
  }
}
