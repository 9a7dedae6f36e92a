/** E-mail addresses that stand for checks. */
import * as Uuid from "@overdue/core/Uuid"
import { domainToASCII } from "node:url"
import * as Slug from "@overdue/core/Slug"

/** The check that an address stands for. */
export type Mailbox = { readonly id: string } | { readonly pingKey: string; readonly slug: string }

/** Why an address does not stand for a check: its domain is another one, or its local part is neither id nor slug. */
export type Refusal = "elsewhere" | "no mailbox"

const keyAndSlug = /^([A-Za-z0-9_-]{1,64})\+([a-z0-9_-]+)$/

/**
 * Parses the local part: the id of a check in any case, or `<ping key>+<slug>`. Returns `undefined` for anything else.
 * Unlike in Healthchecks, a ping key may have another length than 22 characters, because operators may choose theirs.
 */
export const parse = (local: string): Mailbox | undefined => {
  const id = Uuid.parse(local)
  if (id !== undefined) return { id }
  const match = keyAndSlug.exec(local)
  if (match === null || !Slug.isValid(match[2]!)) return undefined
  return { pingKey: match[1]!, slug: match[2]! }
}

/** Parses a whole address, which must belong to the domain. */
export const ofAddress = (address: string, domain: string): Mailbox | Refusal => {
  const at = address.lastIndexOf("@")
  if (at < 0 || canonical(address.slice(at + 1)) !== canonical(domain)) return "elsewhere"
  return parse(address.slice(0, at)) ?? "no mailbox"
}

/** Returns a domain in ASCII, as internationalized names can be written in two ways. */
const canonical = (domain: string): string => domainToASCII(domain) || domain.toLowerCase()

/** Returns what logs show of a mailbox: enough to find the check, too little to ping it. */
export const hint = (mailbox: Mailbox): string =>
  "id" in mailbox ? `${mailbox.id.slice(0, 8)}…` : `…+${mailbox.slug}`
