/**
 * The signature in the address of a tag badge: whoever knows a badge of one tag cannot guess those of others.
 *
 * Derived as Django's `salted_hmac` does it, so that an installation which keeps the secret key of its Healthchecks
 * keeps the addresses of its badges.
 */
import { createHash, createHmac, timingSafeEqual } from "node:crypto"
import type { States } from "@overdue/core/Badge"

/** Characters of the digest that are used: 48 bits. */
const length = 8
const twoStates = "-2"

/** What a project's badge of a tag is signed with; `*` stands for all checks. */
export const make = (secret: string, badgeKey: string, tag: string, states: States): string => {
  const key = createHash("sha1")
    .update(badgeKey + secret)
    .digest()
  const digest = createHmac("sha1", key).update(tag).digest("base64url")
  return digest.slice(0, length) + (states === 2 ? twoStates : "")
}

/** How many states a signed badge tells apart; `undefined` when the signature is wrong. */
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
