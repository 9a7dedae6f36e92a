/** What probes are pointed at: servers on loopback that answer as prepared, the last answer again and again. */
import { createServer as createHttpServer } from "node:http"
import { createServer as createTcpServer, type AddressInfo, type Server } from "node:net"

export interface HttpAnswer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

export class Targets implements AsyncDisposable {
  readonly #servers: Server[] = []

  /** Gives its URL. */
  async http(answers: readonly HttpAnswer[]): Promise<string> {
    let asked = 0
    const server = createHttpServer((request, response) => {
      const { status, headers = {}, body = "" } = answers[Math.min(asked++, answers.length - 1)]!
      request.resume()
      response.writeHead(status, headers).end(body)
    })
    const { port } = await this.#listen(server)
    return `http://127.0.0.1:${port}/`
  }

  async tcp(banner: string): Promise<{ readonly host: string; readonly port: number }> {
    const { port } = await this.#listen(createTcpServer((socket) => socket.end(banner)))
    return { host: "127.0.0.1", port }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(
      this.#servers.map((server) => new Promise<void>((resolve) => void server.close(() => resolve()))),
    )
  }

  #listen(server: Server): Promise<AddressInfo> {
    this.#servers.push(server)
    return new Promise((resolve) => {
      server.listen(0, "127.0.0.1", () => resolve(server.address() as AddressInfo))
    })
  }
}
