/** E-mail addresses that stand for checks. */
import { urlKey } from "@overdue/core/Project"
import * as Uuid from "@overdue/core/Uuid"
import { domainToASCII } from "node:url"
import * as Slug from "@overdue/core/Slug"

/** The check that an address stands for. */
export type Mailbox = { readonly id: string } | { readonly pingKey: string; readonly slug: string }

/**
 * Why an address does not stand for a check: its domain is another one, or its local part is neither id nor slug.
 * `postmaster` is the address that every server has (RFC 5321 §4.5.1), and no check.
 */
export type Refusal = "elsewhere" | "no mailbox" | "postmaster"

/**
 * Parses the local part: the id of a check in any case, or `<ping key>+<slug>`. Either may have more after a plus, by
 * which people sort their mail, and an id something before one: `healthchecks+<id>`, `<id>+daily`. Returns what it can
 * stand for, the likeliest first; nothing when it is none of them.
 *
 * A slug is in lower case, so one in another case was changed on its way.
 */
export const parse = (local: string): readonly Mailbox[] => {
  const parts = local.replace(/^"(.*)"$/, "$1").split("+")
  const ids = parts.flatMap((part) => Uuid.parse(part) ?? []).map((id): Mailbox => ({ id }))
  const [pingKey = "", given = ""] = parts
  const slug = given.toLowerCase()
  const isBySlug = urlKey.pattern.test(pingKey) && slug !== "" && Slug.isValid(slug)
  return isBySlug ? [{ pingKey, slug }, ...ids] : ids
}

/** Parses a whole address, which must belong to the domain. */
export const ofAddress = (address: string, domain: string): readonly Mailbox[] | Refusal => {
  const at = address.lastIndexOf("@")
  const local = at < 0 ? address : address.slice(0, at)
  const isHere = at >= 0 && canonical(address.slice(at + 1)) === canonical(domain)
  if (/^postmaster$/i.test(local) && (isHere || at < 0)) return "postmaster"
  if (!isHere) return "elsewhere"
  const found = parse(local)
  return found.length === 0 ? "no mailbox" : found
}

/** Returns a domain in ASCII, as internationalized names can be written in two ways; the dot at its end says nothing. */
const canonical = (domain: string): string => {
  const bare = domain.replace(/\.$/, "")
  return domainToASCII(bare) || bare.toLowerCase()
}

/** Returns what logs show of a mailbox: enough to find the check, too little to ping it. */
export const hint = (mailbox: Mailbox): string =>
  "id" in mailbox ? Uuid.hint(mailbox.id) : `…+${mailbox.slug}`
