/** The management API, version 3, typed: checks, their history, channels, badges. Fields are named as on the wire. */
import { ClientError, insteadOfJson, send } from "./retry.ts"
import type { Channel, ChannelChange, ChannelDetails, ChannelTest, NewChannel } from "./Channel.ts"
import type {
  Silence,
  Silenced,
  NewCheck,
  CheckChange,
  Check,
  Remarked,
  Asked,
  Detailed,
  ChecksFilter,
} from "./Check.ts"
import type { DeliveriesFilter, Delivery } from "./Delivery.ts"
import type { Flip, Ping, Statistics, Unit } from "./History.ts"
import type { Patience, Request } from "./retry.ts"

export { ClientError } from "./retry.ts"
export type {
  Condition,
  Probe,
  Silence,
  Silenced,
  Extensions,
  CheckPolicy,
  NewCheck,
  CheckChange,
  Check,
  Remarked,
  Asked,
  Detailed,
  ChecksFilter,
} from "./Check.ts"
export type {
  Channel,
  ChannelChange,
  ChannelDetails,
  ChannelTest,
  NewChannel,
  QuietWindow,
  Switches,
} from "./Channel.ts"
export type { DeliveriesFilter, Delivery, DeliveryStatus } from "./Delivery.ts"
export type { Flip, Ping, ProbeResult, Remark, Report, Round, Statistics, Status, Unit } from "./History.ts"

/** The URLs of the badge of one tag, in several formats. Those with a 3 show late apart from up. */
export interface Badge {
  readonly svg: string
  readonly svg3: string
  readonly json: string
  readonly json3: string
  readonly shields: string
  readonly shields3: string
}

/** The project of an API key. */
export interface Project {
  readonly id: string
  readonly name: string
  /** Absent for a key that may not write. */
  readonly ping_key?: string | null
  readonly badge_key: string
  readonly check_limit: number
  readonly ping_limit: number
  readonly created: string
}

/** What a project may change of its addresses. Those with the key before stop working. */
export interface ProjectChange {
  readonly ping_key?: string
  /** Makes a new ping key. */
  readonly rotate_ping_key?: boolean
  readonly badge_key?: string
}

/** The server and the project that calls go to, and how patient they are. */
export interface Destination extends Patience {
  /** The site, without `/api/v3`. */
  readonly baseUrl: string | URL
  /** Names the project. A read-only key may call what changes nothing. */
  readonly apiKey: string
  /** Sent with every request. */
  readonly headers?: Record<string, string>
  /**
   * Whose defaults and bounds hold for checks that are created and changed, and whose values are shown of them. `own`, the
   * default, are those of Overdue, which Healthchecks ignores; `healthchecks` are those of its API.
   */
  readonly defaults?: "own" | "healthchecks"
}

/** The calls of the management API on one project. Each rejects with a `ClientError` unless it succeeds. */
export type Management = ReturnType<typeof connect>

/** Returns the calls for one project on one server; nothing is sent before the first of them. */
export const connect = (destination: Destination) => {
  const requests = requestsOf(destination)
  const { text, json } = requests
  return {
    checks: { ...checksOf(requests, destination.defaults ?? "own"), ...historyOf(requests) },
    channels: channelsOf(requests),
    deliveries: deliveriesOf(requests),
    /** What of the project itself can be read and changed. Only Overdue has this. */
    project: {
      get: () => json<Project>("/project/"),
      update: (change: ProjectChange) => json<Project>("/project/", post(change)),
    },
    /** Returns the badges by tag; those of the whole project are under `*`. */
    badges: async () => (await json<{ readonly badges: Readonly<Record<string, Badge>> }>("/badges/")).badges,
    /** Resolves when the server and its database work. */
    status: async () => void (await text("/status/")),
  }
}

type Method = Omit<Request, "headers">

interface Requests {
  readonly text: (path: string, request?: Method) => Promise<string>
  readonly json: <A>(path: string, request?: Method) => Promise<A>
}

