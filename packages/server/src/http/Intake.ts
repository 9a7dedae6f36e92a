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

/** What is read on in later turns, in order. */
const waiting = new Set<Readable>()

/** Counts bytes that were read, and has the rest of their source wait when that was enough for this turn. */
export const count = (source: Readable, bytes: number): void => {
  if (all === 0 && waiting.size === 0) setImmediate(turn)
  all += bytes
  const own = (read.get(source) ?? 0) + bytes
  read.set(source, own)
  if (own < each && all < together) return
  source.pause()
  waiting.add(source)
}

const turn = (): void => {
  all = 0
  read.clear()
  let count = together / each
  for (const source of waiting) {
    if (count-- === 0) break
    waiting.delete(source)
    source.resume()
  }
  if (waiting.size > 0) setImmediate(turn)
}
