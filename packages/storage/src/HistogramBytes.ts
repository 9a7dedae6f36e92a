/**
 * Histograms in the database: of each bin, how far it is from the one before, and its count, as numbers of seven bits in a
 * byte, the lowest first, with the eighth bit where one goes on. A minute of a probe takes a few bytes, an hour some dozens.
 */
import * as Histogram from "@overdue/core/sample/Histogram"
import * as Row from "./Row.ts"

/** Writes a histogram. */
export const encode = (histogram: Histogram.Histogram): Uint8Array => {
  const bytes: number[] = []
  const put = (number: number): void => {
    let rest = number
    for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80)
    bytes.push(rest)
  }
  let before = Histogram.lowest
  for (const [bin, count] of histogram) {
    put(bin - before)
    put(count)
    before = bin
  }
  return Uint8Array.from(bytes)
}

/** Reads a histogram; throws when the bytes of a column are none. */
export const decode = (bytes: Uint8Array, column: string): Histogram.Histogram => {
  const bins: Histogram.Bin[] = []
  let at = 0
  const next = (): number => {
    let number = 0
    for (let scale = 1; ; scale *= 0x80) {
      const byte = bytes[at++]
      if (byte === undefined || scale > longest) return Row.unreadable(column, "a histogram is broken")
      number += (byte & 0x7f) * scale
      if (byte < 0x80) return number
    }
  }
  let before = Histogram.lowest
  while (at < bytes.length) {
    const bin = before + next()
    const count = next()
    if (bin > Histogram.highest || count < 1 || (bins.length > 0 && bin === before))
      return Row.unreadable(column, "a histogram is broken")
    bins.push([bin, count])
    before = bin
  }
  return bins
}

/** Of seven bytes, the last; more are more than any count. */
const longest = 0x80 ** 6
