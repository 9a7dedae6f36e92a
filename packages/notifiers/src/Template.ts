/** Templates: texts with placeholders, as in Healthchecks' webhooks: `$NAME is $STATUS`. */
import type { ToldAlert, Untold } from "@overdue/core/Alert"
import * as Check from "@overdue/core/Check"
import * as Format from "@overdue/core/document/Format"
import * as Diagnosis from "@overdue/core/Diagnosis"
import * as News from "@overdue/core/News"
import type { Description } from "@overdue/core/Notifier"
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

/** A placeholder with what stands in its place. */
interface Defined<A extends readonly unknown[]> {
  readonly name: string
  readonly meaning: string
  readonly value: (...args: A) => string
}

/** Those for every part of a request: those of Healthchecks in its order, and then our own. Beside them there are numbered tags. */
const defined: readonly Defined<[alert: ToldAlert, links: Links]>[] = [
  { name: "$CODE", meaning: "id of the check", value: ({ check }) => check.id },
  { name: "$STATUS", meaning: "up or down", value: ({ status }) => status },
  { name: "$NOW", meaning: "when that happened", value: ({ at }) => Format.instant(at) },
  {
    name: "$NAME_JSON",
    meaning: "$NAME as a text of JSON, with its quotes",
    value: (alert) => CheckJson.print(nameOf(alert)),
  },
  { name: "$NAME", meaning: "name of the check, or else its slug", value: (alert) => nameOf(alert) },
  { name: "$SLUG", meaning: "slug of the check", value: ({ check }) => check.details.slug },
  {
    name: "$TAGS",
    meaning: "tags of the check, separated by spaces",
    value: ({ check }) => check.details.tags,
  },
  {
    name: "$JSON",
    meaning: "the check as JSON",
    value: (alert, links) => CheckJson.print(CheckJson.make(alert, links)),
  },
  {
    name: "$EXITSTATUS",
    meaning: "exit status that the last ping carried, or -1",
    value: ({ lastPing }) => String(lastPing?.exitStatus ?? -1),
  },
  {
    name: "$REASON",
    meaning: "why the check went down: missed, fail, overran, too-short",
    value: ({ outage, reason }) => outage?.reason ?? reason,
  },
  {
    name: "$DIAGNOSIS",
    meaning: "what is known of the cause, in sentences",
    value: ({ remarks }) => remarks.map(({ text }) => text).join(" "),
  },
  {
    name: "$SINCE",
    meaning: "since when it is down",
    value: ({ outage }) => (outage?.since === undefined ? "" : Format.instant(outage.since)),
  },
  {
    name: "$NEWS",
    meaning: "all that in a sentence without a full stop, also what a reminder reminds of",
    value: (alert) => News.of(nameOf(alert), alert, Diagnosis.expiring(alert.check, alert.at)),
  },
  { name: "$OCCASION", meaning: "flip, reminder or test", value: ({ occasion }) => occasion },
  {
    name: "$UNTOLD",
    meaning: "what the channel could not be told before",
    value: (alert) => alert.untold.map(untold).join("; "),
  },
]

/** Those for the body of a request only: the body of the last ping. */
const ofBody: readonly Defined<[body: string]>[] = [
  {
    name: "$BODY_JSON",
    meaning: "$BODY as a text of JSON, with its quotes",
    value: (body) => CheckJson.print(body),
  },
  { name: "$BODY", meaning: "body of the last ping", value: (body) => body },
]

/** What may stand in a template, with what it means. */
export const legend: NonNullable<Description["placeholders"]> = [
  ...defined.map(({ name, meaning }) => [name, meaning] as const),
  ["$TAG1", "first tag of the check; $TAG2 the second, and so on"],
  ...ofBody.map(({ name, meaning }) => [name, `${meaning}; in bodies only`] as const),
]

/** Returns the placeholders for every part of a request. */
export const placeholders = (alert: ToldAlert, links: Links): readonly Placeholder[] => [
  ...defined.map(({ name, value }): Placeholder => [name, () => value(alert, links)]),
  ...Check.tags(alert.check).map((tag, index): Placeholder => [`$TAG${index + 1}`, () => tag]),
]

/** Healthchecks says nothing of a check that has a slug only, and nobody would know which one it is. */
const nameOf = ({ check: { details } }: ToldAlert): string => details.name || details.slug

const untold = (alert: Untold): string => `${News.phrase(alert)} at ${Format.instant(alert.at)}`

/** Returns the placeholders for the body of a request only. */
export const bodyPlaceholders = (alert: Pick<ToldAlert, "lastPing">): readonly Placeholder[] =>
  ofBody.map(({ name, value }) => [name, () => value(utf8.decode(alert.lastPing?.body))])

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
