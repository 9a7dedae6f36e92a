/** API keys: how they are generated, and the keyed digest under which they are stored and looked up. */
import { createHash, createHmac, randomInt, timingSafeEqual } from "node:crypto"
import type { Access, ApiKey } from "@overdue/core/Project"

/** The length of every API key. Healthchecks treats a key of another length as missing. */
export const length = 32

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
const pingAlphabet = "abcdefghijklmnopqrstuvwxyz0123456789"

/** Returns a new API key: `hcw_` (read-write) or `hcr_` (read-only) and 28 random characters. */
export const generate = (access: Access): string =>
  (access === "read-write" ? "hcw_" : "hcr_") + random(alphabet, 28)

/** Returns a new ping key: 22 random characters of a-z and 0-9. */
export const generatePingKey = (): string => random(pingAlphabet, 22)

/**
 * Returns the hex HMAC-SHA-256 of a key under the installation's secret. Keys are looked up by digest, so the time of a
 * look-up does not reveal how much of a guessed key was right.
 */
export const digest = (secret: string, key: string): string =>
  createHmac("sha256", secret).update("overdue api key\0").update(key).digest("hex")

/** Returns what is stored of a key: its digest, its access, and its first 8 characters to recognize it by. */
export const stored = (
  secret: string,
  key: string,
  access: Access,
  label: string = "",
): Omit<ApiKey, "project" | "createdAt"> => ({
  digest: digest(secret, key),
  access,
  hint: key.slice(0, 8),
  label,
})

/** Returns the two keys of a new project, and what is stored of them. */
export const pair = (secret: string) => {
  const [apiKey, apiKeyReadOnly] = [generate("read-write"), generate("read-only")]
  return {
    apiKey,
    apiKeyReadOnly,
    stored: [stored(secret, apiKey, "read-write"), stored(secret, apiKeyReadOnly, "read-only")],
  }
}

/** Whether two keys are the same, in a time that does not reveal how much of them is. */
export const isSame = (given: string, key: string): boolean => timingSafeEqual(hash(given), hash(key))

const hash = (text: string): Buffer => createHash("sha256").update(text).digest()

const random = (characters: string, count: number): string => {
  let made = ""
  for (let index = 0; index < count; index++) made += characters[randomInt(characters.length)]
  return made
}
