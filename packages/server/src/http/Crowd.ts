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

/**
 * The connections of one network; those who asked last are at the end. A list whose members know each other, and not a `Map`:
 * see `Bag`.
 */
interface Party {
  readonly network: string
  size: number
  first: Member | undefined
  last: Member | undefined
}

/** A connection in its party, and what is asked on it. */
interface Member {
  readonly party: Party
  readonly socket: Socket
  exchange: Exchange | undefined
  before: Member | undefined
  after: Member | undefined
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
  /** What each connection in it is. */
  readonly #members = new WeakMap<Socket, Member>()
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
    const party = this.#parties.get(network) ?? { network, size: 0, first: undefined, last: undefined }
    this.#parties.set(network, party)
    const member: Member = { party, socket, exchange: undefined, before: undefined, after: undefined }
    append(member)
    party.size += 1
    this.#members.set(socket, member)
    this.#size += 1
    socket.on("close", () => this.#remove(member))
  }

  /** To be called when the headers of a request have arrived. */
  ask(request: IncomingMessage, response: ServerResponse): void {
    const member = this.#members.get(request.socket)
    if (member === undefined) return
    const unanswered = 1 + (member.exchange?.unanswered ?? 0)
    member.exchange = { request, response, unanswered }
    detach(member)
    append(member)
  }

  /** To be called when the answer to a request begins. */
  answer({ socket }: IncomingMessage): void {
    const exchange = this.#members.get(socket)?.exchange
    if (exchange !== undefined) exchange.unanswered--
  }

  /** Returns how many requests of a connection have no answer yet. */
  unansweredOf(socket: Socket): number {
    return this.#members.get(socket)?.exchange?.unanswered ?? 0
  }

  /** Returns the answers to last requests that have not begun. */
  unanswered(): readonly ServerResponse[] {
    const found: ServerResponse[] = []
    for (const { first } of this.#parties.values()) {
      for (let member = first; member !== undefined; member = member.after) {
        const response = member.exchange?.response
        if (response !== undefined && !response.headersSent && !response.destroyed) found.push(response)
      }
    }
    return found
  }

  #remove(member: Member): void {
    const { party, socket } = member
    if (!this.#members.delete(socket)) return
    detach(member)
    member.exchange = undefined
    party.size -= 1
    this.#size -= 1
    if (party.size === 0) this.#parties.delete(party.network)
  }

  #makeRoom(): boolean {
    const parties = [...this.#parties.values()]
    const largest = parties.reduce((one, other) => (other.size > one.size ? other : one))
    let left = looked
    for (const party of [largest, ...parties]) {
      for (let member = party.first; member !== undefined; member = member.after) {
        if (isWaitedFor(member.exchange)) {
          this.#remove(member)
          member.socket.destroy()
          return true
        }
        if (--left === 0) return false
      }
    }
    return false
  }
}

const append = (member: Member): void => {
  const { party } = member
  member.before = party.last
  if (party.last === undefined) party.first = member
  else party.last.after = member
  party.last = member
}

/** Takes a member out, which knows no other then: what has left must not keep what comes later. */
const detach = (member: Member): void => {
  const { party, before, after } = member
  if (before === undefined) party.first = after
  else before.after = after
  if (after === undefined) party.last = before
  else after.before = before
  member.before = undefined
  member.after = undefined
}

/** Whether it is the client's turn: to ask, to go on with what it asks, or to take the answer. */
const isWaitedFor = (exchange: Exchange | undefined): boolean =>
  exchange === undefined || !exchange.request.complete || exchange.response.writableEnded
