/**
 * Bounds what small pieces of bodies cost.
 *
 * A body without a length comes in chunks (RFC 9112 §7.1), and Node calls back for each: ten thousand times for 64 KiB in
 * chunks of a byte, which is read in one turn of the event loop. A thousand connections that send so keep everybody waiting
 * for ten seconds. Programs send a chunk for each line at worst, and not many connections at once.
 */
import type { IncomingMessage } from "node:http"
import type { Socket } from "node:net"
import { OneTurn } from "./OneTurn.ts"
import { pieceKey, type Parser, type TakePiece } from "./Parser.ts"

/** Pieces of a connection that may come in one turn, while all together bring at most `together`. */
export const most = 2_048
const together = 4_096

/** Pieces that each connection may bring in one turn however many the others do. */
const few = 64

/**
 * Bytes that may come for those of a body, and some more: a piece of a byte takes six. An extension of a chunk (RFC 9112
 * §7.1.1), which nobody uses, may be as long as a header, and is read for as long as the body is short.
 */
const times = 16
const slack = 64 * 1024

/** What Node does with a piece, where that is known. */
let take: TakePiece | undefined

/** Pieces by their connections. */
const pieces = new OneTurn<Socket>()

/** Has Node take the pieces of a connection as it does on its own. To be called before another one gets the parser. */
export const release = (parser: Parser): void => {
  const key = take && pieceKeyOf(parser)
  if (key !== undefined) parser[key] = take
}

/**
 * Bounds the pieces of a request that is beginning. What comes after too many is thrown away, unread, and `cutOff` is
 * called once.
 */
export const bound = (parser: Parser, request: IncomingMessage, cutOff: () => void): void => {
  if (request.headers["transfer-encoding"] === undefined) return
  const key = pieceKeyOf(parser)
  if (key === undefined) return
  const taking = (take ??= parser[key] as TakePiece) // safe because the key is that of a function
  const { socket } = request
  const before = socket.bytesRead
  let size = 0
  parser[key] = function (this: Parser, piece: Buffer): void {
    const mine = pieces.count(socket)
    size += piece.length
    const isSound = socket.bytesRead - before <= slack + times * size
    if (isSound && (mine <= few || (mine <= most && pieces.all <= together))) return taking.call(this, piece)
    parser[key] = undefined
    cutOff()
  }
}

let known: string | undefined

/** Parsers have the same keys. */
const pieceKeyOf = (parser: Parser): string | undefined => (known ??= pieceKey(parser))
