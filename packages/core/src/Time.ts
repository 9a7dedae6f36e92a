/** Instants and spans: whole milliseconds, as plain numbers. APIs, SQL and configuration convert at their edge. */

/** A point in time: integer milliseconds since 1970-01-01T00:00:00Z, without leap seconds. */
export type Instant = number

/** A length of time: integer milliseconds, never negative. */
export type Span = number

/** 1,000 milliseconds. */
export const second: Span = 1000
/** 60 seconds. */
export const minute: Span = 60 * second
/** 60 minutes. */
export const hour: Span = 60 * minute
/** 24 hours, whatever the wall clock of a zone does on that day; see `Calendar` for the days of a zone. */
export const day: Span = 24 * hour
/** 7 days of 24 hours. */
export const week: Span = 7 * day
