/** One request sent with patience: time-outs, back-off with jitter, Retry-After, and an end to it all. */

/** Why a request did not succeed; a stable name to `switch` over. */
export type Reason =
  | "InvalidTarget" // no request was sent: the URL or id makes no sense
  | "Invalid" // 400: the server did not understand
  | "Denied" // 401, 403: the key is missing, wrong or not allowed
  | "NotFound" // 404
  | "Conflict" // 409: ambiguous slug, or resuming what is not paused
  | "RateLimited" // 429, still after the last attempt
  | "Refused" // any other 4xx
  | "Unavailable" // 5xx or 408, still after the last attempt
  | "Unreachable" // no answer: DNS, connection, TLS
  | "TimedOut" // no answer in time

/** The only error that this package raises. Its message never contains the address, which is a secret. */
export class ClientError extends Error {
  readonly _tag: Reason
  /** The HTTP status; `undefined` when nobody answered. */
  readonly status: number | undefined

  constructor(
    tag: Reason,
    message: string,
    options?: { readonly status?: number; readonly cause?: unknown },
  ) {
    super(message, options)
    this.name = "ClientError"
    this._tag = tag
    this.status = options?.status
  }
}

/** All lengths in milliseconds. What is not given has the default named at it. */
export interface Patience {
  /** Tries in all, the first included: 4. */
  readonly attempts?: number
  /** For one try, from connecting to the last byte of the answer: 10,000. */
  readonly timeout?: number
  /** For all tries and the waits between them: 60,000. A wait that would end later is not begun. */
  readonly total?: number
  /** The wait before the second try, doubled before each further one: 500, of which a random half is taken off. */
  readonly backoff?: number
  /** Ends the waiting at once, with the signal's own reason. */
  readonly signal?: AbortSignal
  /** The world, replaceable: proxies, tests. */
  readonly fetch?: typeof fetch
  readonly now?: () => number
  readonly random?: () => number
  readonly sleep?: (milliseconds: number, signal?: AbortSignal) => Promise<unknown>
}

export interface Reply {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

export interface Request {
  readonly method: string
  readonly headers?: Record<string, string>
  readonly body?: string | Uint8Array<ArrayBuffer>
  /** Whether a second arrival would do harm: then only an answer that says "not done" (429, 503) is tried again. */
  readonly isOnce?: boolean
}

/** The answer, if it is a good one (2xx); rejects with a `ClientError` for everything else. */
export const send = async (url: string | URL, request: Request, patience: Patience = {}): Promise<Reply> => {
  const { attempts = 4, timeout = 10_000, total = 60_000, backoff = 500, signal } = patience
  const { now = Date.now, random = Math.random, sleep = pause } = patience
  const { isOnce, ...init } = request
  const end = now() + total
  for (let attempt = 1; ; attempt++) {
    const outcome = await once(url, init, Math.min(timeout, Math.max(1, end - now())), patience)
    if (!(outcome instanceof ClientError) && outcome.status < 300) return outcome
    signal?.throwIfAborted()
    const error = outcome instanceof ClientError ? outcome : refusal(outcome)
    const { status = 0 } = error
    const isWorthwhile = isOnce ? status === 429 || status === 503 : !status || mayPass(status)
    const asked = outcome instanceof ClientError ? 0 : retryAfter(outcome.headers.get("Retry-After"), now())
    const wait = Math.max(asked, backoff * 2 ** (attempt - 1) * (1 - random() / 2))
    if (!isWorthwhile || attempt >= attempts || now() + wait >= end) throw error
    await sleep(wait, signal)
  }
}

const once = async (
  url: string | URL,
  init: RequestInit,
  timeout: number,
  patience: Patience,
): Promise<Reply | ClientError> => {
  const limit = AbortSignal.timeout(timeout)
  const signal = patience.signal ? AbortSignal.any([patience.signal, limit]) : limit
  try {
    // Not called as a method of `patience`: browsers insist on their own `this`.
    const call = patience.fetch ?? fetch
    const response = await call(url, { ...init, signal })
    return { status: response.status, headers: response.headers, text: await response.text() }
  } catch (cause) {
    return limit.aborted
      ? new ClientError("TimedOut", `no answer within ${timeout} ms`, { cause })
      : new ClientError("Unreachable", `the server cannot be reached${detail(cause)}`, { cause })
  }
}

/** `fetch` says only "fetch failed"; the cause below it carries the code that helps, such as ECONNREFUSED. */
const detail = (error: unknown): string => {
  const known = error as { readonly code?: unknown; readonly cause?: { readonly code?: unknown } } | undefined
  const code = known?.cause?.code ?? known?.code
  return typeof code === "string" ? ` (${code})` : ""
}

const tags: Record<number, Reason> = {
  400: "Invalid",
  401: "Denied",
  403: "Denied",
  404: "NotFound",
  409: "Conflict",
  429: "RateLimited",
}

const mayPass = (status: number): boolean => status === 408 || status === 429 || status >= 500

const refusal = ({ status, text }: Reply): ClientError => {
  const tag = tags[status] ?? (mayPass(status) ? "Unavailable" : "Refused")
  // The management API answers {"error": "…"}, the ping API a line of text, a proxy in between a page of HTML.
  const said =
    /^\s*\{.*"error"\s*:\s*"((?:[^"\\]|\\.)+)"/s.exec(text)?.[1] ?? /^[^<{\n]{1,200}/.exec(text)?.[0]
  return new ClientError(tag, `the server answered ${status}${said ? `: ${said}` : ""}`, { status })
}

/** RFC 9110 §10.2.3: whole seconds or a date. Milliseconds; 0 when absent, past or unreadable. */
export const retryAfter = (value: string | null, now: number): number => {
  if (!value) return 0
  return Math.max(0, /^\s*\d+\s*$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now || 0)
}

const pause = (milliseconds: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds)
    signal?.addEventListener("abort", () => {
      clearTimeout(timer)
      reject(signal.reason)
    })
  })
