/** The limits of inbound mail, each with its unit and its reason. */

/** The most bytes of a message, announced to senders by SIZE (RFC 1870): room for a report with a log attached. */
export const messageSize = 25 * 1024 * 1024

/** Bytes at the start of a message that are searched for subject and text. Attachments come after these. */
export const readSize = 1024 * 1024

/** Bytes at the start of a message that are searched for headers. */
export const headerSize = 64 * 1024

/** The most words of a header in which recipients are looked for. */
export const headerWords = 1_000

/** The most messages that are received over HTTP at once: the beginning of each is held in memory. */
export const handedOver = 64

/** The most recipients of one message: RFC 5321 §4.5.3.1.8 requires at least as many. */
export const recipients = 100

/** How deep MIME parts may be nested. */
export const nesting = 64

/** How deep the elements of an HTML part may be nested. Text that is nested deeper is not read. */
export const elements = 200

/**
 * Milliseconds that parsing one message may take at first: messages of people take a few, long reports a hundred. Those
 * that take more are parsed anew by a process for such.
 */
export const firstTime = 300

/** Milliseconds that parsing may take then. A hostile message of `readSize` bytes could take minutes. */
export const readingTime = 3_000

/** The most messages that may wait to be parsed. */
export const waiting = 100

/** Milliseconds after which an idle worker process is stopped. */
export const idleReader = 60_000

/** Megabytes of heap that parsing a message may take. A well-meant message of `readSize` bytes needs a quarter. */
export const readingMemory = 192

/** The most open SMTP connections. One of the network that has most gives way to whoever comes from another. */
export const connections = 100

/**
 * Milliseconds that an SMTP client may be silent. RFC 5321 §4.5.3.2 recommends five minutes, which 100 idlers could
 * abuse.
 */
export const silence = 60_000

/** Milliseconds that an SMTP session may last, however busy it is. */
export const session = 600_000

/**
 * The commands for one message that are taken as fast as they come: as many as a message to `recipients` takes, and three
 * times as many again. The next waits for a millisecond, each further one for a millisecond more, and half as many more end
 * the session.
 */
export const effort = 400

/** How many commands one counts for that is refused. Some sixty wrong recipients of one message are refused at once. */
export const refusedCosts = 4

/** The most bytes of a command: RFC 5321 §4.5.3.1.4 requires 512, and extensions add some hundred. */
export const commandLine = 8 * 1024
