/** The past of a check, as the management API answers it: pings, flips, statistics. */

/** The status of a check. `grace` is late, but not yet down. */
export type Status = "new" | "up" | "grace" | "down" | "paused"

/** A ping that was received. What is called a detail is there only when `details` were asked for. */
export interface Ping {
  readonly type: "success" | "start" | "fail" | "cancel" | "log" | "ign"
  readonly date: string
  readonly n: number
  readonly scheme: string
  readonly remote_addr: string
  readonly method: string
  readonly ua: string
  readonly rid: string | null
  readonly body_url: string | null
  /** Seconds, with fractions. */
  readonly duration?: number
  /** A detail: 0 … 255; null when the signal had none. */
  readonly exit_status?: number | null
  /** A detail: seconds that the run took which the signal ended, by the rules of the check's policy. */
  readonly run_duration?: number | null
  /** A detail: what the probe of the check said from each region, times in milliseconds; absent of other signals. */
  readonly probe?: readonly ProbeResult[]
  /** A detail: why the ping is of this type. */
  readonly diagnosis?: readonly Remark[]
}

/** A round of a probe: when it was due, or when a server has measured what it reported, and what came of it. */
export interface Round {
  readonly at: string
  readonly results: readonly ProbeResult[]
}

/** What a probe said from one region. Times in milliseconds; null of what there was none. */
export interface ProbeResult {
  readonly region: string | null
  readonly ok: boolean
  readonly status_code: number | null
  readonly reason: string | null
  /** Only of a threshold: what the server has reported. */
  readonly value?: number
  readonly response_time: number | null
  readonly dns: number | null
  readonly connect: number | null
  readonly tls: number | null
  readonly first_byte: number | null
}

/** Why a ping or a flip is what it is, for programs and for people. */
export interface Remark {
  readonly code: string
  readonly text: string
}

/** A change of status. All but the first two fields are details. */
export interface Flip {
  readonly timestamp: string
  /** 1 when the check came up, 0 when it became anything else. */
  readonly up: 0 | 1
  readonly from?: Exclude<Status, "grace">
  readonly to?: Exclude<Status, "grace">
  readonly reason?: string
  /** Whether the deadline behind it was moved, because the server itself had not been running. */
  readonly blind?: boolean
  /** Whether it happened in a quiet window. */
  readonly quiet?: boolean
  readonly rid?: string | null
  /** Seconds that the run took, or had been taking. */
  readonly duration?: number | null
  readonly diagnosis?: readonly Remark[]
}

/** What became of a check in a window of time. Spans in seconds, with fractions. */
export interface Report {
  readonly start: string
  readonly end: string
  readonly up: number
  readonly down: number
  readonly paused: number
  readonly unknown: number
  /** The share of up in the time that is up or down, 0 … 1; null when there is none. */
  readonly uptime: number | null
  /** Oldest first. `start` is null when it began before the known past, `end` while it lasts. */
  readonly outages: readonly {
    readonly start: string | null
    readonly end: string | null
    readonly reason: string | null
    readonly duration: number
    readonly blind: boolean
  }[]
  readonly runs: {
    readonly count: number
    readonly failed: number
    readonly missed: number
    readonly overran: number
    /** Of the runs that began with a start and have ended; null without any. `last` has the newest first. */
    readonly durations: {
      readonly count: number
      readonly average: number
      readonly p50: number
      readonly p95: number
      readonly longest: number
      readonly last: readonly number[]
    } | null
  }
  /** How long the rounds of a probe took; null when there were none, and absent of checks that are not asked. */
  readonly response_times?: {
    readonly count: number
    readonly failed: number
    readonly average: number
    readonly p50: number
    readonly p95: number
    readonly longest: number
  } | null
  /** Whether every ping of the window is still stored; if not, there were more runs than these. */
  readonly complete: boolean
}

/** A report on the whole window, and on each unit of it when `by` asks for units, oldest first. */
export interface Statistics extends Report {
  readonly by?: Unit
  readonly tz?: string
  readonly units?: readonly Report[]
}

/** A unit of the calendar. */
export type Unit = "hour" | "day" | "week" | "month"
