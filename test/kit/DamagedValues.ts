/** What a column may hold that was written by somebody else, whatever is to be in it. */

/** Texts: none, JSON that is cut or of another shape, words of no list. */
export const texts: readonly string[] = [
  "",
  "{",
  "null",
  "[]",
  "42",
  '[{"rid":1}]',
  "[[1,2,3]]",
  '{"__proto__":null}',
  '{"tellAt":9e15}',
  "zombie",
  "\u0000",
]

/** Integers: below zero, and beyond what a date, and what a number can be. */
export const integers: readonly (number | bigint)[] = [
  -1,
  0,
  -9e15,
  9e15,
  9_223_372_036_854_775_807n,
  -9_223_372_036_854_775_808n,
]

/** A number that is no integer in any sense; a column for texts makes a text of it. */
export const huge = 1e300
