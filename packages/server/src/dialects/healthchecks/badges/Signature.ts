/**
 * The signature in the URL of a tag's badge, so that the URL of one tag does not reveal those of others.
 *
 * It is derived as Django's `salted_hmac` does it: an installation that keeps the secret key of its Healthchecks
 * keeps the URLs of its badges.
 */
import { createHash, createHmac, timingSafeEqual } from "node:crypto"
import type { States } from "@overdue/core/Badge"

/** Characters of the digest in a signature: 48 bits. */
const length = 8
const twoStates = "-2"

/** Returns the signature for the badge of a tag with so many states. */
export type Sign = (states: States) => string

/**
 * Returns what signs the badges of a project by tag; `*` stands for all checks. A tag has a badge in six forms, and what
 * costs is done once for it, and once for the project.
 */
export const signer = (secret: string, badgeKey: string): ((tag: string) => Sign) => {
  const key = createHash("sha1")
    .update(badgeKey + secret)
    .digest()
  return (tag) => {
    const digest = createHmac("sha1", key).update(tag).digest("base64url").slice(0, length)
    return (states) => digest + (states === 2 ? twoStates : "")
  }
}

/** Returns the signature for the badge of a tag in a project. */
export const make = (secret: string, badgeKey: string, tag: string, states: States): string =>
  signer(secret, badgeKey)(tag)(states)

/** Returns how many states the badge with this signature has; `undefined` when the signature is wrong. */
export const verify = (
  secret: string,
  badgeKey: string,
  tag: string,
  signature: string,
): States | undefined => {
  const states: States =
    signature.length === length + twoStates.length && signature.endsWith(twoStates) ? 2 : 3
  const ours = Buffer.from(make(secret, badgeKey, tag, states))
  const theirs = Buffer.from(signature)
  return ours.length === theirs.length && timingSafeEqual(ours, theirs) ? states : undefined
}
