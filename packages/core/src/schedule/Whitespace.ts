/**
 * White space as in Python's `str.split` and `str.strip`: both expression languages are defined by programs in Python.
 *
 * JavaScript's `\s` differs: it lacks U+001C–001F and U+0085, and has U+FEFF.
 */

/** Whether a UTF-16 code unit is white space. */
export const is = (code: number): boolean => {
  if (code > 0x20) return code >= 0x85 && rare.has(code)
  return code === 0x20 || (code >= 0x09 && code <= 0x0d) || code >= 0x1c
}

const rare = new Set([
  0x85, 0xa0, 0x1680, 0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006, 0x2007, 0x2008, 0x2009, 0x200a,
  0x2028, 0x2029, 0x202f, 0x205f, 0x3000,
])

/** More words than any line of cron has. */
const many = 7

/**
 * Returns how many words a text has, or −1 when a line feed stands between two of them. Of more than seven words none
 * is looked at after the seventh.
 */
export const countOnOneLine = (text: string): number => {
  let count = 0
  let inside = false
  let broken = false
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (is(code)) {
      inside = false
      if (code === 0x0a) broken = count > 0
    } else if (!inside) {
      if (broken) return -1
      inside = true
      if (++count === many) return count
    }
  }
  return count
}

/** Whether a text has line feeds, and each line of it that is not blank has `count` words. */
export const isLinesOf = (text: string, count: number): boolean => {
  if (!text.includes("\n")) return false
  const counts = text.split("\n").map(countOnOneLine)
  return counts.every((words) => words === count || words === 0) && counts.includes(count)
}

/** A piece of a text, and where in the text it begins. */
export interface Piece {
  readonly text: string
  readonly offset: number
}

/** Returns a piece without the white space at its ends. */
export const strip = ({ text, offset }: Piece): Piece => {
  let from = 0
  let to = text.length
  while (from < to && is(text.charCodeAt(from))) from++
  while (to > from && is(text.charCodeAt(to - 1))) to--
  return { text: text.slice(from, to), offset: offset + from }
}

/** Returns the words of a piece, which white space separates. */
export const split = ({ text, offset }: Piece): Piece[] => {
  const words: Piece[] = []
  for (let at = 0; at < text.length;) {
    while (at < text.length && is(text.charCodeAt(at))) at++
    const from = at
    while (at < text.length && !is(text.charCodeAt(at))) at++
    if (at > from) words.push({ text: text.slice(from, at), offset: offset + from })
  }
  return words
}

/** Returns the lines of a piece, each without the white space at its ends. */
export const lines = ({ text, offset }: Piece): readonly Piece[] => {
  let from = offset
  return text.split("\n").map((line) => {
    const piece = strip({ text: line, offset: from })
    from += line.length + 1
    return piece
  })
}
