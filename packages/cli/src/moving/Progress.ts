/** How far something has come: a bar on a terminal, and nothing elsewhere; and lines that are said meanwhile. */
import type { Output } from "../Io.ts"
import { fit } from "../Width.ts"

/** Columns of the bar; on a narrow terminal it has fewer, and with less than `narrowest` there is none. */
const widest = 30
const narrowest = 5

/** A bar. */
export interface Progress {
  /** Draws the bar over the last one. */
  readonly show: (done: number, total: number) => void
  /** Prints a line above the bar; elsewhere than on a terminal, too. */
  readonly say: (line: string) => void
  /** Takes the bar away. */
  readonly end: () => void
}

const clear = "\r\u001b[K"

/** Returns a bar that is not drawn yet. */
export const make = (output: Output): Progress => {
  const isDrawing = output.isTTY === true
  let drawn = ""
  const draw = (text: string): void => {
    if (!isDrawing || text === drawn) return
    output.write(clear + text)
    drawn = text
  }
  return {
    show: (done, total) => draw(total === 0 ? "" : picture(done, total, output.columns || 80)),
    say: (line) => {
      const last = drawn
      draw("")
      output.write(`${line}\n`)
      draw(last)
    },
    end: () => draw(""),
  }
}

/** Leaves the last column free: some terminals begin a new line when it is written to. */
const picture = (done: number, total: number, columns: number): string => {
  const count = `${done} of ${total}`
  const width = Math.min(widest, columns - 1 - count.length - "[] ".length)
  if (width < narrowest) return fit(count, columns - 1)
  const full = Math.floor((done / total) * width)
  return `[${"#".repeat(full)}${" ".repeat(width - full)}] ${count}`
}