const requestsOf = (destination: Destination): Requests => {
  const { baseUrl, apiKey, headers } = destination
  const root = `${String(baseUrl).replace(/\/+$/, "")}/api/v3`
  if (!URL.canParse(root)) throw new ClientError("InvalidTarget", "baseUrl begins with http:// or https://")

  const text: Requests["text"] = async (path, request = { method: "GET" }) =>
    (await send(root + path, { ...request, headers: { ...headers, "X-Api-Key": apiKey } }, destination)).text
  // The types describe what a server of this API answers; it is not checked again on this side.
  const json: Requests["json"] = async (path, request) => {
    const answer = await text(path, request)
    try {
      return JSON.parse(answer)
    } catch (cause) {
      throw new ClientError("Refused", insteadOfJson(answer), { cause })
    }
  }
  return { text, json }
}

const post = (body: object = {}, isOnce = false): Method => ({
  method: "POST",
  body: JSON.stringify(body),
  isOnce,
})

const remove: Method = { method: "DELETE" }

const queryOf = (fields: Readonly<Record<string, string | number>>): URLSearchParams =>
  new URLSearchParams(Object.entries(fields).map(([name, value]) => [name, String(value)]))

const pathOf = (id: string): string => `/checks/${encodeURIComponent(id)}`

/** A tag that is there but `undefined` was to be set, and must not mean all checks: the server refuses an empty one. */
const silenceOf = (filter: { readonly tag?: string }): string =>
  `/silence?${queryOf("tag" in filter ? { tag: filter.tag ?? "" } : {})}`

const checksOf = ({ json }: Requests, defaults: "own" | "healthchecks") => {
  const ask = ({ details = false, remarks = false }: Asked = {}): string => {
    const query = queryOf({
      ...(defaults === "own" && { defaults }),
      ...(details && { details: 1 }),
      ...(remarks && { remarks: 1 }),
    })
    return query.size === 0 ? "" : `?${query}`
  }
  return {
    /** Returns all checks of the project, or those that carry every one of the tags and have the slug. */
    list: async (filter: ChecksFilter = {}) => {
      const query = new URLSearchParams(filter.tags?.map((tag) => ["tag", tag]))
      if (filter.slug !== undefined) query.set("slug", filter.slug)
      if (filter.details === true) query.set("details", "1")
      if (defaults === "own") query.set("defaults", defaults)
      return (await json<{ readonly checks: readonly (Check & Detailed)[] }>(`/checks/?${query}`)).checks
    },
    /** Returns a check by its id or its `unique_key`. */
    get: (id: string, asked: Asked = {}) => json<Check & Remarked & Detailed>(pathOf(id) + ask(asked)),
    /** Creates a check, or updates the one that `unique` finds, and returns it. */
    create: (policy: NewCheck, asked: Asked = {}) =>
      json<Check & Remarked>(`/checks/${ask(asked)}`, post(policy, !policy.unique?.length)),
    /** Changes the fields that are given and no others; returns the check as it is then. */
    update: (id: string, change: CheckChange, asked: Asked = {}) =>
      json<Check & Remarked>(pathOf(id) + ask(asked), post(change)),
    /** Stops expecting signals until the check is resumed or pinged. */
    pause: (id: string) => json<Check>(`${pathOf(id)}/pause${ask()}`, post()),
    /**
     * Ends a pause. Rejects with `Conflict` when there is none: after a lost answer, because the first try ended it.
     */
    resume: (id: string) => json<Check>(`${pathOf(id)}/resume${ask()}`, post()),
    /**
     * Keeps alerts of the check back, and tells what is still down when the silence ends. Only Overdue has silence.
     */
    silence: (id: string, silence: Silence) => json<Check>(`${pathOf(id)}/silence${ask()}`, post(silence)),
    /** Ends the silence of a check. */
    endSilence: (id: string) => json<Check>(`${pathOf(id)}/silence${ask()}`, remove),
    /** Silences the checks that have the tag or, without one, all of the project and those that are created meanwhile. */
    silenceAll: (silence: Silence, filter: { readonly tag?: string } = {}) =>
      json<Silenced>(silenceOf(filter), post(silence)),
    /** Ends the silence of the checks that have the tag or, without one, of all. */
    endSilenceOfAll: (filter: { readonly tag?: string } = {}) => json<Silenced>(silenceOf(filter), remove),
    /** Deletes a check with its pings and flips; returns it as it last was. */
    delete: (id: string) => json<Check>(pathOf(id) + ask(), remove),
  }
}

