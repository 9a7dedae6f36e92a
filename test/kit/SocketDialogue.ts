/** A conversation over a plain socket, line by line. */
import { connect, type Socket } from "node:net"

export class SocketDialogue implements Disposable {
  readonly socket: Socket
  /** Everything that was heard. */
  heard = ""
  readonly #closed: Promise<void>
  #wake: (() => void) | undefined

  private constructor(socket: Socket) {
    this.socket = socket
    socket.setEncoding("latin1")
    socket.on("data", (text: string) => {
      this.heard += text
      this.#wake?.()
    })
    // The other end may hang up while something is on its way to it.
    socket.on("error", () => undefined)
    this.#closed = new Promise((resolve) => socket.once("close", () => resolve()))
  }

  static open(
    port: number,
    from: { readonly localAddress?: string; readonly allowHalfOpen?: boolean } = {},
  ): Promise<SocketDialogue> {
    return new Promise((resolve, reject) => {
      const to = { port, host: "127.0.0.1", ...from }
      const socket = connect(to, () => resolve(new SocketDialogue(socket)))
      socket.once("error", reject)
    })
  }

  say(text: string): void {
    this.socket.write(text, "latin1")
  }

  /** Resolves with everything heard once it matches; rejects when the other end hangs up before. */
  async hear(pattern: RegExp): Promise<string> {
    let isClosed = false
    const closed = this.#closed.then(() => (isClosed = true))
    while (!pattern.test(this.heard)) {
      if (isClosed) throw new Error(`hung up after ${JSON.stringify(this.heard)}`)
      await Promise.race([closed, new Promise<void>((resolve) => (this.#wake = resolve))])
    }
    return this.heard
  }

  /** Says a command and gives the reply to it. */
  async ask(command: string): Promise<string> {
    this.heard = ""
    this.say(`${command}\r\n`)
    return (await this.hear(/^\d{3} .*\r\n$/m)).trimEnd()
  }

  /** Resolves with everything heard once the other end has hung up. */
  async end(): Promise<string> {
    await this.#closed
    return this.heard
  }

  [Symbol.dispose](): void {
    this.socket.destroy()
  }
}
