/** What there is to read in a message. */
import * as Headers from "./Headers.ts"

export interface Mail {
  /** Decoded; empty when there is none. */
  readonly subject: string
  /** Of all parts that are not attachments, decoded; of HTML parts what is shown, with single blanks. */
  readonly text: string
  /** It could not be taken apart: nothing is decoded, and the text is that of the whole message. */
  readonly isSource?: true
}

export const unread = (raw: Uint8Array): Mail => ({
  subject: Headers.read(raw).get("subject") ?? "",
  text: new TextDecoder().decode(raw),
  isSource: true,
})
