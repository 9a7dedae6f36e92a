/** How large the parts of a dump are. */

/** Rows of a chunk at most. */
export const rows = 1_000

/** Bytes of the values of a chunk, beyond which it has no further row. */
export const chunk = 1_000_000

/**
 * Bytes of a line, and of all rows of a chunk, at most. The largest row is a ping whose body has 10 MB, the most that a
 * server takes; and what JSON makes of a text of a megabyte has six.
 */
export const line = 64_000_000
