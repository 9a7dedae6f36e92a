/** Characters that a copied text brings along: invisible ones, and ones that look like those of an expression. */

/** A change that makes a text plainer: why, and the piece of the text that it concerns. */
export interface Change {
  readonly what: string
  readonly text: string
  readonly offset: number
}

/** Names of Unicode for what is found in practice. */
const names: ReadonlyMap<number, string> = new Map([
  [0x00, "NULL"],
  [0xad, "SOFT HYPHEN"],
  [0x034f, "COMBINING GRAPHEME JOINER"],
  [0x061c, "ARABIC LETTER MARK"],
  [0x115f, "HANGUL CHOSEONG FILLER"],
  [0x1160, "HANGUL JUNGSEONG FILLER"],
  [0x180e, "MONGOLIAN VOWEL SEPARATOR"],
  [0x200b, "ZERO WIDTH SPACE"],
  [0x200c, "ZERO WIDTH NON-JOINER"],
  [0x200d, "ZERO WIDTH JOINER"],
  [0x200e, "LEFT-TO-RIGHT MARK"],
  [0x200f, "RIGHT-TO-LEFT MARK"],
  [0x2010, "HYPHEN"],
  [0x2011, "NON-BREAKING HYPHEN"],
  [0x2012, "FIGURE DASH"],
  [0x2013, "EN DASH"],
  [0x2014, "EM DASH"],
  [0x2015, "HORIZONTAL BAR"],
  [0x2044, "FRACTION SLASH"],
  [0x204e, "LOW ASTERISK"],
  [0x2060, "WORD JOINER"],
  [0x2212, "MINUS SIGN"],
  [0x2215, "DIVISION SLASH"],
  [0x2217, "ASTERISK OPERATOR"],
  [0x22c6, "STAR OPERATOR"],
  [0x2731, "HEAVY ASTERISK"],
  [0x3164, "HANGUL FILLER"],
  [0xfe0f, "VARIATION SELECTOR-16"],
  [0xfeff, "ZERO WIDTH NO-BREAK SPACE"],
  [0xff0a, "FULLWIDTH ASTERISK"],
  [0xff0c, "FULLWIDTH COMMA"],
  [0xff0d, "FULLWIDTH HYPHEN-MINUS"],
  [0xff0f, "FULLWIDTH SOLIDUS"],
])

/** What stands in for each sign of an expression. */
const lookalikes: ReadonlyMap<string, string> = new Map(
  (
    [
      ["-", "‐‑‒–—―−﹘﹣－"],
      ["*", "∗✱✲⁎⋆＊٭﹡"],
      ["/", "⁄∕／"],
      [",", "，、،﹐"],
      [":", "：∶﹕"],
      ["~", "∼～"],
      ["?", "？"],
      ["#", "＃"],
      ["@", "＠"],
      ['"', "“”„‟«»＂"],
      ["'", "‘’‚‛‹›＇´"],
    ] as const
  ).flatMap(([sign, others]) => Array.from(others, (other) => [other, sign] as const)),
)

/** First digits of the other sets of digits that keyboards write: Arabic, Persian, fullwidth. */
const zeros = [0x0660, 0x06f0, 0xff10]

/** Control characters that are no white space, and characters of no width: first and last of each range. */
const invisible: readonly (readonly [first: number, last: number])[] = [
  [0x00, 0x08],
  [0x0e, 0x1b],
  [0x7f, 0x84],
  [0x86, 0x9f],
  [0xad, 0xad],
  [0x034f, 0x034f],
  [0x061c, 0x061c],
  [0x115f, 0x1160],
  [0x180e, 0x180e],
  [0x200b, 0x200f],
  [0x202a, 0x202e],
  [0x2060, 0x206f],
  [0x3164, 0x3164],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
]

/** Returns a text in plain characters, and what was changed: each character once. */
export const plain = (text: string): { readonly text: string; readonly changes: readonly Change[] } => {
  const changes = new Map<string, Change>()
  let found = ""
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!
    const sign = plainOf(character)
    found += sign
    // Quotes are spoken of where they are taken off.
    if (sign !== character && !/["']/.test(sign) && !changes.has(character)) {
      const meaning = sign === "" ? "is invisible" : `is not the plain ${sign}`
      changes.set(character, { what: `${nameOf(character)} ${meaning}`, text: character, offset: at })
    }
  }
  return { text: found, changes: [...changes.values()] }
}

/** Returns a character by its code point and name: "U+2013 EN DASH". */
const nameOf = (character: string): string => {
  const code = character.charCodeAt(0)
  const number = `U+${code.toString(16).toUpperCase().padStart(4, "0")}`
  const name = names.get(code)
  return name === undefined ? number : `${number} ${name}`
}

const plainOf = (character: string): string => {
  const code = character.charCodeAt(0)
  if (code >= 0x20 && code < 0x7f) return character
  if (invisible.some(([first, last]) => code >= first && code <= last)) return ""
  const zero = zeros.find((zero) => code >= zero && code <= zero + 9)
  return zero === undefined ? (lookalikes.get(character) ?? character) : String(code - zero)
}
