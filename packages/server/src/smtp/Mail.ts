/** What there is to read in a message. */
export interface Mail {
  /** Decoded; empty when there is none. */
  readonly subject: string
  /** Of all parts that are not attachments, decoded; of HTML parts what is shown, with single blanks. */
  readonly text: string
}

/** Of a message that cannot be taken apart: its source. */
export const unread = (raw: Uint8Array): Mail => ({ subject: "", text: new TextDecoder().decode(raw) })
