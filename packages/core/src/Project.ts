/** Projects, and the API keys that give access to them. */
import type { Instant } from "./Time.ts"

/** A project: checks and channels that belong together and are reached by the same keys. */
export interface Project {
  /** Lower-case UUID. */
  readonly id: string
  readonly name: string
  /** Part of the ping URLs by slug, 22 characters; `undefined` when the project has no such URLs. */
  readonly pingKey: string | undefined
  /** Part of the URLs of the project's badges, which it signs, too. */
  readonly badgeKey: string
  /** IANA name of the time zone in which its people read instants. */
  readonly zone: string
  /** How many checks it may have (inclusive). */
  readonly checkLimit: number
  /** How many logged pings of each check are kept. */
  readonly pingLogLimit: number
  /** Until when (exclusive) new checks of the project are silent, too; `undefined` when nobody asked for silence. */
  readonly silencedUntil: Instant | undefined
  readonly createdAt: Instant
}

/** What a key or a name is made of that somebody chooses. */
export interface KeyShape {
  readonly pattern: RegExp
  /** For messages: continues a sentence such as "it is". */
  readonly words: string
}

/** The keys in the URLs of pings by slug, and of badges: no character of them has to be escaped. */
export const urlKey: KeyShape = {
  pattern: /^[A-Za-z0-9_-]{1,64}$/u,
  words: "1 to 64 characters of a-z, A-Z, 0-9, - and _",
}

/** The names of projects, by which commands find them. */
export const projectName: KeyShape = {
  pattern: /^[^\p{Cc}\s](?:[^\p{Cc}]*[^\p{Cc}\s])?$/u,
  words: "one line, without blanks before and after it",
}

/** API keys: Healthchecks takes one of another length for a missing one. */
export const apiKey: KeyShape = { pattern: /^[\x21-\x7e]{32}$/u, words: "32 printable characters" }

/**
 * API keys that somebody brings along from another service, whose clients hold them. The API of Healthchecks takes only
 * those that have its own length.
 */
export const broughtKey: KeyShape = {
  pattern: /^[\x21-\x7e]{16,64}$/u,
  words: "16 to 64 printable characters",
}

/**
 * The key to the metrics of an installation. It is shorter than API keys must be, because it is free to be what a scraper
 * has already: a server that is upgraded refuses only one that can be guessed.
 */
export const metricsKey: KeyShape = {
  pattern: /^[\x20-\x7e]{16,}$/u,
  words: "at least 16 printable characters, such as those that `openssl rand -hex 16` prints",
}

/** The key of the probers of an installation. */
export const proberKey: KeyShape = {
  pattern: /^[\x21-\x7e]{32,256}$/u,
  words: "at least 32 printable characters, such as those that `openssl rand -hex 24` prints",
}

/** What an API key may do. */
export type Access = "read-write" | "read-only"

/** An API key as it is stored: a keyed digest, from which the key cannot be recovered. */
export interface ApiKey {
  /** Hex HMAC-SHA-256 of the key under the installation's secret. */
  readonly digest: string
  readonly project: string
  readonly access: Access
  /** The first characters of the key, by which people tell keys apart. */
  readonly hint: string
  /** What people call it; empty when they do not. */
  readonly label: string
  readonly createdAt: Instant
}
