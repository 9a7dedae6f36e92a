/** Bounds of mail, each with its unit and why it is what it is. */

/** Bytes of a message: more than what a report with a log attached needs, and what senders find announced by SIZE. */
export const messageSize = 25 * 1024 * 1024

/** Bytes from the start of a message in which subject and text are looked for. Attachments come after them. */
export const readSize = 1024 * 1024

/** Bytes from the start of a message in which the headers that name its recipients are looked for. */
export const headerSize = 64 * 1024

/** Messages that may be on their way in over HTTP at once: each holds the beginning of a message in memory. */
export const handedOver = 64

/** Recipients of one message: RFC 5321 §4.5.3.1.8 asks for no fewer. */
export const recipients = 100

/** MIME parts within parts. */
export const nesting = 64

/** Elements within elements of an HTML part; what lies deeper is not read. */
export const elements = 200

/** Milliseconds that reading one message may take. A hostile one of the size above could take minutes. */
export const readingTime = 3_000

/** Messages that may wait to be read. */
export const waiting = 100

/** Milliseconds after which a reader with nothing to do is sent home. */
export const idleReader = 60_000

/** Megabytes of memory that reading a message may take. A proper one of the size above needs a quarter. */
export const readingMemory = 192

/** Open SMTP connections; further ones are told to try again. */
export const connections = 100

/** Milliseconds a client may be silent, and how long its session may last in all. RFC 5321 §4.5.3.2 is more patient. */
export const silence = 60_000
export const session = 600_000
