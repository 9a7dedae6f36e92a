/**
 * Closes connections so that the last answer arrives.
 *
 * The system resets a connection that is closed while bytes of the other end are unread, and a reset throws away what
 * that end has not read yet: the answer that says why it need not go on sending (RFC 9112 §9.6).
 */
import type { Socket } from "node:net"
import * as Intake from "./Intake.ts"

/** How long what still comes is thrown away, in milliseconds. */
const patience = 1_000

/** How much of it is, in bytes. */
const most = 2 ** 20

/** Says goodbye, throws away what still comes, and closes when the other end has, or after a second or a mebibyte. */
export const part = (socket: Socket): void => {
  if (socket.destroyed || socket.writableEnded) return
  socket.end()
  let left = most
  // Node's parser reads what nobody else reads, however much work it is.
  socket.removeAllListeners("data")
  socket.on("data", ({ length }: Buffer) => {
    left -= length
    if (left < 0) socket.destroy()
    else Intake.count(socket, length)
  })
  socket.resume()
  const impatience = setTimeout(() => socket.destroy(), patience)
  socket.once("close", () => clearTimeout(impatience))
}

/** Has Node close a connection in this way once its last answer is written. */
export const afterLastAnswer = (socket: Socket): void => {
  socket.destroySoon = () => part(socket)
}
