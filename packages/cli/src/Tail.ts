/** The last bytes of a stream of any length, in a ring of fixed size. */

export interface Tail {
  readonly push: (chunk: Uint8Array) => void
  /** The last `limit` bytes at most, in order, beginning with a whole UTF-8 character if it is text. */
  readonly bytes: (limit: number) => Buffer
}

/** Keeps at most `capacity` bytes. */
export const make = (capacity: number): Tail => {
  // Not zeroed: nothing is read that was not written.
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

/** Without the at most three continuation bytes of a character whose beginning is lost. */
export const whole = (bytes: Buffer): Buffer => {
  let from = 0
  while (from < 3 && from < bytes.length && (bytes[from]! & 0xc0) === 0x80) from++
  return bytes.subarray(from)
}