/** What was recorded of checks. */
const historyOf = ({ text, json }: Requests) => {
  return {
    /** Returns the pings that the server keeps, newest first, at most 1,000. Only Overdue has `details`. */
    pings: async (id: string, { details = false }: { readonly details?: boolean } = {}) => {
      const query = details ? "?details=1" : ""
      return (await json<{ readonly pings: readonly Ping[] }>(`${pathOf(id)}/pings/${query}`)).pings
    },
    /** Returns the body of ping number `n`, as text. */
    pingBody: (id: string, n: number) => text(`${pathOf(id)}/pings/${n}/body`),
    /**
     * Returns flips, newest first: of the last so many `seconds`, or from `start` (inclusive) to `end` (exclusive) in
     * Unix seconds. Only Overdue has `details`.
     */
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
      return (await json<{ readonly flips: readonly Flip[] }>(`${pathOf(id)}/flips/?${query}`)).flips
    },
    /**
     * Returns uptime, outages and runs from `start` to `end`, in Unix seconds or ISO 8601, by default of the last 30
     * days; `tz` is the zone of the units in `by`, and of times without an offset, by default that of the check. Only
     * Overdue has statistics.
     */
    statistics: (
      id: string,
      query: {
        readonly start?: number | string
        readonly end?: number | string
        readonly by?: Unit
        readonly tz?: string
      } = {},
    ) => json<Statistics>(`${pathOf(id)}/statistics?${queryOf(query)}`),
  }
}

const channelsOf = ({ text, json }: Requests) => {
  const path = (id: string): string => `/channels/${encodeURIComponent(id)}`
  return {
    /** Returns the channels of the project. Their values hold secrets, and are never shown. */
    list: async () => (await json<{ readonly channels: readonly Channel[] }>("/channels/")).channels,
    /** Returns the same with how their deliveries fare. */
    details: async () =>
      (await json<{ readonly channels: readonly ChannelDetails[] }>("/channels/?details=1")).channels,
    /** Creates a channel and returns it. No check uses it before it is named in the check's `channels`. */
    create: (channel: NewChannel) => json<Channel>("/channels/", post(channel, true)),
    /** Changes the fields that are given, and returns the channel. */
    update: (id: string, change: ChannelChange) => json<Channel>(path(id), post(change)),
    /** Deletes a channel, and takes it from the checks that use it. */
    delete: async (id: string) => void (await text(path(id), remove)),
    /** Sends a test alert, and returns what became of it. Rejects when the channel could not deliver it. */
    test: (id: string) => json<ChannelTest>(`${path(id)}/test`, post({}, true)),
  }
}

const deliveriesOf = ({ json }: Requests) => {
  const path = (id: string): string => `/deliveries/${encodeURIComponent(id)}`
  return {
    /** Returns alerts on their way to channels, newest first. */
    list: async (filter: DeliveriesFilter = {}) =>
      (await json<{ readonly deliveries: readonly Delivery[] }>(`/deliveries/?${queryOf({ ...filter })}`))
        .deliveries,
    get: (id: string) => json<Delivery>(path(id)),
    /** Sends an alert again that was given up. Rejects with `Conflict` when it was not. */
    retry: (id: string) => json<Delivery>(`${path(id)}/retry`, post({}, true)),
    /** Gives up an alert. Rejects with `Conflict` when it has come to its end already. */
    drop: (id: string) => json<Delivery>(`${path(id)}/drop`, post({}, true)),
  }
}
