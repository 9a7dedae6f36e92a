/** JSON for programs, which may be looked at on a terminal all the same. */
import * as JsonText from "@overdue/core/JsonText"
import type { Io } from "./Io.ts"

/** Returns a value as JSON over several lines, without characters that a terminal obeys; `undefined` becomes null. */
export const text = (value: unknown): string =>
  JsonText.tame(JSON.stringify(value, (_, inner: unknown) => inner ?? null, 2))

/** Prints a value as JSON. */
export const print = (io: Io, value: unknown): void => {
  io.stdout.write(`${text(value)}\n`)
}
