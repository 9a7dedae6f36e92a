/** A bar that shows on a terminal how far something has come; elsewhere it shows nothing. */
import type { Output } from "../Io.ts"

const width = 30

/** A bar. */
export interface Progress {
  readonly show: (done: number) => void
  /** Takes the bar away. */
  readonly end: () => void
}

/** Returns a bar for so many steps. */
export const make = (output: Output, total: number): Progress => {
  if (output.isTTY !== true || total === 0) return { show: () => undefined, end: () => undefined }
  return {
    show: (done) => {
      const full = Math.floor((done / total) * width)
      output.write(`\r[${"#".repeat(full)}${" ".repeat(width - full)}] ${done} of ${total}`)
    },
    end: () => output.write("\r\u001b[K"),
  }
}
