/** A conversation with a mail server, line by line. */
import type { Socket } from "node:net"
import type { Attempt } from "../Attempt.ts"
import * as Connection from "../Connection.ts"
import { Failure, ofError, type Unknown } from "../Failure.ts"
import * as Limits from "../Limits.ts"

/** A conversation, which goes on over TLS after `secure`. */
export class Dialogue {
  readonly #attempt: Attempt
  #socket: Socket
  #heard = ""
  #size = 0
  #failure: Failure | Unknown | undefined
  #wake: () => void = () => {}
  #unlisten: () => void = () => {}

  private constructor(attempt: Attempt, socket: Socket) {
    this.#attempt = attempt
    this.#socket = socket
    this.#listen()
  }

  /** Connects, and encrypts when the target is to be from the first byte on. */
  static async open(attempt: Attempt): Promise<Dialogue> {
    const socket = await Connection.openAs(attempt, attempt.url, attempt.url.security === "tls")
    const connectedAt = performance.now()
    socket.once("data", () => attempt.took("firstByte", connectedAt))
    return new Dialogue(attempt, socket)
  }

  /** Resolves with the next line, without its end. */
  async line(): Promise<string> {
    for (;;) {
      const end = this.#heard.indexOf("\n")
      if (end >= 0) {
        const line = this.#heard.slice(0, end).replace(/\r$/, "")
        this.#heard = this.#heard.slice(end + 1)
        return line
      }
      if (this.#failure !== undefined) throw this.#failure
      await new Promise<void>((resolve) => (this.#wake = resolve))
    }
  }

  /** Sends a command. */
  say(command: string): void {
    this.#socket.write(`${command}\r\n`)
  }

  /** Goes on over TLS. What was sent before it in the clear, anybody may have sent (RFC 3207 §5). */
  async secure(): Promise<void> {
    if (this.#heard !== "") throw new Failure("starttls refused")
    this.#unlisten()
    this.#socket = await Connection.secure(this.#attempt, this.#socket, this.#attempt.url.host)
    this.#listen()
  }

  #listen(): void {
    const socket = this.#socket
    const data = (chunk: Buffer): void => {
      this.#size += chunk.length
      this.#heard += chunk.toString("latin1")
      if (this.#size > Limits.dialogue) {
        this.#fail(new Failure("the server says too much"))
        socket.destroy()
      } else this.#wake()
    }
    const failed = (cause: unknown): void => this.#fail(ofError(cause))
    const closed = (): void => this.#fail(new Failure("connection closed"))
    socket.on("data", data).on("error", failed).on("end", closed).on("close", closed)
    this.#unlisten = () =>
      socket.off("data", data).off("error", failed).off("end", closed).off("close", closed)
  }

  #fail(failure: Failure | Unknown): void {
    this.#failure ??= failure
    this.#wake()
  }
}
