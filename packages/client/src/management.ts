/** The management API, version 3, typed: checks, their history, channels, badges. Names are those of the wire. */
import { ClientError, send } from "./retry.ts"
import type { Patience, Request } from "./retry.ts"

export { ClientError } from "./retry.ts"

export type Status = "new" | "up" | "grace" | "down" | "paused"

/** Time in which nothing is expected: after each slot of a schedule, or once. */
export type QuietWindow =
  | { readonly schedule: string; readonly tz?: string; readonly duration: number }
  | { readonly from: string; readonly to: string }

/** What Overdue knows beyond Healthchecks; answers leave out what is at its default. */
export interface Extensions {
  /** How long a run may take; `null`, the default, is as long as `grace`. */
  readonly max_runtime?: number | "never" | null
  /** A success that comes sooner after its start is a failure. */
  readonly min_runtime?: number | null
  readonly start_satisfies?: boolean
  readonly runs?: "latest" | "every"
  /** Down at `failures` of the last `out_of` outcomes, up after `recoveries` successes in a row; 1 each. */
  readonly alert?: { readonly failures?: number; readonly out_of?: number; readonly recoveries?: number }
  readonly quiet?: readonly QuietWindow[]
  readonly remind_every?: number | null
  readonly notify_on_first_ping?: boolean
}

/** What can be set. Spans in seconds, 60 … 31,536,000. What is absent stays as it is, or begins at the default. */
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
  readonly methods?: "" | "POST"
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

export interface NewCheck extends CheckPolicy {
  /** Updates the check that has the same values in these fields instead of making another. */
  readonly unique?: readonly ("name" | "slug" | "tags" | "timeout" | "grace")[]
}

/** Instants are ISO 8601 texts, spans whole seconds. A read-only key sees `unique_key` in place of what could write. */
export interface Check extends Extensions {
  readonly name: string
  readonly slug: string
  readonly tags: string
  readonly desc: string
  readonly grace: number
  readonly n_pings: number
  readonly status: Status
  /** A run is open. */
  readonly started: boolean
  readonly last_ping: string | null
  readonly next_ping: string | null
  readonly manual_resume: boolean
  readonly methods: "" | "POST"
  readonly start_kw: string
  readonly success_kw: string
  readonly failure_kw: string
  readonly filter_subject: boolean
  readonly filter_body: boolean
  readonly filter_http_body: boolean
  readonly filter_default_fail: boolean
  readonly badge_url?: string
  readonly last_duration?: number
  /** Only in checks that are expected every so often. */
  readonly timeout?: number
  /** Only in checks that follow a schedule. */
  readonly schedule?: string
  readonly tz?: string
  readonly uuid?: string
  readonly ping_url?: string
  readonly update_url?: string
  readonly pause_url?: string
  readonly resume_url?: string
  readonly channels?: string
  readonly unique_key?: string
}

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

export interface Channel {
  readonly id: string
  readonly name: string
  readonly kind: string
}

export interface NewChannel {
  readonly name: string
  readonly kind: string
  /** What this kind needs to know; see the kind. */
  readonly value: unknown
}

/** Addresses of one tag's badge; those with a 3 also tell late from up. */
export interface Badge {
  readonly svg: string
  readonly svg3: string
  readonly json: string
  readonly json3: string
  readonly shields: string
  readonly shields3: string
}

export interface Connection extends Patience {
  /** The site, without `/api/v3`. */
  readonly baseUrl: string | URL
  readonly apiKey: string
  readonly headers?: Record<string, string>
}

export type Management = ReturnType<typeof connect>

