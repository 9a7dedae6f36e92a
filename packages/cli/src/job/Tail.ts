/** The last bytes of a stream of any length, in a ring buffer of fixed size. */

/** The end of a stream, as far as it is remembered. */
export interface Tail {
  readonly push: (chunk: Uint8Array) => void
  /** Returns the last `limit` bytes at most, in order. Text begins with a whole UTF-8 character. */
  readonly bytes: (limit: number) => Buffer
}

/** Returns a tail that remembers at most `capacity` bytes. */
export const make = (capacity: number): Tail => {
  // Not zeroed, because only what was written is read.
  const ring = Buffer.allocUnsafe(capacity)
  let written = 0

  const push = (chunk: Uint8Array) => {
    const kept = chunk.subarray(Math.max(0, chunk.length - capacity))
    const from = (written + chunk.length - kept.length) % capacity
    const first = Math.min(kept.length, capacity - from)
    ring.set(kept.subarray(0, first), from)
    ring.set(kept.subarray(first), 0)
    written += chunk.length
  }

  const bytes = (limit: number) => {
    const length = Math.min(written, capacity, limit)
    const from = (written - length) % capacity
    const first = ring.subarray(from, Math.min(capacity, from + length))
    const joined = Buffer.concat([first, ring.subarray(0, length - first.length)])
    return length < written ? whole(joined) : joined
  }

  return { push, bytes }
}

/** Returns the bytes without the up to three continuation bytes of a character whose beginning is cut off. */
export const whole = (bytes: Buffer): Buffer => {
  let from = 0
  while (from < 3 && from < bytes.length && (bytes[from]! & 0xc0) === 0x80) from++
  return bytes.subarray(from)
}
