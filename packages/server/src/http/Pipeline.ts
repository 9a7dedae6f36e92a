/**
 * Bounds what one connection can ask for at once.
 *
 * Node parses all requests of a piece of 64 KiB in one turn of the event loop, thousands of them when they are short, and
 * begins each before the next connection is read: five hundred clients that do so keep everybody waiting for half a
 * minute, and fill the memory. Jobs, browsers and proxies wait for an answer before they ask again.
 */
import type { IncomingMessage } from "node:http"
import { Socket } from "node:net"
import { OneTurn } from "./OneTurn.ts"
import * as Parser from "./Parser.ts"
import * as Pieces from "./Pieces.ts"

/**
 * Requests of a connection that may come in one turn of the event loop, and that may have no answer yet; with the next one
 * it is closed.
 */
export const most = 4

/** Why it is. */
const tooMany = "they asked for too much before they had their answers"

/** Requests by their connections. */
const asked = new OneTurn<Socket>()

/** What bounds a connection. */
export interface Bounds {
  /** Returns how many of its requests have no answer yet. */
  readonly unanswered: () => number
  /** Is called for a request whose body comes in too many pieces, the rest of which is thrown away. */
  readonly cutOff: (request: IncomingMessage) => void
  /** Is told why the connection is closed. */
  readonly turnAway: (why: string) => void
}

/** Bounds a connection of a server: to be called when it is new. */
export const bound = (socket: Socket, { unanswered, cutOff, turnAway }: Bounds): void => {
  const parser = Parser.of(socket)
  const take = parser?.onIncoming
  if (parser === undefined || take === undefined) return
  // Before Node's own listener, which gives the parser away.
  socket.prependListener("close", () => Pieces.release(parser))
  parser.onIncoming = function (request, shouldKeepAlive) {
    Pieces.release(parser)
    if (asked.count(socket) > most || unanswered() >= most) {
      turnAway(tooMany)
      // What was answered still goes out. What still comes is not worth the time to throw it away.
      Socket.prototype.destroySoon.call(socket)
      return Parser.stop
    }
    Pieces.bound(parser, request, () => cutOff(request))
    return take.call(this, request, shouldKeepAlive)
  }
}
