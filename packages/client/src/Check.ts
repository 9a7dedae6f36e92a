/** Checks as the management API takes and answers them. */
import type { QuietWindow } from "./Channel.ts"
import type { Remark, Round, Status } from "./History.ts"

/** How long checks are silent: for so many seconds, or until an instant in ISO 8601 with its offset. */
export type Silence = { readonly for: number } | { readonly until: string }

/** What was silenced beyond a single check. */
export interface Silenced {
  readonly checks: number
  readonly silenced_until: string | null
}

/** What is asked of a target, and how often. Spans in seconds. */
export interface Probe {
  /** Its scheme says how it is asked: https, tcp, udp, ping, smtp, pop3, imap, dns, tls, domain, metric. */
  readonly url: string
  /** By default 60. */
  readonly every?: number
  /** For how long all rounds must fail before the check goes down. */
  readonly grace?: number
  /** For how long all rounds must succeed before it comes up again. */
  readonly recovery?: number
  /** Labels of the probers that ask; by default the server does. */
  readonly regions?: readonly string[]
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  /** What is sent, over HTTP, TCP or UDP. */
  readonly body?: string
  readonly follow_redirects?: boolean
  readonly verify_certificate?: boolean
  /** All must hold. */
  readonly conditions?: readonly Condition[]
  /** How many days before something expires the channels are reminded of it. */
  readonly remind?: { readonly certificate?: readonly number[]; readonly domain?: readonly number[] }
}

/** What must hold of an answer: of one of the values or, with `not-`, of none. */
export interface Condition {
  readonly of: "json" | "body" | "status" | "time" | "header" | "certificate" | "domain" | "value"
  /** Which value of JSON, `groups.user[0].name`, or which header field. */
  readonly key?: string
  readonly operator:
    | "equal"
    | "not-equal"
    | "contains"
    | "not-contains"
    | "greater-than"
    | "less-than"
    | "at-least"
    | "at-most"
  readonly values: readonly string[]
}

/** The fields that Overdue has beyond Healthchecks. Answers leave out those that are as Healthchecks would have them. */
export interface Extensions {
  /** How long before its slot a signal may come, and still be taken for that slot. */
  readonly early?: number
  /** How long a run may take; `null`, the default, is as long as `grace`. */
  readonly max_runtime?: number | "never" | null
  /** A success that comes sooner after its start counts as a failure. */
  readonly min_runtime?: number | null
  readonly start_satisfies?: boolean
  /** Whether a new or resumed check expects its first signal by its next slot. */
  readonly armed?: boolean
  readonly runs?: "latest" | "every"
  /** Down at `failures` of the last `out_of` outcomes, up after `recoveries` successes in a row; 1 each. */
  readonly alert?: { readonly failures?: number; readonly out_of?: number; readonly recoveries?: number }
  readonly quiet?: readonly QuietWindow[]
  readonly remind_every?: number | null
  readonly notify_on_first_ping?: boolean
  /** What the server asks by itself: a URL or, as in answers, an object; `null`: nothing. Only read-write keys see it. */
  readonly probe?: string | Probe | null
  /** Slugs and tags, separated by spaces, of checks without which it cannot work: while one is down, alerts are held. */
  readonly after?: string
}

/**
 * What can be set of a check. Spans in seconds, to the millisecond, up to 31,536,000. A field that is absent is left as
 * it is; of a new check, at its default.
 */
export interface CheckPolicy extends Extensions {
  readonly name?: string
  readonly slug?: string
  /** Separated by spaces. */
  readonly tags?: string
  readonly desc?: string
  readonly timeout?: number
  readonly grace?: number
  /** Cron or OnCalendar; wins over `timeout`. */
  readonly schedule?: string
  readonly tz?: string
  readonly manual_resume?: boolean
  /** In capitals, separated by spaces; empty: all. Healthchecks takes `POST` alone. */
  readonly methods?: string
  readonly start_kw?: string
  readonly success_kw?: string
  readonly failure_kw?: string
  readonly filter_subject?: boolean
  readonly filter_body?: boolean
  readonly filter_http_body?: boolean
  readonly filter_default_fail?: boolean
  /** Ids or exact names separated by commas; `*` is all of the project, empty none. */
  readonly channels?: string
}

/** A check to create. */
export interface NewCheck extends CheckPolicy {
  /** Updates the check with the same values in these fields, if there is one, instead of creating another. */
  readonly unique?: readonly ("name" | "slug" | "tags" | "timeout" | "grace")[]
  /** The id that it keeps from another server, and with it its ping URL. Healthchecks ignores it. */
  readonly uuid?: string
  /** The key in the address of its badge that it keeps from another server. Healthchecks ignores it. */
  readonly badge_key?: string
}

/** What is changed of a check. */
export interface CheckChange extends CheckPolicy {
  /** Expects the next signal as if the last one had come now, whatever changes. */
  readonly restart?: boolean
}

/**
 * A check as the server answers it. Instants in ISO 8601, spans in seconds. A read-only key sees `unique_key` in
 * place of id and URLs.
 */
export interface Check extends Extensions {
  readonly name: string
  readonly slug: string
  readonly tags: string
  readonly desc: string
  readonly grace: number
  readonly n_pings: number
  readonly status: Status
  /** Whether a run has started and not ended. */
  readonly started: boolean
  readonly last_ping: string | null
  readonly next_ping: string | null
  readonly manual_resume: boolean
  readonly methods: string
  readonly start_kw: string
  readonly success_kw: string
  readonly failure_kw: string
  readonly filter_subject: boolean
  readonly filter_body: boolean
  readonly filter_http_body: boolean
  readonly filter_default_fail: boolean
  readonly badge_url?: string
  readonly last_duration?: number
  /** Only of a check with a period. */
  readonly timeout?: number
  /** Only of a check with a schedule; so is `tz`. */
  readonly schedule?: string
  readonly tz?: string
  readonly uuid?: string
  readonly ping_url?: string
  readonly update_url?: string
  readonly pause_url?: string
  readonly resume_url?: string
  readonly channels?: string
  readonly unique_key?: string
  /** Where signals come from, unless a job sends them. */
  readonly family?: "probe" | "server"
  /** When the silence ends that somebody has asked for. */
  readonly silenced_until?: string
}

/** What an answer holds besides the check. */
export interface Remarked {
  /** What the check probably does not mean; only where it was asked for, and only from Overdue. */
  readonly remarks?: readonly { readonly code: string; readonly text: string }[]
}

/** Since when a check is as it is, and why; only where details were asked for, and only from Overdue. */
export interface Detailed {
  /** When the check became new, up, down or paused; one that is late in its grace is still up. */
  readonly since?: string
  /** When the oldest run that has not ended started; null when none is open. */
  readonly running_since?: string | null
  /** When a signal is expected, also of a new check that is armed. */
  readonly expected_at?: string | null
  /** Why the check is down; null unless it is. */
  readonly reason?: string | null
  /** What the probe said last; null before the first round, and absent without a probe and for read-only keys. */
  readonly last_round?: Round | null
  /** Takes pings by e-mail; absent when the server takes none, and for read-only keys. */
  readonly email?: string
  readonly diagnosis?: readonly Remark[]
}

/** What an answer is to hold besides the check. */
export interface Asked {
  readonly details?: boolean
  readonly remarks?: boolean
}

/** Which checks are listed: those that carry every one of the tags and have the slug. */
export interface ChecksFilter {
  readonly tags?: readonly string[]
  readonly slug?: string
  readonly details?: boolean
}
