/**
 * Bounds what one connection can ask for at once.
 *
 * Node parses all requests of a piece of 64 KiB in one turn of the event loop, thousands of them when they are short, and
 * begins each before the next connection is read: five hundred clients that do so keep everybody waiting for half a
 * minute, and fill the memory. Jobs, browsers and proxies wait for an answer before they ask again.
 */
import type { IncomingMessage } from "node:http"
import type { Socket } from "node:net"
import { setImmediate } from "node:timers"

/**
 * Requests of a connection that may come in one turn of the event loop, and that may have no answer yet; with the next one
 * it is closed.
 */
export const most = 4

/** What stops a parser: it takes what follows for another protocol (`onHeadersComplete` in Node's `_http_common`). */
const stop = 2

/** As far as it concerns us, Node's parser of a connection, which its types do not show. */
interface Parser {
  onIncoming?: (this: Parser, request: IncomingMessage, shouldKeepAlive: boolean) => number
}

/** Whoever has asked in this turn of the event loop, and how often. */
const asked = new Map<Socket, number>()

const forget = (): void => asked.clear()

/**
 * Bounds a connection of a server: to be called when it is new. `unanswered` returns how many of its requests have no
 * answer yet.
 */
export const bound = (socket: Socket, unanswered: () => number): void => {
  const { parser } = socket as { parser?: Parser } // safe because a parser without `onIncoming` is left as it is
  const take = parser?.onIncoming
  if (parser === undefined || take === undefined) return
  parser.onIncoming = function (request, shouldKeepAlive) {
    if (asked.size === 0) setImmediate(forget)
    const count = (asked.get(socket) ?? 0) + 1
    if (count > most || unanswered() >= most) {
      // What was answered still goes out.
      socket.destroySoon()
      return stop
    }
    asked.set(socket, count)
    return take.call(this, request, shouldKeepAlive)
  }
}
