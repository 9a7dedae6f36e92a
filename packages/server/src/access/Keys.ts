/** API keys: made, and turned into the keyed digest under which they are stored and found. */
import { createHmac, randomInt } from "node:crypto"
import type { Access, ApiKey } from "@overdue/core/Project"

/** Every API key of Healthchecks has this length; one of another length counts as missing there. */
export const length = 32

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
const pingAlphabet = "abcdefghijklmnopqrstuvwxyz0123456789"

/** A new API key: `hcw_` (read-write) or `hcr_` (read-only) and 28 random characters. */
export const generate = (access: Access): string =>
  (access === "read-write" ? "hcw_" : "hcr_") + random(alphabet, 28)

/** A new ping key: 22 random characters of a-z and 0-9. */
export const generatePingKey = (): string => random(pingAlphabet, 22)

/**
 * Hex HMAC-SHA-256 of a key under the installation's secret. A key is found by its digest, which nobody without the
 * secret can steer: comparing digests tells no one how much of a guess was right.
 */
export const digest = (secret: string, key: string): string =>
  createHmac("sha256", secret).update("overdue api key\0").update(key).digest("hex")

/** What is stored of a key. */
export const stored = (
  secret: string,
  key: string,
  access: Access,
): Omit<ApiKey, "project" | "createdAt"> => ({
  digest: digest(secret, key),
  access,
  hint: key.slice(0, 8),
})

const random = (characters: string, count: number): string => {
  let made = ""
  for (let index = 0; index < count; index++) made += characters[randomInt(characters.length)]
  return made
}
