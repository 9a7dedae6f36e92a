/** The nicknames of crontab(5): "@daily" and its like, each short for a cron line. */
import * as Limits from "../Limits.ts"
import * as Whitespace from "./Whitespace.ts"

const lines: ReadonlyMap<string, string> = new Map([
  ["@hourly", "0 * * * *"],
  ["@daily", "0 0 * * *"],
  ["@midnight", "0 0 * * *"],
  ["@weekly", "0 0 * * 0"],
  ["@monthly", "0 0 1 * *"],
  ["@yearly", "0 0 1 1 *"],
  ["@annually", "0 0 1 1 *"],
])

/** The nicknames, as they are written. */
export const names: readonly string[] = [...lines.keys()]

/** Returns the cron line that a nickname means, in any case; `undefined` when the word is none. */
export const lineOf = (word: string): string | undefined => lines.get(word.toLowerCase())

/** Returns a text with the cron line in place of each line that is a nickname; `undefined` when no line is one. */
export const expand = (text: string): string | undefined => {
  if (text.length > Limits.expressionLength || !text.includes("@")) return undefined
  const words = Whitespace.lines({ text, offset: 0 }).map((line) => line.text)
  if (!words.some((word) => lines.has(word.toLowerCase()))) return undefined
  return words
    .filter((word) => word !== "")
    .map((word) => lineOf(word) ?? word)
    .join("\n")
}
