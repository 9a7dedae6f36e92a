/**
 * Texts that every database stores. PostgreSQL has no room for U+0000, and half of a surrogate pair is no character in any
 * encoding. Doors refuse such a text where somebody chose it, and replace its faults where nobody is to be refused for it.
 */

/** Whether every database stores a text as it is. */
export const is = (text: string): boolean => text.isWellFormed() && !text.includes("\0")

/** Returns a text with U+FFFD for each character that not every database stores. */
export const of = (text: string): string => (is(text) ? text : text.toWellFormed().replaceAll("\0", "\ufffd"))
