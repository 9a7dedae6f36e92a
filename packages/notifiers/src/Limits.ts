/** Every limit of the notifiers, with its unit and its source. */
import { day, second, type Span } from "@overdue/core/Time"

/** How long an attempt may take altogether: name resolution, redirects and the answer (Healthchecks: 30 s). */
export const attempt: Span = 30 * second

/** The most redirects that an attempt follows (Healthchecks: 3). */
export const redirects = 3

/** Bytes of a response's body that are read. The status says enough, and a body may be endless. */
export const answer = 16_384

/** How long the body is waited for, once the status is known: a place among those that are sent is not for a slow one. */
export const answerTime: Span = 2 * second

/** The longest time by which a target can put off an alert with `Retry-After`. */
export const longestRetryAfter: Span = day

/** Characters of a URL template (Healthchecks: 1000). */
export const url = 1000
/** Characters of a header's name, and of its value (Healthchecks: 1000). */
export const header = 1000

/** Headers for one side of a webhook: with names and values of full length, about as much as servers accept. */
export const headers = 50

/** Characters of a body template. Healthchecks' limit of 1000 is short for a chat message in JSON. */
export const body = 10_000

/** The most requests of one conversation: some kinds look something up before they change it. */
export const requests = 8
