/** Every bound of the notifiers, with its unit and its source. */
import { day, second, type Span } from "@overdue/core/Time"

/** How long an attempt may take in all: name resolution, redirects and the answer (Healthchecks: 30 s). */
export const attempt: Span = 30 * second

/** Redirects that one attempt follows (Healthchecks: 3). */
export const redirects = 3

/** Bytes of an answer that are read; the status tells enough, and the rest belongs to a stranger. */
export const answer = 16_384

/** A target cannot put an alert off for longer than this, whatever its `Retry-After` says. */
export const longestRetryAfter: Span = day

/** Characters of a URL template, and of a header's name and value (Healthchecks: 1000 each). */
export const url = 1000
export const header = 1000

/** Headers of one side of a webhook; with names and values, what receivers accept as a header block. */
export const headers = 50

/** Characters of a body template. Healthchecks stops at 1000, which is short for a chat message in JSON. */
export const body = 10_000

/** Requests of one conversation: some kinds look up what they then change. */
export const requests = 8
