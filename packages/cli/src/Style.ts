/** Colours on a terminal, plain text anywhere else; and nothing that a name could do to a terminal. */
import { styleText } from "node:util"
import type { Io } from "./Io.ts"

export type Colour = "red" | "green" | "yellow" | "blue" | "gray" | "bold" | "dim"

export type Paint = (colour: Colour, text: string) => string

/** https://no-color.org: any value turns colours off. */
export const paint = ({ stdout, environment }: Io): Paint => {
  const isOn = stdout.isTTY === true && !environment.NO_COLOR && environment.TERM !== "dumb"
  return (colour, text) => (isOn ? styleText(colour, text, { validateStream: false }) : text)
}

/** Text of anybody's, on one line and without control characters: an escape sequence in a name stays a name. */
export const plain = (text: string): string => text.replace(/\p{Cc}+/gu, " ").trim()

const wide =
  /\p{Extended_Pictographic}|\p{Script=Han}|\p{Script=Hangul}|\p{Script=Hiragana}|\p{Script=Katakana}/u

/** Columns that a text takes on a terminal. */
export const width = (text: string): number => {
  let columns = 0
  for (const character of text)
    columns += /\p{M}|\u200d|\ufe0f/u.test(character) ? 0 : wide.test(character) ? 2 : 1
  return columns
}

/** Cut to so many columns, with an ellipsis where something is missing. */
export const fit = (text: string, columns: number): string => {
  if (width(text) <= columns) return text
  let kept = ""
  for (const character of text) {
    if (width(kept + character) > columns - 1) break
    kept += character
  }
  return `${kept}…`
}
