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

/** Characters that turn the direction of what follows them, on its own line and perhaps on the next (UAX #9). */
const bidi = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g

/** Returns a text on one line and without control characters: what users call a check must not control the terminal. */
export const plain = (text: string): string =>
  text
    .toWellFormed()
    .replace(bidi, "")
    .replace(/[\p{Cc}\u2028\u2029]+/gu, " ")
    .trim()

/** Returns a text of several lines without other control characters than line breaks and tabs. */
export const plainLines = (text: string): string =>
  text
    .toWellFormed()
    .replace(bidi, "")
    .replaceAll("\r\n", "\n")
    .replace(/[^\P{Cc}\n\t]+/gu, " ")

/** Returns how many columns the terminal has that a table is printed to; `undefined` when it is printed to none. */
export const columnsOf = ({ stdout }: Io): number | undefined =>
  // Some pseudo-terminals say 0 when nobody has set their size.
  stdout.isTTY === true ? stdout.columns || 80 : undefined

/** Returns a schedule on one line: several cron lines, of which a space between them would make something else. */
export const oneLine = (schedule: string): string => schedule.trim().replaceAll(/\s*\n\s*/g, " | ")
