/**
 * Node's parser of HTTP, as far as it concerns us: its types do not show it. Where a version of Node has another one,
 * nothing is bounded, and nothing breaks.
 */
import type { IncomingMessage } from "node:http"
import type { Socket } from "node:net"

/** Takes a piece of the body of the request that is being read. */
export type TakePiece = (this: Parser, piece: Buffer) => void

/** The parser of one connection. Node gives it to another one, or to a client, when its connection has closed. */
export interface Parser {
  /** Is called when the headers of a request have arrived. Returning `stop` ends the parsing. */
  onIncoming?: (this: Parser, request: IncomingMessage, shouldKeepAlive: boolean) => number
  /** `TakePiece` at the key of `pieceKey`; the bytes of a body are thrown away where there is none. */
  [key: string]: unknown
}

/** What `onIncoming` returns so that what follows is taken for another protocol (`_http_common` in Node). */
export const stop = 2

/** Returns the parser of a connection to a server. */
export const of = (socket: Socket): Parser | undefined => (socket as { parser?: Parser }).parser // safe because a parser without the fields is left as it is

/** Returns the key under which a parser is told what to do with pieces of bodies. */
export const pieceKey = (parser: Parser): string | undefined =>
  Object.keys(parser).find((key) => {
    const value = parser[key]
    return typeof value === "function" && value.name === "parserOnBody"
  })
