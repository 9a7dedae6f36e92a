/** JSON as text: characters that it lets stand, escaped for those who would obey or not know them. */

/** What terminals and readers of logs obey: further control characters, line ends, and what turns the direction. */
const obeyed = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g

/** Returns a JSON text with those characters escaped, which means the same. */
export const tame = (json: string): string => json.replaceAll(obeyed, escape)

/** Escapes one UTF-16 unit, so that what lies beyond 16 bits becomes the pair that JSON wants (RFC 8259 §7). */
export const escape = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`
