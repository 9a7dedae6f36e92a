/** What is known of a check's past, as the management API tells it: pings, flips, statistics. */

/** What a check can be. `grace` is late, but not yet down. */
export type Status = "new" | "up" | "grace" | "down" | "paused"

export interface Ping {
  readonly type: "success" | "start" | "fail" | "log" | "ign"
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
  /** A detail: 0 … 255, when the signal gave one. */
  readonly exit_status?: number | null
  /** A detail: seconds that the run took which the signal ended, as the check's policy sees runs. */
  readonly run_duration?: number | null
  /** A detail. */
  readonly diagnosis?: readonly Remark[]
}

/** Why a ping or a flip is what it is, for programs and for people. */
export interface Remark {
  readonly code: string
  readonly text: string
}

/** All but the first two are details. */
export interface Flip {
  readonly timestamp: string
  /** 1 when the check came up, 0 when it became anything else. */
  readonly up: 0 | 1
  readonly from?: Exclude<Status, "grace">
  readonly to?: Exclude<Status, "grace">
  readonly reason?: string
  /** The deadline behind it was moved because the service itself was not awake. */
  readonly blind?: boolean
  readonly rid?: string | null
  /** Seconds that the run took, or had been taking. */
  readonly duration?: number | null
  readonly diagnosis?: readonly Remark[]
}

/** What a check was like over a window of time. Spans in seconds, with fractions. */
export interface Report {
  readonly start: string
  readonly end: string
  readonly up: number
  readonly down: number
  readonly paused: number
  readonly unknown: number
  /** Share of up in up and down, 0 … 1; null without either. */
  readonly uptime: number | null
  /** Oldest first. `start` is null when it began before what is known, `end` while it goes on. */
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
    /** Of the runs that began with a start and have ended; `last` are the newest first. */
    readonly durations: {
      readonly count: number
      readonly average: number
      readonly p50: number
      readonly p95: number
      readonly longest: number
      readonly last: readonly number[]
    } | null
  }
  /** Every ping of the time is kept; if not, there were more runs than these. */
  readonly complete: boolean
}

/** With `units`, oldest first, when they were asked for. */
export interface Statistics extends Report {
  readonly by?: Unit
  readonly tz?: string
  readonly units?: readonly Report[]
}

export type Unit = "hour" | "day" | "week" | "month"
