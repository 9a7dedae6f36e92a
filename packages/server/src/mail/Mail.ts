/** The subject and the text of a message, which keyword filters search. */
import * as Headers from "./Headers.ts"

/** A parsed message. */
export interface Mail {
  /** The decoded subject; empty when there is none. */
  readonly subject: string
  /** The decoded text of all parts that are not attachments. HTML parts count as they are shown, with single spaces. */
  readonly text: string
  /** The message could not be parsed: nothing is decoded, and `text` is the whole source. */
  readonly isSource?: true
}

/**
 * Returns what is left of a message when only those keywords are looked for: of its subject and its text the keywords
 * that they contain, with commas between them, of which a keyword has none.
 */
export const condensed = ({ subject, text, ...rest }: Mail, keywords: readonly string[]): Mail => ({
  subject: found(subject, keywords),
  text: found(text, keywords),
  ...rest,
})

/**
 * A text is searched as it is and, when that differs, with single spaces between its words: people read a phrase as such
 * across the end of a line, and see no difference in a space that does not break.
 */
const found = (text: string, keywords: readonly string[]): string => {
  const words = text.split(/\s+/).join(" ").trim()
  const searched = words === text.trim() ? text : `${text}\n${words}`
  return keywords.filter((keyword) => searched.includes(keyword)).join()
}

/** Returns a message that could not be parsed. */
export const unread = (raw: Uint8Array): Mail => ({
  subject: Headers.read(raw).get("subject") ?? "",
  text: new TextDecoder().decode(raw),
  isSource: true,
})
