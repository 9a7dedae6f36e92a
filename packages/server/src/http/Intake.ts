/**
 * Bounds how much of bodies is read in one turn of the event loop.
 *
 * Of each connection that has sent as much, libuv reads two megabytes in a turn: eight hundred that send what nobody asked
 * for would keep everybody waiting for two seconds.
 */
import type { Readable } from "node:stream"
import { setImmediate } from "node:timers"
import { OneTurn } from "./OneTurn.ts"

/** Bytes that all connections together may bring in one turn: some milliseconds of work. */
const together = 1024 * 1024

/** Bytes that one of them may bring. */
const each = 256 * 1024

/** Bytes that were read. */
const read = new OneTurn<Readable>()

/** What is read on in later turns, in order; and what has been closed before its turn came. */
let waiting: Readable[] = []

/** How much more will come at most of each source that has ever waited; `undefined` unless it waits now. */
const rests = new WeakMap<Readable, number | undefined>()

/**
 * Counts bytes that were read, and has the rest of their source wait when that was enough for this turn. `rest` says how
 * many more will come at most: a source that has brought all is not kept from its end.
 */
export const count = (source: Readable, bytes: number, rest = Infinity): void => {
  const own = read.count(source, bytes)
  if (rest <= 0 || (own < each && read.all < together)) return
  source.pause()
  // Its sender is gone. Otherwise a crowd of those that come and go would wait before all others.
  if (!rests.has(source)) source.once("close", () => rests.set(source, undefined))
  if (rests.get(source) === undefined) wait(source)
  rests.set(source, rest)
}

const wait = (source: Readable): void => {
  if (waiting.length === 0) setImmediate(goOn)
  waiting.push(source)
}

const goOn = (): void => {
  let expected = 0
  let looked = 0
  for (const source of waiting) {
    if (expected >= together) break
    looked += 1
    const rest = rests.get(source)
    if (rest === undefined) continue
    rests.set(source, undefined)
    expected += Math.min(rest, each)
    source.resume()
  }
  waiting = waiting.slice(looked)
  if (waiting.length > 0) setImmediate(goOn)
}
