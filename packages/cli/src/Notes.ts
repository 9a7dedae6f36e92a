/** Notes: what a server or a file remarks on about a check, for people. */
import type { Io } from "./Io.ts"
import { plain } from "./Style.ts"

/** What is remarked on. */
export type Remarks = readonly { readonly text: string }[]

/** Returns a line for each remark. */
export const lines = (remarks: Remarks = []): readonly string[] =>
  remarks.map(({ text }) => `note: ${plain(text)}`)

/** Prints the remarks where they do not disturb what programs read. */
export const print = (io: Io, remarks: Remarks | undefined): void => {
  for (const line of lines(remarks)) io.stderr.write(`${line}\n`)
}
