/**
 * The door for mail: who is let in, how fast commands are taken, and what well-meant clients say that the parser does not
 * know, or before they are greeted.
 */
import { setImmediate } from "node:timers"
import { SMTPServer, type SMTPServerOptions } from "smtp-server"
import { Places } from "../access/Places.ts"
import * as Proxies from "../access/Proxies.ts"
import { plainAddress } from "../http/Http.ts"
import * as Leniency from "./Leniency.ts"
import * as Limits from "./Limits.ts"

/** How often it is looked whether a client that speaks too soon has been greeted: for more than a second. */
const early = 100

/** Why somebody is refused, or dismissed. */
const crowded = "all connections for mail, or those that one network may have, were taken"
const endless = "they sent too many commands of mail without a message"

/** A connection of a client. */
export type Connection = SMTPServer["connections"] extends Set<infer A> ? A : never

/** Whoever is inside, from where, and how much was said without a message. */
interface Guest {
  readonly network: string
  effort: number
}

/** A server that lets in as many as there are places. */
export class SmtpDoor extends SMTPServer {
  readonly #places: Places
  readonly #inside = new Map<string, Guest>()
  readonly #turnAway: (why: string) => void

  /** `turnAway` is told of each client that is refused, or dismissed because it goes on and on. */
  constructor(connections: number, turnAway: (why: string) => void, options: SMTPServerOptions) {
    super(options)
    this.#places = new Places(connections)
    this.#turnAway = turnAway
  }

  /** Whoever is refused leaves at once, and takes nobody's place until then. */
  override connect(...args: Parameters<SMTPServer["connect"]>): void {
    const [socket] = args
    const network = Proxies.network(plainAddress(socket.remoteAddress ?? ""))
    if (!this.#places.take(network)) {
      this.#turnAway(crowded)
      socket.write("421 4.7.0 Too many connections from your network, try again later\r\n")
      return socket.destroySoon()
    }
    const before = new Set(this.connections)
    super.connect(...args)
    for (const connection of this.connections) {
      if (before.has(connection)) continue
      const guest = { network, effort: 0 }
      this.#inside.set(connection.id, guest)
      hear(connection, guest, () => this.#turnAway(endless))
    }
  }

  /** To be called when a message was accepted: whoever sends messages may say as much for each. */
  received(id: string): void {
    const guest = this.#inside.get(id)
    if (guest !== undefined) guest.effort = 0
  }

  /** To be called when the connection is closed for good, by whichever side: with STARTTLS, that is not its first socket. */
  leave(id: string): void {
    const guest = this.#inside.get(id)
    if (guest === undefined) return
    this.#inside.delete(id)
    this.#places.leave(guest.network)
  }
}

/**
 * Has the commands of a connection taken one at each turn of the event loop, and what comes without end more slowly: some
 * thousand of them arrive in one piece, and with a hundred connections that send nothing else, nobody else gets a turn.
 */
const hear = (connection: Connection, guest: Guest, dismissed: () => void): void => {
  const take = connection._onCommand.bind(connection)
  const send = connection.send.bind(connection)
  connection.send = (code, ...said) => {
    if (code >= 500) guest.effort += Limits.refusedCosts
    send(code, ...said)
  }
  let waited = 0
  connection._onCommand = (command, callback) => {
    // `printf "EHLO x\r\nMAIL …" | nc` says everything at once; a tenth of a second later it is greeted.
    if (!connection._ready && waited < early) {
      waited++
      setTimeout(() => connection._onCommand(command, callback), 20).unref()
      return
    }
    waited = 0
    guest.effort += 1
    const over = guest.effort - Limits.effort
    if (over > Limits.effort / 2) {
      dismissed()
      return connection.send(421, "4.7.0 Too many commands without a message")
    }
    // Lines of an authentication are not commands; there is none here.
    const taken = () => take(Buffer.from(Leniency.tolerated(command.toString())), callback)
    if (over > 0) setTimeout(taken, over).unref()
    else setImmediate(taken)
  }
}
