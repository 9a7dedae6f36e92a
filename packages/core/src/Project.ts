/** A project: checks and channels that belong together, and the keys that open them. */
import type { Instant } from "./Time.ts"

export interface Project {
  /** Lower-case UUID. */
  readonly id: string
  readonly name: string
  /** Opens the ping URLs by slug. 22 characters; `undefined` closes them. */
  readonly pingKey: string | undefined
  /** Signs and names the project's badges. */
  readonly badgeKey: string
  /** IANA name of the zone on whose wall clock its people are told of instants. */
  readonly zone: string
  /** How many checks it may have. */
  readonly checkLimit: number
  /** How many logged pings of each check are kept. */
  readonly pingLogLimit: number
  readonly createdAt: Instant
}

/** What an API key may do. */
export type Access = "read-write" | "read-only"

/** An API key as it is stored: never itself, only its keyed digest. */
export interface ApiKey {
  /** Hex HMAC-SHA-256 of the key under the installation's secret. */
  readonly digest: string
  readonly project: string
  readonly access: Access
  /** The first characters of the key, for people to tell keys apart. */
  readonly hint: string
  readonly createdAt: Instant
}
