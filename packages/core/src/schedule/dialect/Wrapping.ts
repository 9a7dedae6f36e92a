/** What stands around an expression where it was copied from: quotes, a semicolon, the name of a setting. */
import type { Change } from "./Characters.ts"

interface Layer {
  readonly what: string
  /** Returns the text without the layer; the same text when it has none. */
  readonly off: (text: string) => string
}

const layers: readonly Layer[] = [
  {
    what: "OnCalendar= is the name of systemd's setting",
    off: (text) => text.replace(/^(?:- )?OnCalendar ?[=:]/i, ""),
  },
  {
    what: "the name of a setting stands in front",
    off: (text) => text.replace(/^(?:- )?(?:cron|schedule|cron_expression) ?[=:]/i, ""),
  },
  {
    what: "quotes stand around it",
    off: (text) => (/^(["'`])[^]*\1$/.test(text) ? text.slice(1, -1) : text),
  },
  {
    what: "a quote stands at one end",
    off: (text) => (/^["'`][^"'`]*$/.test(text) ? text.slice(1) : text.replace(/^([^"'`]*)["'`]$/, "$1")),
  },
  {
    what: "something stands behind it (a semicolon, or \\n spelled out)",
    off: (text) =>
      text.endsWith(";") ? text.slice(0, -1) : /\\[nrt]$/.test(text) ? text.slice(0, -2) : text,
  },
  {
    what: "a punctuation mark stands behind it",
    off: (text) => (/[^.,][.,]$/.test(text) ? text.slice(0, -1) : text),
  },
]

/** The most layers that are taken off. */
const most = 6

/** Returns the text without what stands around it, and what that was. */
export const unwrap = (text: string): { readonly text: string; readonly changes: readonly Change[] } => {
  const whats: string[] = []
  let inside = collapsed(text)
  for (let count = 0; count < most; count++) {
    const layer = layers.find(({ off }) => off(inside) !== inside)
    if (layer === undefined) break
    whats.push(layer.what)
    inside = layer.off(inside).trim()
  }
  const spaced = respaced(inside)
  if (spaced !== undefined) whats.push(spaced.what)
  return { text: spaced?.text ?? inside, changes: whats.map((what) => ({ what, text, offset: 0 })) }
}

/** Blanks mean the same as one of them. Fewer also keep every pattern here fast. */
const collapsed = (text: string): string => text.replaceAll(/[^\S\n]+/g, " ").trim()

/** Five fields with commas between them, or a list with spaces in it. */
const respaced = (text: string): { readonly text: string; readonly what: string } | undefined => {
  const fields = text.split(/ ?, ?/)
  if (fields.length === 5 && fields.every((field) => /^(?:\*|\d+)(?:[-/]\d+)*$/.test(field))) {
    return { text: fields.join(" "), what: "commas stand between the fields instead of spaces" }
  }
  return /[^, ] ?, [^, ]/.test(text) && !text.includes("#")
    ? { text: text.replaceAll(/ ?, ?/g, ","), what: "a list has no spaces" }
    : undefined
}
