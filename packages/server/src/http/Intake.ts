/**
 * Bounds how much of bodies is read in one turn of the event loop.
 *
 * Of each connection that has sent as much, libuv reads two megabytes in a turn: eight hundred that send what nobody asked
 * for would keep everybody waiting for two seconds.
 */
import type { Readable } from "node:stream"
import { setImmediate } from "node:timers"

/** Bytes that all connections together may bring in one turn: some milliseconds of work. */
const together = 1024 * 1024

/** Bytes that one of them may bring. */
const each = 256 * 1024

/** How much was read in this turn, of all and of each. */
let all = 0
const read = new Map<Readable, number>()

/** What is read on in later turns, in order, and how much more of each will come at most. */
const waiting = new Map<Readable, number>()

/** What leaves when it is closed. */
const known = new WeakSet<Readable>()

/**
 * Counts bytes that were read, and has the rest of their source wait when that was enough for this turn. `rest` says how
 * many more will come at most: a source that has brought all is not kept from its end.
 */
export const count = (source: Readable, bytes: number, rest = Infinity): void => {
  if (all === 0 && waiting.size === 0) setImmediate(turn)
  all += bytes
  const own = (read.get(source) ?? 0) + bytes
  read.set(source, own)
  if (rest <= 0 || (own < each && all < together)) return
  source.pause()
  waiting.set(source, rest)
  if (known.has(source)) return
  known.add(source)
  // Its sender is gone. Otherwise a crowd of those that come and go would wait before all others.
  source.once("close", () => waiting.delete(source))
}

const turn = (): void => {
  all = 0
  read.clear()
  let expected = 0
  for (const [source, rest] of waiting) {
    if (expected >= together) break
    expected += Math.min(rest, each)
    waiting.delete(source)
    source.resume()
  }
  if (waiting.size > 0) setImmediate(turn)
}
