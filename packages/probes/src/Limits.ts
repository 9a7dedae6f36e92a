/** Bounds of what is asked, with their units. */
import { second, type Span } from "@overdue/core/Time"

/** How long an attempt may take altogether: name resolution, connection, and all redirects. */
export const attempt: Span = 30 * second

/** Bytes of an answer that are read, after decompression. */
export const answer = 1_048_576

/** Redirects that are followed. */
export const redirects = 10
