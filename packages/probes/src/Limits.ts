/** Bounds of what is asked, with their units. */
import { failureLength } from "@overdue/core/Limits"
import { day, hour, second, type Span } from "@overdue/core/Time"

/** How long an attempt may take altogether: name resolution, connection, and all redirects. */
export const attempt: Span = 30 * second

/** Bytes of an answer that are read, after decompression. */
export const answer = 1_048_576

/** Redirects that are followed. */
export const redirects = 10

/** Characters of a reason. */
export const reason = failureLength

/** How long a server elsewhere may take to answer a prober. */
export const call: Span = 15 * second

/** For how long a result is of use to a server that is away. */
export const useful: Span = 60 * second

/** How long a prober waits for more results before it hands in what it has. */
export const gathering: Span = 200

/** Characters of JSON that are handed in at once: a server takes 128 KiB, in which each may be three bytes. */
export const parcel = 40_000

/** Pauses before a server that is away is tried again, of which half or more is waited. */
export const backOff = { least: second, most: 20 * second }

/** The longest `Retry-After` that is obeyed: whoever waits for longer misses every round of half a minute. */
export const retryAfter: Span = 30 * second

/** How long results on their way may still take when the prober is told to end. */
export const farewell: Span = second

/** How long the process may have stood still before a failure says nothing of the target. */
export const standstill: Span = 5 * second

/** How long a connection is waited for before the next address is tried beside it (RFC 8305 §5). */
export const stagger: Span = 250

/** Addresses of a name that are tried. */
export const addresses = 8

/** How long a reply over TCP or UDP is waited for. */
export const reply: Span = 10 * second

/** How long a target that has begun to reply over TCP is silent when it has ended, for want of a better sign. */
export const silence: Span = 500

/** Bytes of what a mail server says before it is to be encrypted; the lines of RFC 5321 §4.5.3.1.5 have 512. */
export const dialogue = 65_536

/** How long a port is waited for in `ping` before the next one is tried, or a third of all the time. */
export const port: Span = 5 * second

/** The largest window of zstd, as a power of two: 8 MiB, which is all that HTTP allows (RFC 9659). */
export const zstdWindow = 23

/** Content codings on top of each other that are undone. */
export const codings = 2

/** How long a registry may take to say what it knows of a domain. */
export const registry: Span = 10 * second

/** Bytes of such an answer that are read. */
export const registration = 262_144

/** Names of a host that a registry is asked for. */
export const names = 4

/** How long a registration is believed. */
export const known: Span = day
/** How long a registry that did not answer, or does not have a domain, is left alone. */
export const unknown: Span = hour

/** Domains whose registration is remembered; of more, the one that was asked for first is forgotten. */
export const registrations = 10_000

/** Registries that are asked at the same time: they refuse those who ask for thousands of domains at once. */
export const registriesAtOnce = 4

/** Names that the system looks up at the same time: it has four threads for that, and for files. */
export const lookupsAtOnce = 2

/** How long the hosts file is believed to be as it was. */
export const hostsFile: Span = 10 * second
