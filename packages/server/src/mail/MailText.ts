/** Parses messages: the subject, and the text of all parts as a mail client shows them. */
import { compile } from "html-to-text"
import PostalMime, { type Email } from "postal-mime"
import * as Limits from "./Limits.ts"
import { unread, type Mail } from "./Mail.ts"

/**
 * Parses a raw message, or the beginning of one. Never rejects: a message that is not valid MIME is returned as its
 * source. A forwarded message counts as an attachment: its text is not the text of this message.
 */
export const read = async (raw: Uint8Array): Promise<Mail> => {
  try {
    const email = await PostalMime.parse(raw, {
      forceRfc822Attachments: true,
      maxNestingDepth: Limits.nesting,
    })
    return { subject: email.subject ?? "", text: textOf(email, raw) }
  } catch {
    return unread(raw)
  }
}

const textOf = (email: Email, raw: Uint8Array): string => {
  const { text, html, attachments } = email
  const inline = attachments.filter(isShown).map(contentOf)
  if (text === undefined && html === undefined && attachments.length === 0) return bodyOf(raw)
  const parts = [text ?? "", html === undefined ? "" : shown(html), ...inline]
  return parts.filter((part) => part !== "").join("\n")
}

type Attachment = Email["attachments"][number]

/** Whether mail clients show a part, although the parser takes everything for an attachment that it does not know. */
const isShown = ({ disposition, mimeType }: Attachment): boolean =>
  disposition !== "attachment" &&
  /^(?:text\/(?!calendar\b)|application\/(?:json|xml|x-ndjson|yaml)\b)/i.test(mimeType)

/** In a charset that is not told, as UTF-8, or as what is written where that is not. */
const contentOf = ({ content }: Attachment): string => {
  if (typeof content === "string") return content
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(content)
  } catch {
    return new TextDecoder("windows-1252").decode(content)
  }
}

/** Returns everything after the first empty line, for a multipart message without a boundary. */
const bodyOf = (raw: Uint8Array): string => {
  const source = new TextDecoder().decode(raw)
  const blank = /^\r?\n|\r?\n\r?\n/.exec(source)
  return blank === null ? "" : source.slice(blank.index + blank[0].length).trim()
}

const apart = ["td", "th", "tr", "li", "dt", "dd", "title", "option", "button"]

/** Adds nothing that the sender did not write: no link targets, no bullets, no capitals. */
const convert = compile({
  wordwrap: false,
  baseElements: { selectors: [] },
  limits: { maxDepth: Limits.elements },
  selectors: [
    { selector: "a", options: { ignoreHref: true } },
    ...["img", "script", "style"].map((selector) => ({ selector, format: "skip" })),
    ...["h1", "h2", "h3", "h4", "h5", "h6"].map((selector) => ({ selector, options: { uppercase: false } })),
    ...["ul", "ol", "hr", "blockquote", ...apart].map((selector) => ({ selector, format: "block" })),
  ],
})

const shown = (html: string): string => convert(html).split(/\s+/).join(" ").trim()
