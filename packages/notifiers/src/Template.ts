/** Templates: texts with placeholders, as in Healthchecks' webhooks: `$NAME is $STATUS`. */
import type { ToldAlert, Untold } from "@overdue/core/Alert"
import * as Check from "@overdue/core/Check"
import * as Format from "@overdue/core/document/Format"
import * as CheckJson from "./CheckJson.ts"
import type { Links } from "./HttpKind.ts"

/** A placeholder and its value. One that begins with another (`$NAME_JSON`, `$NAME`) must come before it in a list. */
export type Placeholder = readonly [name: string, value: () => string]

/**
 * Replaces the placeholders in a template, in one pass: values that look like placeholders stay as they are.
 *
 * At each `$` the first placeholder that matches wins, so `$TAG10` is `$TAG1` and a "0", as in Healthchecks
 * (`hc.lib.string.replace`).
 */
export const fill = (template: string, placeholders: readonly Placeholder[]): string => {
  const [head = "", ...parts] = template.split("$")
  return parts.reduce((filled, part) => {
    const found = placeholders.find(([name]) => `$${part}`.startsWith(name))
    return filled + (found === undefined ? `$${part}` : found[1]() + part.slice(found[0].length - 1))
  }, head)
}

/** Returns the placeholders for every part of a request: those of Healthchecks in its order, and then our own. */
export const placeholders = (alert: ToldAlert, links: Links): readonly Placeholder[] => {
  const { check, outage } = alert
  const { slug, tags } = check.details
  // Healthchecks says nothing of a check that has a slug only, and nobody would know which one it is.
  const name = check.details.name || slug
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
    ["$REASON", () => outage?.reason ?? alert.reason],
    ["$DIAGNOSIS", () => alert.remarks.map(({ text }) => text).join(" ")],
    ["$SINCE", () => (outage?.since === undefined ? "" : Format.instant(outage.since))],
    ["$OCCASION", () => alert.occasion],
    ["$UNTOLD", () => alert.untold.map(untold).join("; ")],
  ]
}

const untold = ({ occasion, status, reason, at }: Untold): string =>
  `${occasion === "reminder" ? "still " : ""}${status} (${reason}) at ${Format.instant(at)}`

/** Returns the placeholders for the body of a request only: the body of the last ping. */
export const bodyPlaceholders = (alert: Pick<ToldAlert, "lastPing">): readonly Placeholder[] => {
  const body = () => utf8.decode(alert.lastPing?.body)
  return [
    ["$BODY_JSON", () => CheckJson.print(body())],
    ["$BODY", body],
  ]
}

/**
 * Replaces the placeholders in a URL: values that users choose freely are percent-encoded. As in Healthchecks, that
 * leaves slashes alone, but not in the path, where a value stays in its segment: tags may come from whoever pings.
 */
export const fillUrl = (url: string, list: readonly Placeholder[]): string => {
  const end = url.search(/[?#]/)
  const path = end < 0 ? url : url.slice(0, end)
  const encoded = percentEncoded(list)
  const inPath = encoded.map(([name, value]): Placeholder => [name, () => segment(value())])
  return fill(path, inPath) + fill(url.slice(path.length), encoded)
}

/** A URL drops a segment of one dot, and the one before a segment of two, also when the dots are encoded once. */
const segment = (encoded: string): string =>
  /^\.+$/.test(encoded) ? encoded.replaceAll(".", "%252E") : encoded.replaceAll("/", "%2F")

/** Returns the same placeholders with values that users choose freely percent-encoded. */
const percentEncoded = (list: readonly Placeholder[]): readonly Placeholder[] =>
  list.map(([name, value]) => (raw.includes(name) ? [name, value] : [name, () => percentEncode(value())]))

/**
 * Percent-encodes text as UTF-8, as Python's `urllib.parse.quote` does: everything except letters, digits and `_.-~/`.
 */
export const percentEncode = (text: string): string =>
  encodeURIComponent(text.toWellFormed())
    .replaceAll("%2F", "/")
    .replaceAll(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)

/**
 * Returns a text as the value of a header: Latin-1, with XML character references for all other characters, as in
 * Healthchecks. Control characters become spaces, so that a name with a line break cannot add headers of its own.
 */
export const headerValue = (text: string): string =>
  // oxlint-disable-next-line no-control-regex
  text.replaceAll(/[^\t\x20-\x7e\x80-\xff]/gu, (char) => {
    const code = char.codePointAt(0)!
    return code > 0xff ? `&#${code};` : " "
  })

/** Values whose grammar makes them safe in a URL, and which Healthchecks does not encode. */
const raw = ["$CODE", "$STATUS", "$SLUG"]

/** Replaces invalid bytes and keeps a byte order mark, like Python's `bytes.decode`. */
const utf8 = new TextDecoder("utf-8", { ignoreBOM: true })
