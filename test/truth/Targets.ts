/** What probes are pointed at: servers on loopback that answer as prepared, the last answer again and again. */
import { createServer, type AddressInfo } from "node:net"
import * as Receiver from "../kit/Receiver.ts"

export interface HttpAnswer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

export class Targets implements AsyncDisposable {
  readonly #started: AsyncDisposable[] = []

  /** Starts a server and resolves to its URL. */
  async http(answers: readonly HttpAnswer[]): Promise<string> {
    const receiver = await Receiver.listen(answers)
    this.#started.push(receiver)
    return `${receiver.url}/`
  }

  /** Starts a server that says its banner and hangs up. */
  async tcp(banner: string): Promise<{ readonly host: string; readonly port: number }> {
    // What a client says as a farewell is read, or its connection would never be over.
    const server = createServer((socket) =>
      socket
        .on("error", () => {})
        .resume()
        .end(banner),
    )
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
    this.#started.push(server)
    const { port } = server.address() as AddressInfo // safe because it listens on TCP
    return { host: "127.0.0.1", port }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#started.map((server) => server[Symbol.asyncDispose]()))
  }
}
