/** Texts with placeholders, as users of Healthchecks' webhooks write them: `$NAME is $STATUS`. */
import type { Alert } from "@overdue/core/Alert"
import * as Check from "@overdue/core/Check"
import * as Format from "@overdue/core/document/Format"
import * as CheckJson from "./CheckJson.ts"
import type { Links } from "./HttpKind.ts"

/** A placeholder and what stands in for it. Where one begins like another, the first of a list wins. */
export type Placeholder = readonly [name: string, value: () => string]

/**
 * Replaces placeholders in one pass: values that look like placeholders stay as they are, and at each `$` the first
 * placeholder that matches wins, so `$TAG10` is `$TAG1` and a "0" (Healthchecks: `hc.lib.string.replace`).
 */
export const fill = (template: string, placeholders: readonly Placeholder[]): string => {
  const [head = "", ...parts] = template.split("$")
  return parts.reduce((filled, part) => {
    const found = placeholders.find(([name]) => `$${part}`.startsWith(name))
    return filled + (found === undefined ? `$${part}` : found[1]() + part.slice(found[0].length - 1))
  }, head)
}

/** What any part of a request may refer to, in Healthchecks' order. */
export const placeholders = (alert: Alert, links: Links): readonly Placeholder[] => {
  const { check } = alert
  const { name, slug, tags } = check.details
  return [
    ["$CODE", () => check.id],
    ["$STATUS", () => alert.status],
    ["$NOW", () => Format.instant(alert.at)],
    ["$NAME_JSON", () => CheckJson.print(name)],
    ["$NAME", () => name],
    ["$SLUG", () => slug],
    ["$TAGS", () => tags],
    ["$JSON", () => CheckJson.print(CheckJson.make(alert, links))],
    ["$EXITSTATUS", () => String(alert.lastPing?.exitStatus ?? -1)],
    ...Check.tags(check).map((tag, index): Placeholder => [`$TAG${index + 1}`, () => tag]),
  ]
}

/** What only a request's body may refer to: what the last ping carried. */
export const bodyPlaceholders = (alert: Alert): readonly Placeholder[] => {
  const body = () => utf8.decode(alert.lastPing?.body)
  return [
    ["$BODY_JSON", () => CheckJson.print(body())],
    ["$BODY", body],
  ]
}

/** The same placeholders for a URL: what users choose freely is percent-encoded. */
export const percentEncoded = (list: readonly Placeholder[]): readonly Placeholder[] =>
  list.map(([name, value]) => (raw.includes(name) ? [name, value] : [name, () => percentEncode(value())]))

/** Percent-encodes UTF-8 as Python's `urllib.parse.quote` does: all but letters, digits and `_.-~/`. */
export const percentEncode = (text: string): string =>
  encodeURIComponent(text.toWellFormed())
    .replaceAll("%2F", "/")
    .replaceAll(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)

/**
 * A text as a header's value: Latin-1, with XML character references for the rest as in Healthchecks. Control
 * characters become spaces: a name with a line break must not write headers of its own.
 */
export const headerValue = (text: string): string =>
  // oxlint-disable-next-line no-control-regex
  text.replaceAll(/[^\t\x20-\x7e\x80-\xff]/gu, (char) => {
    const code = char.codePointAt(0)!
    return code > 0xff ? `&#${code};` : " "
  })

/** Safe in a URL by their grammar, and by Healthchecks left as they are. */
const raw = ["$CODE", "$STATUS", "$SLUG"]

/** With replacement, and a byte order mark kept, as Python's `bytes.decode`. */
const utf8 = new TextDecoder("utf-8", { ignoreBOM: true })
