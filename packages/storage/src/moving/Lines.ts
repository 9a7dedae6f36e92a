/** The lines of a stream of bytes, none of them longer than a bound. */
import { isUtf8 } from "node:buffer"
import { StoreError } from "@overdue/core/Store"
import * as Limits from "./Limits.ts"

/** Lines that are read one after another. */
export interface Lines {
  /** Resolves to the next line, without its end; `undefined` after the last one. Rejects with a `StoreError`. */
  readonly next: () => Promise<Buffer | undefined>
  /** The number of the line that was read last, from 1. */
  readonly at: () => number
}

const lineEnd = 0x0a

/** Returns the lines of a stream. */
export const of = (stream: AsyncIterable<Uint8Array>): Lines => {
  const chunks = stream[Symbol.asyncIterator]()
  let rest: Buffer = Buffer.alloc(0)
  let from = 0
  let count = 0

  const taken = (line: Buffer): Buffer => {
    count += 1
    if (!isUtf8(line))
      throw refusal(count, "is not UTF-8: the dump is packed or damaged. Unpack it, or take another one.")
    return line
  }

  /** Reads on until there is a line end, or no more. Pieces of a long line are joined once. */
  const fill = async (): Promise<boolean> => {
    const pieces = [rest.subarray(from)]
    let length = pieces[0]!.length
    while (true) {
      const { done, value } = await chunks.next()
      if (done === true) break
      const piece = Buffer.from(value.buffer, value.byteOffset, value.byteLength)
      pieces.push(piece)
      length += piece.length
      const isWhole = piece.includes(lineEnd)
      if (isWhole || length > Limits.line) break
    }
    const isMore = pieces.length > 1
    rest = Buffer.concat(pieces, length)
    from = 0
    return isMore
  }

  return {
    next: async () => {
      while (true) {
        const end = rest.indexOf(lineEnd, from)
        const length = (end < 0 ? rest.length : end) - from
        if (length > Limits.line)
          throw refusal(
            count + 1,
            "is longer than any line of a dump. Name a file that `overdue dump` wrote.",
          )
        if (end >= 0) {
          const line = rest.subarray(from, end)
          from = end + 1
          return taken(line)
        }
        if (await fill()) continue
        if (length === 0) return undefined
        throw refusal(count + 1, cutOff)
      }
    },
    at: () => count,
  }
}

/** What is said of a dump that ends too early. */
export const cutOff = "is where the dump was cut off. Load the whole one."

/** Returns the error of a line. */
export const refusal = (line: number, what: string): StoreError =>
  new StoreError({ reason: "corrupt", detail: `line ${line} of the dump ${what}` })
