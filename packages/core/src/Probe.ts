/**
 * Probes: what the engine itself asks of a target, how often, and when its answers make the check go down or come up.
 * Plain data. Whoever asks (`@overdue/probes`) gives a `Result` for each region; `Rounds` says what follows from those.
 */
import type { Instant, Span } from "./Time.ts"

/** How a target is asked; each is a protocol. */
export type Asked = "http" | "tcp" | "udp" | "ping" | "smtp" | "pop3" | "imap" | "dns" | "tls" | "domain"

/** Where answers come from. `metric`: nobody asks, the reports of a server are the answers; see `Threshold`. */
export type Kind = Asked | "metric"

/** When a connection is encrypted: never, from its first byte on, or after the command of the protocol for that. */
export type Security = "none" | "tls" | "starttls"

/** What is asked of a target, how often, and from where. */
export interface Probe {
  /**
   * The target, whose scheme says how it is asked: `https://example.org/health`, `tcp://db.example.org:5432`,
   * `imaps://mail.example.org`, `dns://example.org?type=MX`, `metric://SERVER-ID/cpu-total-usage`; see `ProbeUrl`.
   */
  readonly url: string
  /** From one round to the next; means nothing where nobody asks. */
  readonly every: Span
  /** For how long every round must fail before the check goes down; 0: one is enough. */
  readonly grace: Span
  /** For how long every round must succeed before a check that is down comes up; 0: one is enough. */
  readonly recovery: Span
  /** Labels of the places to ask from, whose results are one round; empty: from wherever the engine runs. */
  readonly regions: readonly string[]
  /** HTTP method, in capitals. */
  readonly method: string
  /** Header fields of an HTTP request, by name. */
  readonly headers: Readonly<Record<string, string>>
  /** The body of an HTTP request, or what is sent over TCP and UDP once connected; empty: nothing. */
  readonly body: string
  /** Whether redirects are followed; otherwise they are the answer. */
  readonly followsRedirects: boolean
  /** Whether a certificate must be valid. */
  readonly verifiesCertificate: boolean
  /** All must hold. */
  readonly conditions: readonly Condition[]
  readonly remind: Reminders
}

/** What expires: the certificate that a target shows, or the registration of the domain that it is in. */
export type Expiring = "certificate" | "domain"

/**
 * How many days before something expires the channels are reminded of it, each time once. Of a domain whose days are
 * given, none included, its registry is asked every day.
 */
export type Reminders = { readonly [what in Expiring]?: readonly number[] }

/**
 * What an answer is judged by. `json`: a value in its body. `body`: its text. `status`: the status of HTTP. `time`:
 * milliseconds from the beginning to the end. `header`: a header field. `certificate`, `domain`: whole days until it
 * expires. `value`: what a server has reported.
 */
export type Subject = "json" | "body" | "status" | "time" | "header" | "certificate" | "domain" | "value"

/** How a subject is compared. */
export type Operator =
  | "equal"
  | "not-equal"
  | "contains"
  | "not-contains"
  | "greater-than"
  | "less-than"
  | "at-least"
  | "at-most"

/**
 * Something that must hold of an answer: of one of the values, or with `not-` of all. The values of `status` may be ranges,
 * `200-299` and `2xx`.
 */
export interface Condition {
  readonly of: Subject
  /** Which value of JSON, as `groups.user[0].name`, or which header field; empty for other subjects. */
  readonly key: string
  readonly operator: Operator
  readonly values: readonly string[]
}

/** How long the parts of an attempt took, in milliseconds. A part that was not reached, or not needed, is absent. */
export interface Timings {
  readonly dns?: number
  readonly connect?: number
  readonly tls?: number
  /** From the request, or the connection, to the first byte of the answer. */
  readonly firstByte?: number
  /** From the beginning to the end. */
  readonly whole: number
}

/** A certificate that a target has shown. */
export interface Certificate {
  readonly host: string
  readonly issuer: string
  readonly subject: string
  readonly validFrom: Instant
  readonly validTo: Instant
  /** Why it is not trusted; absent when it is. */
  readonly error?: string
}

/** What the registry of a domain says of it. */
export interface Registration {
  readonly domain: string
  /** Absent when the registry does not say. */
  readonly registrar?: string
  readonly expiresAt?: Instant
  /** Why nothing is known; absent when something is. */
  readonly error?: string
  /** It is the registry that fails: what it would say is not known. Absent otherwise. */
  readonly isUnknown?: true
}

/** What came of asking a target once, from one place. */
export interface Result {
  /** The label of the place; empty when it has none. */
  readonly region: string
  readonly ok: boolean
  /** The status of HTTP; absent when there is none. */
  readonly statusCode?: number
  /** Why it failed, in a few words that name no secret: `timeout`, `status 503`, `condition 1 failed`. */
  readonly reason?: string
  /** Only of a threshold: what the server has reported. */
  readonly value?: number
  /** Of a threshold, which nobody asks for, 0. */
  readonly timings: Timings
  /** Absent when none was seen. */
  readonly certificate?: Certificate
  /** Of the domain that the host is in; absent when nobody has asked. */
  readonly registration?: Registration
}

/** Of asking a target once, from one place, nothing came: whoever asked was at fault, or a registry did not answer. */
export interface Unjudged {
  /** The label of the place; empty when it has none. */
  readonly region: string
  /** A sentence that names no secret. */
  readonly why: string
}

/** What came of asking, as whoever asks knows it. */
export type Said = Omit<Result, "region"> | Omit<Unjudged, "region">

/** What a probe has that sets nothing but its target. */
export const defaults: Omit<Probe, "url"> = {
  every: 60_000,
  grace: 0,
  recovery: 0,
  regions: [],
  method: "GET",
  headers: {},
  body: "",
  followsRedirects: true,
  verifiesCertificate: true,
  conditions: [],
  remind: {},
}

/** Returns a probe. */
export const make = (given: Pick<Probe, "url"> & Partial<Probe>): Probe => ({ ...defaults, ...given })

/** Returns how many milliseconds a result took; `undefined` of a threshold's, which nobody asked for. */
export const responseTime = ({ value, timings }: Result): number | undefined =>
  value === undefined ? timings.whole : undefined

/** Returns when what expires does, as far as results tell: the first of several. */
export const expiresAt = (results: readonly Result[], what: Expiring): Instant | undefined => {
  const known = results.flatMap(
    ({ certificate, registration }) =>
      (what === "certificate" ? certificate?.validTo : registration?.expiresAt) ?? [],
  )
  return known.length === 0 ? undefined : Math.min(...known)
}

/** Whether most of some results are failures; of as many failures as successes it cannot be said that it is down. */
export const isBad = (results: readonly Pick<Result, "ok">[]): boolean =>
  2 * results.filter(({ ok }) => !ok).length > results.length

/** Returns the result that a round is told by: the first failed one, or else the first. `undefined` when there is none. */
export const telling = (results: readonly Result[]): Result | undefined =>
  results.find(({ ok }) => !ok) ?? results[0]
