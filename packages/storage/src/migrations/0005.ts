/** The names that senders give to their signals, so that one that arrives twice is logged once. */
import type { Types } from "../Flavour.ts"

/** See `Migration`. */
export const version = 5

/** See `Migration`. */
export const name = "idempotency keys of pings"

/** See `Migration`. */
export const statements = ({ text }: Types): readonly string[] => [
  `ALTER TABLE pings ADD COLUMN idempotency_key ${text}`,
  // Partial, so that a ping without a key writes no page of it.
  `CREATE INDEX pings_of_key ON pings (idempotency_key) WHERE idempotency_key IS NOT NULL`,
]
