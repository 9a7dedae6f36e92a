/** Signals to a check: `ping` sends one, `wrap` sends those of a whole run. */
import { ClientError, send } from "./retry.ts"
import type { Patience } from "./retry.ts"

export { ClientError } from "./retry.ts"
export type { Fetch, Patience, Reason } from "./retry.ts"

/**
 * How a check begins that does not exist yet, with the defaults of Overdue, which Healthchecks ignores. Spans in
 * seconds; without `timeout` or `schedule`, the period is 1 day.
 */
export interface Create {
  readonly name?: string
  readonly timeout?: number
  readonly grace?: number
  readonly schedule?: string
  readonly tz?: string
  readonly tags?: string
  readonly channels?: string
}

/** The check to signal: its ping URL; or the server and an id; or the server, a project's ping key, and a slug. */
export type Target =
  | string
  | URL
  | { readonly baseUrl: string | URL; readonly id: string }
  | {
      readonly baseUrl: string | URL
      readonly pingKey: string
      readonly slug: string
      /** Creates the check if there is none with this slug; `true` with the defaults. */
      readonly create?: boolean | Create
    }

/**
 * What a signal says. A number is an exit status, 0 … 255: 0 is a success, the others are failures. `cancel` ends a run
 * that neither succeeded nor failed; only Overdue has it.
 */
export type Kind = "success" | "start" | "fail" | "cancel" | "log" | number

/** What a signal carries, and how long it is tried. */
export interface PingOptions extends Patience {
  /** Default `success`. */
  readonly kind?: Kind
  /** The run that the signal belongs to, a UUID. */
  readonly rid?: string | undefined
  /** Stored with the ping. Its first `bodyLimit` bytes are sent, never half a character. */
  readonly body?: string | Uint8Array | undefined
  /** In bytes. Default: what this server last said that it stores (`Ping-Body-Limit`), until then 10,000. */
  readonly bodyLimit?: number
  /**
   * Names this signal, so that Overdue takes it once however often it arrives (`Idempotency-Key`): 1 to 64 visible
   * ASCII characters. Default: a new UUID, the same for each try; none in a browser, where a header of our own would
   * ask for leave first (CORS preflight).
   */
  readonly key?: string
  readonly headers?: Record<string, string>
}

/** The server's answer to a ping. */
export interface Receipt {
  /** Whether the ping created its check. */
  readonly isNew: boolean
  /** How many bytes of a body this server stores; `undefined` when it does not say. */
  readonly bodyLimit: number | undefined
}

const defaultBodyLimit = 10_000
const bodyLimits = new Map<string, number>()

/**
 * Sends one signal, tries again where that may help, and resolves once the server has stored it. Rejects with a
 * `ClientError`.
 *
 * @example
 * ```ts
 * import { ping } from "@overdue/client"
 *
 * // Stands for a server, so that this runs anywhere.
 * const answer = async () => new Response("OK", { headers: { "Ping-Body-Limit": "10000" } })
 *
 * const url = "https://overdue.example.org/ping/7a3f2c1e-0b5d-4f6a-9c8b-1d2e3f4a5b6c"
 * const { isNew, bodyLimit } = await ping(url, { kind: 3, body: "rsync: connection refused", fetch: answer })
 * console.log(isNew, bodyLimit) // → false 10000
 * ```
 */
export const ping = async (target: Target, options: PingOptions = {}): Promise<Receipt> => {
  const {
    kind = "success",
    rid,
    body,
    // Pages and workers in a browser have a location; servers have none.
    key = "location" in globalThis ? undefined : freshId(),
    headers = {},
  } = options
  const url = address(target)
  if (kind !== "success") url.pathname = `${url.pathname.replace(/\/+$/, "")}/${kind}`
  if (rid) url.searchParams.set("rid", rid)
  const limit = options.bodyLimit ?? bodyLimits.get(url.origin) ?? defaultBodyLimit
  const reply = await send(
    url,
    // Always POST: a check may be set to ignore other methods.
    {
      method: "POST",
      headers: { ...(key && { "Idempotency-Key": key }), ...headers },
      ...(body && { body: head(body, limit) }),
    },
    options,
  )
  // The page to log in to a network, or that of a site that has no ping server: nobody has stored the signal.
  if (/^\s*</.test(reply.text)) {
    throw new ClientError("Refused", "a web page answered", { status: reply.status })
  }
  const stored = Number(reply.headers.get("Ping-Body-Limit") ?? -1)
  if (stored >= 0) bodyLimits.set(url.origin, stored)
  return { isNew: reply.status === 201, bodyLimit: stored >= 0 ? stored : undefined }
}