/** One project on one server. Nothing is sent before the first call; every call rejects with `ClientError`. */
export const connect = (connection: Connection) => {
  const { baseUrl, apiKey, headers } = connection
  const root = `${String(baseUrl).replace(/\/+$/, "")}/api/v3`
  if (!URL.canParse(root)) throw new ClientError("InvalidTarget", "baseUrl begins with http:// or https://")

  const call = async (path: string, request: Omit<Request, "headers"> = { method: "GET" }) =>
    (await send(root + path, { ...request, headers: { ...headers, "X-Api-Key": apiKey } }, connection)).text
  // The types describe what a server of this API answers; it is not checked again on this side.
  const json = async <A>(path: string, request?: Omit<Request, "headers">): Promise<A> => {
    const text = await call(path, request)
    try {
      return JSON.parse(text)
    } catch (cause) {
      throw new ClientError("Refused", "the server answered something else than JSON", { cause })
    }
  }
  const post = (body: object = {}, isOnce = false) => ({ method: "POST", body: JSON.stringify(body), isOnce })
  const remove = { method: "DELETE" }
  const queryOf = (fields: Readonly<Record<string, string | number>>) =>
    new URLSearchParams(Object.entries(fields).map(([name, value]) => [name, String(value)]))
  const check = (id: string) => `/checks/${encodeURIComponent(id)}`
  const channel = (id: string) => `/channels/${encodeURIComponent(id)}`

  return {
    checks: {
      /** All of the project, or those that carry every one of the tags and the slug. */
      list: async (filter: { readonly tags?: readonly string[]; readonly slug?: string } = {}) => {
        const query = new URLSearchParams(filter.tags?.map((tag) => ["tag", tag]))
        if (filter.slug !== undefined) query.set("slug", filter.slug)
        return (await json<{ readonly checks: readonly Check[] }>(`/checks/?${query}`)).checks
      },
      /** By id, or by `unique_key`. */
      get: (id: string) => json<Check>(check(id)),
      create: (policy: NewCheck) => json<Check>("/checks/", post(policy, !policy.unique?.length)),
      update: (id: string, policy: CheckPolicy) => json<Check>(check(id), post(policy)),
      pause: (id: string) => json<Check>(`${check(id)}/pause`, post()),
      /** Rejects with `Conflict` when the check is not paused; after a lost answer that may be its own doing. */
      resume: (id: string) => json<Check>(`${check(id)}/resume`, post()),
      /** Resolves to the check as it last was. */
      delete: (id: string) => json<Check>(check(id), remove),
      /** Newest first, as many as the server keeps, at most 1,000. `details` are told by Overdue alone. */
      pings: async (id: string, { details = false }: { readonly details?: boolean } = {}) => {
        const query = details ? "?details=1" : ""
        return (await json<{ readonly pings: readonly Ping[] }>(`${check(id)}/pings/${query}`)).pings
      },
      pingBody: (id: string, n: number) => call(`${check(id)}/pings/${n}/body`),
      /** Newest first; the last so many seconds, or from `start` (inclusive) to `end` (exclusive), Unix seconds. */
      flips: async (
        id: string,
        {
          details = false,
          ...window
        }: {
          readonly seconds?: number
          readonly start?: number
          readonly end?: number
          readonly details?: boolean
        } = {},
      ) => {
        const query = queryOf(window)
        if (details) query.set("details", "1")
        return (await json<{ readonly flips: readonly Flip[] }>(`${check(id)}/flips/?${query}`)).flips
      },
      /** From `start` to `end`, Unix seconds; the last 30 days otherwise. `tz` is that of `by`. Overdue alone. */
      statistics: (
        id: string,
        query: {
          readonly start?: number
          readonly end?: number
          readonly by?: Unit
          readonly tz?: string
        } = {},
      ) => json<Statistics>(`${check(id)}/statistics?${queryOf(query)}`),
    },
    channels: {
      list: async () => (await json<{ readonly channels: readonly Channel[] }>("/channels/")).channels,
      create: (channel: NewChannel) => json<Channel>("/channels/", post(channel, true)),
      delete: async (id: string) => void (await call(channel(id), remove)),
      /** Sends a trial message; rejects when the channel could not deliver it. */
      test: async (id: string) => void (await call(`${channel(id)}/test`, post({}, true))),
    },
    /** By tag; `*` is the whole project. */
    badges: async () => (await json<{ readonly badges: Readonly<Record<string, Badge>> }>("/badges/")).badges,
    /** Whether the server and its database work; rejects when they do not. */
    status: async () => void (await call("/status/")),
  }
}
