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
const outsat = "all connections for mail were taken, and others came while they sent no message"
const endless = "they sent too many commands of mail without a message"

/** How the parser ends what it says of a line that is longer than it may be. */
const tooLong = "Command line too long"

/** A connection of a client. */
export type Connection = SMTPServer["connections"] extends Set<infer A> ? A : never

/** Whoever is inside, from where, how much was said without a message, and whether a message ever came. */
interface Guest {
  readonly connection: Connection
  readonly network: string
  effort: number
  hasDelivered: boolean
}

/**
 * A server that lets in as many as there are places.
 *
 * When all are taken, a newcomer takes the place of a connection that sends nothing, of the network that has most, unless
 * his own has as many. So nobody can keep the mail of jobs out by connections that only stay, whatever they say.
 */
export class SmtpDoor extends SMTPServer {
  readonly #places: Places
  /** Those who have been without a message for the longest time come first. */
  readonly #inside = new Map<string, Guest>()
  readonly #turnAway: (why: string) => void

  /** `turnAway` is told of each client that is refused, or dismissed because it goes on and on. */
  constructor(connections: number, turnAway: (why: string) => void, options: SMTPServerOptions) {
    super({ ...options, maxCommandLength: Limits.commandLine })
    this.#places = new Places(connections)
    this.#turnAway = turnAway
  }

  /** Whoever is refused leaves at once, and takes nobody's place until then. */
  override connect(...args: Parameters<SMTPServer["connect"]>): void {
    const [socket] = args
    const network = Proxies.network(plainAddress(socket.remoteAddress ?? ""))
    if (!this.#places.take(network) && !(this.#makeRoom(network) && this.#places.take(network))) {
      this.#turnAway(crowded)
      socket.write("421 4.7.0 Too many connections from your network, try again later\r\n")
      return socket.destroySoon()
    }
    const before = new Set(this.connections)
    super.connect(...args)
    for (const connection of this.connections) {
      if (before.has(connection)) continue
      const guest = { connection, network, effort: 0, hasDelivered: false }
      this.#inside.set(connection.id, guest)
      hear(connection, guest, () => this.#turnAway(endless))
    }
  }

  /** To be called when a message was accepted: whoever sends messages may say as much for each. */
  received(id: string): void {
    const guest = this.#inside.get(id)
    if (guest === undefined) return
    guest.effort = 0
    guest.hasDelivered = true
    this.#inside.delete(id)
    this.#inside.set(id, guest)
  }

  /** To be called when the connection is closed for good, by whichever side: with STARTTLS, that is not its first socket. */
  leave(id: string): void {
    const guest = this.#inside.get(id)
    if (guest === undefined) return
    this.#inside.delete(id)
    this.#places.leave(guest.network)
  }

  /** Dismisses somebody of a network that has more places than this one. Returns whether there was anybody. */
  #makeRoom(network: string): boolean {
    const most = this.#places.most()
    if (this.#places.of(network) >= most) return false
    const [leaving] = [...this.#inside.values()]
      .filter((guest) => this.#places.of(guest.network) === most && merit(guest) < indispensable)
      .toSorted((one, other) => merit(one) - merit(other))
    if (leaving === undefined) return false
    const { connection } = leaving
    this.#turnAway(outsat)
    connection.send(421, "4.7.0 Too many connections from your network while others wait, try again later")
    // Its place is taken: it must not stay half-closed. Under a handshake that has begun, Node breaks by this.
    if (!connection._upgrading) connection._socket.destroySoon()
    this.leave(connection.id)
    return true
  }
}

/** The merit of somebody who waits for the answer to a message: he would send it again, and ping twice. */
const indispensable = 3

/** Returns how much would be lost with a connection: 0 is nothing. */
const merit = ({ connection, hasDelivered }: Guest): number => {
  const { _dataStream, _parser, _ready, session } = connection
  if (_dataStream && _parser && !_parser._dataMode) return indispensable
  if (_ready && session.envelope.rcptTo.length > 0) return 2
  return hasDelivered ? 1 : 0
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
    const isTooLong = code === 421 && String(said[0]).endsWith(tooLong)
    if (isTooLong) send(500, "5.5.2 Line too long")
    send(code, ...said)
    // Else what comes after it is read for seconds: gigabytes of it.
    if (isTooLong && !connection._upgrading) connection._socket.destroySoon()
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
