/** How many columns a text takes on a terminal, and how it is cut to fit: by graphemes, which people see as one letter. */
import { createRequire } from "node:module"
import type stringWidth from "string-width"

/** ASCII, letters of Latin and what this program itself prints: one column each, and nothing that combines. */
const simple = /^[\u0020-\u007e\u00c0-\u024f–—…▸→]*$/

// Not imported: compiling its patterns takes as long as the whole rest of a start, and few names need it.
let measure: typeof stringWidth | undefined
let segmenter: Intl.Segmenter | undefined

/** Returns how many columns a text takes on a terminal. */
export const width = (text: string): number => {
  if (simple.test(text)) return text.length
  // safe because it is the module that the type is of
  measure ??= (createRequire(import.meta.url)("string-width") as { readonly default: typeof stringWidth })
    .default
  return measure(text)
}

/** Returns the text, cut to so many columns with an ellipsis at the end when it is longer. */
export const fit = (text: string, columns: number): string => {
  if (width(text) <= columns) return text
  if (columns < 1) return ""
  segmenter ??= new Intl.Segmenter()
  let kept = ""
  let taken = 0
  for (const { segment } of segmenter.segment(text)) {
    taken += width(segment)
    if (taken > columns - 1) break
    kept += segment
  }
  return `${kept}…`
}

/**
 * Returns the lines of a text whose words are separated by single spaces, none longer than `columns` unless one word is.
 */
export const wrap = (text: string, columns: number): readonly string[] => {
  const lines: string[] = []
  let line = ""
  for (const word of text.split(" ")) {
    if (line !== "" && width(line) + 1 + width(word) > columns) {
      lines.push(line)
      line = word
    } else {
      line = line === "" ? word : `${line} ${word}`
    }
  }
  return [...lines, line]
}