/** Browsers offer randomUUID on secure pages only. */
const freshId = () => globalThis.crypto?.randomUUID?.()

const ignore = () => {}

/** How the signals of a run are sent. */
export interface WrapOptions extends Patience {
  /** Called for each signal that could not be delivered. What it throws or rejects with is ignored. */
  readonly onError?: (error: unknown) => unknown
  readonly headers?: Record<string, string>
}

/**
 * Runs a job as one run of a check: sends a start, then a success, or a failure with the error; both say how long the
 * job took. Resolves or rejects exactly as the job does. Signals are sent beside the job; only the last one is
 * waited for, by default 10 seconds at most (`total`), so that the process may exit right after.
 *
 * @example
 * ```ts
 * import { wrap } from "@overdue/client"
 *
 * // Stands for a server, and remembers what it is sent.
 * const sent: string[] = []
 * const answer = async (url: string | URL) => {
 *   sent.push(new URL(url).pathname)
 *   return new Response("OK")
 * }
 *
 * const target = { baseUrl: "https://overdue.example.org", pingKey: "key", slug: "report" }
 * const rows = await wrap(target, async () => 42, { fetch: answer })
 * console.log(rows) // → 42
 * console.log(sent.join(" ")) // → /ping/key/report/start /ping/key/report
 * ```
 */
export const wrap = async <A>(
  target: Target,
  job: (rid: string | undefined) => A,
  options: WrapOptions = {},
): Promise<Awaited<A>> => {
  const { now = Date.now, onError } = options
  // Without an id the run is timed as the newest one.
  const rid = freshId()
  const signal = (kind: Kind, body?: string) => {
    const sent = ping(target, { total: 10_000, ...options, kind, rid, body })
    // An error in the report of a failed signal does not disturb the job either, and the job does not wait for it.
    sent.catch(onError).catch(ignore)
    return sent.catch(ignore)
  }
  const startedAt = now()
  const took = () => `${(now() - startedAt) / 1000} s`
  const started = signal("start")
  try {
    const result = await job(rid)
    // Inside the try, because a signal never rejects.
    await started.then(() => signal("success", `finished in ${took()}`))
    return result
  } catch (error) {
    let said = ""
    try {
      said = `\n\n${(error instanceof Error && error.stack) || String(error)}`
    } catch {
      // Anything can be thrown, such as an object without a prototype, which no text can be made of.
    }
    await started.then(() => signal("fail", `failed after ${took()}${said}`))
    throw error
  }
}

/**
 * Returns the ping URL of a target. Throws a `ClientError` when that is no HTTP URL, or the URL of one kind of signal,
 * such as `…/start`: the kind would be added to it once more.
 */
export const address = (target: Target): URL => {
  const text = typeof target === "string" || target instanceof URL ? String(target) : join(target)
  if (URL.canParse(text)) {
    const url = new URL(text)
    if (/^https?:$/.test(url.protocol) && !ofKind.test(url.pathname)) return url
  }
  throw new ClientError("InvalidTarget", "a ping URL begins with http or https and has no /start")
}

/** Behind an id, or behind a ping key and a slug, which may itself be such a word: `/ping/key/start`. */
const ofKind = /\/([^/]{36}|ping\/.+\/.+)\/(start|fail|log|cancel|\d+)\/?$/

const join = (target: Exclude<Target, string | URL>): string => {
  const base = String(target.baseUrl).replace(/\/+$/, "")
  // Servers answer below /ping; the hosted Healthchecks has a host of its own for pings instead.
  const root = /\/ping$|^https:\/\/hc-ping\.com$/.test(base) ? base : `${base}/ping`
  if ("id" in target) return `${root}/${encodeURIComponent(target.id)}`
  const { pingKey, slug, create } = target
  const url = `${root}/${encodeURIComponent(pingKey)}/${encodeURIComponent(slug)}`
  if (!create) return url
  const query = new URLSearchParams({ create: "1", defaults: "own" })
  for (const [key, value] of Object.entries(create)) {
    if (value !== undefined) query.set(key, String(value))
  }
  return `${url}?${query}`
}

/** Returns the first bytes of a body, up to the limit, without a character that the limit would cut in two. */
const head = (body: string | Uint8Array, limit: number): Uint8Array<ArrayBuffer> => {
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body
  let end = limit
  // UTF-8: continuation bytes are 10xxxxxx. At most three belong to one character; more is not text.
  while (end > 0 && limit - end < 3 && (bytes[end]! & 0xc0) === 0x80) end--
  // safe because fetch sends any Uint8Array; the type only excludes shared memory
  return bytes.subarray(0, end) as Uint8Array<ArrayBuffer>
}
