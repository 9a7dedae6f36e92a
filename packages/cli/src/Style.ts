/** Colours on a terminal and plain text elsewhere; and names that cannot send escape sequences to the terminal. */
import { styleText } from "node:util"
import type { Io } from "./Io.ts"

/** A colour or weight of text. */
export type Colour = "red" | "green" | "yellow" | "blue" | "gray" | "bold" | "dim"

/** Returns the text in a colour, where colours are shown. */
export type Paint = (colour: Colour, text: string) => string

/** Returns how to colour text: not at all unless stdout is a terminal, nor with `NO_COLOR` (https://no-color.org). */
export const paint = ({ stdout, environment }: Io): Paint => {
  const isOn = stdout.isTTY === true && !environment.NO_COLOR && environment.TERM !== "dumb"
  return (colour, text) => (isOn ? styleText(colour, text, { validateStream: false }) : text)
}

/** Returns a text on one line and without control characters: what users call a check must not control the terminal. */
export const plain = (text: string): string => text.replace(/\p{Cc}+/gu, " ").trim()

/** Returns a schedule on one line: several cron lines, of which a space between them would make something else. */
export const oneLine = (schedule: string): string => schedule.trim().replaceAll(/\s*\n\s*/g, " | ")

const wide =
  /\p{Extended_Pictographic}|\p{Script=Han}|\p{Script=Hangul}|\p{Script=Hiragana}|\p{Script=Katakana}/u

/** Returns how many columns a text takes on a terminal. */
export const width = (text: string): number => {
  let columns = 0
  for (const character of text)
    columns += /\p{M}|\u200d|\ufe0f/u.test(character) ? 0 : wide.test(character) ? 2 : 1
  return columns
}

/** Returns the text, cut to so many columns with an ellipsis at the end when it is longer. */
export const fit = (text: string, columns: number): string => {
  if (width(text) <= columns) return text
  let kept = ""
  for (const character of text) {
    if (width(kept + character) > columns - 1) break
    kept += character
  }
  return `${kept}…`
}
