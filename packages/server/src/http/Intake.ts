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

/** What is known of a source. */
interface Known {
  /** The turn in which it was read last, and how much was read of it then. */
  turn: number
  read: number
  /** How much more of it will come at most; `undefined` unless it waits to be read on. */
  rest: number | undefined
  isWatched: boolean
}

// Not a map that is cleared: see `Bag`.
const known = new WeakMap<Readable, Known>()

/** What is read on in later turns, in order; and what has been closed before its turn came. */
let waiting: Readable[] = []

/** How much was read in this turn, which is one of those that were counted. */
let all = 0
let now = 0
let isToTurn = false

/**
 * Counts bytes that were read, and has the rest of their source wait when that was enough for this turn. `rest` says how
 * many more will come at most: a source that has brought all is not kept from its end.
 */
export const count = (source: Readable, bytes: number, rest = Infinity): void => {
  expectTurn()
  all += bytes
  const own = knownOf(source)
  own.read = own.turn === now ? own.read + bytes : bytes
  own.turn = now
  if (rest <= 0 || (own.read < each && all < together)) return
  source.pause()
  if (own.rest === undefined) waiting.push(source)
  own.rest = rest
  if (own.isWatched) return
  own.isWatched = true
  // Its sender is gone. Otherwise a crowd of those that come and go would wait before all others.
  source.once("close", () => (own.rest = undefined))
}

const knownOf = (source: Readable): Known => {
  const before = known.get(source)
  if (before !== undefined) return before
  const own = { turn: now, read: 0, rest: undefined, isWatched: false }
  known.set(source, own)
  return own
}

const expectTurn = (): void => {
  if (isToTurn) return
  isToTurn = true
  setImmediate(turn)
}

const turn = (): void => {
  isToTurn = false
  all = 0
  now += 1
  let expected = 0
  let looked = 0
  for (const source of waiting) {
    if (expected >= together) break
    looked += 1
    const own = knownOf(source)
    if (own.rest === undefined) continue
    expected += Math.min(own.rest, each)
    own.rest = undefined
    source.resume()
  }
  waiting = waiting.slice(looked)
  if (waiting.length > 0) expectTurn()
}
