/** Everybody who is connected to one server: at most as many as it has room for. */
import type { IncomingMessage, ServerResponse } from "node:http"
import type { Socket } from "node:net"

/** What is asked on a connection: the last request, and how many have no answer yet. */
interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  unanswered: number
}

/** How many connections are looked at for one that can be given up. */
const looked = 1_000

/**
 * The open connections of a server.
 *
 * When there is room for no more, whoever comes takes the place of the one that has been asking for nothing for the
 * longest time. So nobody can keep jobs out by connections that only stay, however slowly they say something.
 */
export class Crowd {
  /** Those who asked last are at the end. */
  readonly #exchanges = new Map<Socket, Exchange | undefined>()
  readonly #most: number

  constructor(most: number) {
    this.#most = most
  }

  /** Takes in a connection; closes it, or another one, when there is no room. */
  enter(socket: Socket): void {
    if (this.#exchanges.size >= this.#most && !this.#makeRoom()) return void socket.destroy()
    this.#exchanges.set(socket, undefined)
    socket.on("close", () => this.#exchanges.delete(socket))
  }

  /** To be called when the headers of a request have arrived. */
  ask(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request
    const unanswered = 1 + this.unansweredOf(socket)
    if (this.#exchanges.delete(socket)) this.#exchanges.set(socket, { request, response, unanswered })
  }

  /** To be called when the answer to a request begins. */
  answer({ socket }: IncomingMessage): void {
    const exchange = this.#exchanges.get(socket)
    if (exchange !== undefined) exchange.unanswered--
  }

  /** Returns how many requests of a connection have no answer yet. */
  unansweredOf(socket: Socket): number {
    return this.#exchanges.get(socket)?.unanswered ?? 0
  }

  /** Returns the answers to last requests that have not begun. */
  unanswered(): readonly ServerResponse[] {
    return [...this.#exchanges.values()].flatMap((exchange) =>
      exchange === undefined || exchange.response.headersSent || exchange.response.destroyed
        ? []
        : [exchange.response],
    )
  }

  #makeRoom(): boolean {
    let left = looked
    for (const [socket, exchange] of this.#exchanges) {
      if (isWaitedFor(exchange)) {
        this.#exchanges.delete(socket)
        socket.destroy()
        return true
      }
      if (--left === 0) return false
    }
    return false
  }
}

/** Whether it is the client's turn: to ask, to go on with what it asks, or to take the answer. */
const isWaitedFor = (exchange: Exchange | undefined): boolean =>
  exchange === undefined || !exchange.request.complete || exchange.response.writableEnded
