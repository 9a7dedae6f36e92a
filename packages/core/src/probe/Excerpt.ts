/** The beginning of a text that a stranger has sent, as it may stand in a sentence. */

/** Characters that an excerpt has at most. */
export const length = 60

/** What terminals and readers of logs obey: control characters, line ends, and what turns the direction of writing. */
const obeyed = /[\s\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]+/g

/** Returns the first 60 characters of a text that can be seen, with one space for all that cannot. */
export const of = (text: string): string =>
  Array.from(
    text
      .slice(0, 4 * length)
      .toWellFormed()
      .replaceAll(obeyed, " ")
      .trim(),
  )
    .slice(0, length)
    .join("")
    .trim()
