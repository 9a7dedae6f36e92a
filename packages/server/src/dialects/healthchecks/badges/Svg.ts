/** A badge as an image: a label on grey, and the status beside it on its colour. */
import type { BadgeStatus } from "@overdue/core/Badge"
import * as TextWidth from "./TextWidth.ts"

const height = 20
/** Between a text and the ends of its half. */
const margin = 6
/** Radius of the corners. */
const round = 3

const colours: Readonly<Record<BadgeStatus, string>> = { up: "#4c1", late: "#fe7d37", down: "#e05d44" }

/** An SVG 1.1 document without scripts, links or fonts of its own. */
export const draw = (label: string, status: BadgeStatus): string => {
  const left = half(printable(label), 0)
  const right = half(status, left.width)
  const width = left.width + right.width
  const name = escape(`${left.text}: ${status}`)
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" role="img" aria-label="${name}">` +
    `<title>${name}</title>` +
    `<path fill="#555" d="M${round} 0H${left.width}v${height}H${round}${corner(-1, -1)}V${round}${corner(1, -1)}z"/>` +
    `<path fill="${colours[status]}" d="M${left.width} 0H${width - round}${corner(1, 1)}` +
    `V${height - round}${corner(-1, 1)}H${left.width}z"/>` +
    `<g font-family="Verdana,DejaVu Sans,Geneva,sans-serif" font-size="11" text-anchor="middle" fill="#fff">` +
    `${left.drawn}${right.drawn}</g></svg>`
  )
}

/** A quarter of a circle. Without clip paths there are no ids, which would clash when badges stand in one page. */
const corner = (x: 1 | -1, y: 1 | -1): string => `a${round} ${round} 0 0 1 ${x * round} ${y * round}`

interface Half {
  readonly text: string
  readonly width: number
  readonly drawn: string
}

/** One half, with a shadow below its text so that white on any colour can be read. */
const half = (text: string, from: number): Half => {
  const length = TextWidth.of(text)
  const width = Math.ceil(length) + 2 * margin
  const place = `x="${from + width / 2}" textLength="${length}" lengthAdjust="spacingAndGlyphs"`
  const escaped = escape(text)
  const drawn =
    `<text ${place} y="15" fill="#010101" fill-opacity=".3" aria-hidden="true">${escaped}</text>` +
    `<text ${place} y="14">${escaped}</text>`
  return { text, width, drawn: text === "" ? "" : drawn }
}

/** XML has no way to write control characters, and a badge has one line. */
const printable = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[\p{Control}\uFFFE\uFFFF]+/gu, " ")
    .trim()

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
}

const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character]!)
