/**
 * Instants and spans: whole milliseconds, as plain numbers.
 *
 * Everything inside counts in these two; doors (APIs, SQL, configuration) convert at their edge.
 */

/** A point in time: integer milliseconds since 1970-01-01T00:00:00Z, without leap seconds. */
export type Instant = number

/** A length of time: integer milliseconds, never negative. */
export type Span = number

export const second: Span = 1000
export const minute: Span = 60 * second
export const hour: Span = 60 * minute
export const day: Span = 24 * hour
export const week: Span = 7 * day
