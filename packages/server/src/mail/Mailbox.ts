/** E-mail addresses that are pings. */
import { domainToASCII } from "node:url"
import * as Slug from "@overdue/core/Slug"

/** Which check an address stands for. */
export type Mailbox = { readonly id: string } | { readonly pingKey: string; readonly slug: string }

/** Why an address is none: it belongs elsewhere, or nobody here can have it. */
export type Refusal = "elsewhere" | "no mailbox"

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const keyAndSlug = /^([A-Za-z0-9_-]{1,64})\+([a-z0-9_-]+)$/

/**
 * The part before the `@`: the id of a check in any case, or `<ping key>+<slug>`. Unlike Healthchecks, ping keys of
 * another length than 22 characters count too, because an operator may choose his own.
 */
export const parse = (local: string): Mailbox | undefined => {
  if (uuid.test(local)) return { id: local.toLowerCase() }
  const match = keyAndSlug.exec(local)
  if (match === null || !Slug.isValid(match[2]!)) return undefined
  return { pingKey: match[1]!, slug: match[2]! }
}

/** A whole address, if it is of the domain. */
export const ofAddress = (address: string, domain: string): Mailbox | Refusal => {
  const at = address.lastIndexOf("@")
  if (at < 0 || canonical(address.slice(at + 1)) !== canonical(domain)) return "elsewhere"
  return parse(address.slice(0, at)) ?? "no mailbox"
}

/** International names may be written in two ways. */
const canonical = (domain: string): string => domainToASCII(domain) || domain.toLowerCase()

/** For logs: enough to find the check, too little to ping it. */
export const hint = (mailbox: Mailbox): string =>
  "id" in mailbox ? `${mailbox.id.slice(0, 8)}…` : `…+${mailbox.slug}`
