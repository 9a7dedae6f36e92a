/** Deliveries of one channel in the order in which they are due, so that a claim reads no more of them than it takes. */

/** See `Migration`. */
export const version = 7

/** See `Migration`. */
export const name = "the turn of deliveries by channel"

/** See `Migration`. */
export const statements = (): readonly string[] => [
  `CREATE INDEX deliveries_of_turn ON deliveries (channel_key, due_at, key) WHERE status = 'pending'`,
  // What begins with the same column.
  `DROP INDEX deliveries_waiting`,
]
