/** JSON for programs, which may be looked at on a terminal all the same. */
import type { Io } from "./Io.ts"

/** What JSON lets stand, and a terminal obeys: the other control characters, and those that turn the direction. */
const obeyed = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g

/** Returns a value as JSON over several lines, with those characters escaped; `undefined` becomes null. */
export const text = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) => inner ?? null, 2).replaceAll(
    obeyed,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  )

/** Prints a value as JSON. */
export const print = (io: Io, value: unknown): void => {
  io.stdout.write(`${text(value)}\n`)
}
