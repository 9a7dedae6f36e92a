/** What was recognised in a text that is no schedule: another dialect, or a slip of the pen. */

/** What a text is, and what to write instead. */
export interface Finding {
  /** A clause that says what the text is or has: "this is a Quartz expression, with seconds first". */
  readonly what: string
  /** One line that means the same and is read; absent when there is none, or when it is not certain. */
  readonly rewritten?: string | undefined
  /** The zone in which `rewritten` means the same; absent when that is the zone of the check. */
  readonly zone?: string | undefined
  /** What to do when nothing is rewritten. */
  readonly remedy?: string | undefined
  /** The piece of the text that is wrong; absent when that is all of it, or what the reader of the language named. */
  readonly piece?: { readonly text: string; readonly offset: number }
  /** Whether the text is cron, or meant as such. Otherwise it is no expression at all. */
  readonly isCron: boolean
}

/** Whether a line is a schedule by the reading that is wanted. */
export type Reads = (line: string) => boolean

/** A text that is no schedule. */
export interface Pasted {
  /** Without white space at its ends, invisible characters and look-alikes. */
  readonly text: string
  readonly words: readonly string[]
  readonly reads: Reads
}

/** Returns a line in quotes, for a message. */
export const quote = (line: string): string => `"${line}"`

/** Returns a finding of cron that `line` rewrites, if the line is read; otherwise one with the remedy. */
export const cron = (
  { reads }: Pick<Pasted, "reads">,
  what: string,
  line: string | undefined,
  remedy?: string,
): Finding => {
  const isRead = line !== undefined && reads(line)
  return { what, rewritten: isRead ? line : undefined, remedy: isRead ? undefined : remedy, isCron: true }
}
