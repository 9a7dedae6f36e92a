/** Everybody who is connected to one server: at most as many as it has room for. */
import type { IncomingMessage, ServerResponse } from "node:http"
import type { Socket } from "node:net"
import * as Proxies from "../access/Proxies.ts"
import { plainAddress } from "./Http.ts"

/** What is asked on a connection: the last request, and how many have no answer yet. */
interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  unanswered: number
}

/** Why the server closes a connection that asks for nothing, and one that comes. */
const outsat = "the server was full, and others came while they asked for nothing"
const full = "the server was full, and everybody in it was waiting for an answer"

/** How many connections are looked at for one that can be given up. */
const looked = 1_000

/** The connections of one network; those who asked last are at the end. */
interface Party {
  readonly network: string
  readonly exchanges: Map<Socket, Exchange | undefined>
}

/**
 * The open connections of a server.
 *
 * When there is room for no more, whoever comes takes the place of the one that has been asking for nothing for the
 * longest time, of the network that has most. So nobody can keep jobs out by connections that only stay, however slowly
 * they say something; nor have those of jobs closed, however many he opens, unless he comes from where they come from.
 */
export class Crowd {
  readonly #parties = new Map<string, Party>()
  /** The party of each connection, also when it has left. */
  readonly #partyOf = new WeakMap<Socket, Party>()
  readonly #most: number
  readonly #turnAway: (why: string) => void
  #size = 0

  /** `turnAway` is told of each connection that is closed because there is no room. */
  constructor(most: number, turnAway: (why: string) => void) {
    this.#most = most
    this.#turnAway = turnAway
  }

  /** Takes in a connection; closes it, or another one, when there is no room. */
  enter(socket: Socket): void {
    if (this.#size >= this.#most) {
      const hasRoom = this.#makeRoom()
      this.#turnAway(hasRoom ? outsat : full)
      if (!hasRoom) return void socket.destroy()
    }
    const network = Proxies.network(plainAddress(socket.remoteAddress ?? ""))
    const party = this.#parties.get(network) ?? { network, exchanges: new Map() }
    this.#parties.set(network, party)
    party.exchanges.set(socket, undefined)
    this.#partyOf.set(socket, party)
    this.#size += 1
    socket.on("close", () => this.#remove(party, socket))
  }

  /** To be called when the headers of a request have arrived. */
  ask(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request
    const exchanges = this.#partyOf.get(socket)?.exchanges
    const unanswered = 1 + (exchanges?.get(socket)?.unanswered ?? 0)
    if (exchanges?.delete(socket) === true) exchanges.set(socket, { request, response, unanswered })
  }

  /** To be called when the answer to a request begins. */
  answer({ socket }: IncomingMessage): void {
    const exchange = this.#exchangeOf(socket)
    if (exchange !== undefined) exchange.unanswered--
  }

  /** Returns how many requests of a connection have no answer yet. */
  unansweredOf(socket: Socket): number {
    return this.#exchangeOf(socket)?.unanswered ?? 0
  }

  /** Returns the answers to last requests that have not begun. */
  unanswered(): readonly ServerResponse[] {
    return [...this.#parties.values()].flatMap(({ exchanges }) =>
      [...exchanges.values()].flatMap((exchange) =>
        exchange === undefined || exchange.response.headersSent || exchange.response.destroyed
          ? []
          : [exchange.response],
      ),
    )
  }

  #exchangeOf(socket: Socket): Exchange | undefined {
    return this.#partyOf.get(socket)?.exchanges.get(socket)
  }

  #remove({ network, exchanges }: Party, socket: Socket): void {
    if (!exchanges.delete(socket)) return
    this.#size -= 1
    if (exchanges.size === 0) this.#parties.delete(network)
  }

  #makeRoom(): boolean {
    const parties = [...this.#parties.values()]
    const largest = parties.reduce((one, other) => (other.exchanges.size > one.exchanges.size ? other : one))
    let left = looked
    for (const party of [largest, ...parties]) {
      for (const [socket, exchange] of party.exchanges) {
        if (isWaitedFor(exchange)) {
          this.#remove(party, socket)
          socket.destroy()
          return true
        }
        if (--left === 0) return false
      }
    }
    return false
  }
}

/** Whether it is the client's turn: to ask, to go on with what it asks, or to take the answer. */
const isWaitedFor = (exchange: Exchange | undefined): boolean =>
  exchange === undefined || !exchange.request.complete || exchange.response.writableEnded
