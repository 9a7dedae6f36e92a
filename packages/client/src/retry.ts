/**
 * One request, tried again where that may help: time-outs, back-off with jitter, Retry-After, and a limit for it all.
 */

/** Why a request failed; stable names to `switch` over. */
export type Reason =
  | "InvalidTarget" // no request was sent: the address is not an HTTP URL
  | "Invalid" // 400: the server did not understand
  | "Denied" // 401, 403: the key is missing, wrong or not allowed
  | "NotFound" // 404
  | "Conflict" // 409: several checks have the slug, or a check to resume is not paused
  | "RateLimited" // 429, still after the last attempt
  | "Refused" // any other 4xx, or an answer that is not that of such a server: a web page
  | "Unavailable" // 5xx or 408, still after the last attempt
  | "Unreachable" // no answer, or not a whole one: DNS, connection, TLS
  | "TimedOut" // no answer in time

/** The only error that this package raises. Its message never contains the address, which may be a secret. */
export class ClientError extends Error {
  // Declared only, as the constructor makes them: a few bytes of those that a page loads.
  declare readonly _tag: Reason
  /** The HTTP status; `undefined` without an answer. */
  declare readonly status: number | undefined

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

/** The part of `fetch` that is needed here: the global one has it, and so may a small one over another HTTP client. */
export type Fetch = (
  url: string | URL,
  init: {
    readonly method: string
    readonly headers?: Record<string, string>
    readonly body?: string | Uint8Array<ArrayBuffer>
    readonly signal: AbortSignal
  },
) => Promise<{
  readonly status: number
  readonly headers: { readonly get: (name: string) => string | null }
  readonly text: () => Promise<string>
}>

/** How often and how long a request is tried. All lengths in milliseconds; each field names its default. */
export interface Patience {
  /** Tries in all, with the first one. Default 4. */
  readonly attempts?: number
  /** Limit of one try, from connecting to the last byte of the answer. Default 10,000. */
  readonly timeout?: number
  /** Limit of all tries and the waits between them. Default 60,000. A wait that would end later is not begun. */
  readonly total?: number
  /**
   * The wait before the second try, doubled before each further one, and shortened at random by up to half. Default
   * 500.
   */
  readonly backoff?: number
  /** Ends it all at once; the rejection is then the signal's own reason. */
  readonly signal?: AbortSignal
  /** In place of the global `fetch`, for proxies and tests; so are the following, for tests. */
  readonly fetch?: Fetch
  readonly now?: () => number
  readonly random?: () => number
  /** Waits until the next try; the error says why the last one failed. */
  readonly sleep?: (milliseconds: number, signal?: AbortSignal, error?: ClientError) => Promise<unknown>
}

/** An answer that has arrived in full. */
export interface Reply {
  readonly status: number
  readonly headers: { readonly get: (name: string) => string | null }
  readonly text: string
}

/** What is sent. */
export interface Request {
  readonly method: string
  readonly headers?: Record<string, string>
  readonly body?: string | Uint8Array<ArrayBuffer>
  /**
   * Whether a second arrival would do harm. It is then tried again only after an answer that says "not done": 429 or
   * 503.
   */
  readonly isOnce?: boolean
}

/** Sends a request and resolves to the answer if that is 2xx. Rejects with a `ClientError` for everything else. */
export const send = async (url: string | URL, request: Request, patience: Patience = {}): Promise<Reply> => {
  const {
    attempts = 4,
    timeout = 10_000,
    total = 60_000,
    backoff = 500,
    signal,
    now = Date.now,
    random = Math.random,
    sleep = pause,
  } = patience
  const { isOnce, ...init } = request
  const end = now() + total
  for (let attempt = 1; ; attempt++) {
    const outcome = await once(url, init, Math.min(timeout, Math.max(1, end - now())), patience)
    const isAnswer = "text" in outcome
    if (isAnswer && outcome.status < 300) return outcome
    signal?.throwIfAborted()
    const error = isAnswer ? refusal(outcome) : outcome
    const { status } = error
    const isWorthwhile = isOnce ? status === 429 || status === 503 : !status || mayPass(status)
    const wait = Math.max(
      isAnswer ? retryAfter(outcome.headers.get("Retry-After"), now()) : 0,
      backoff * 2 ** (attempt - 1) * (1 - random() / 2),
    )
    if (!isWorthwhile || attempt >= attempts || now() + wait >= end) throw error
    await sleep(wait, signal, error)
  }
}

const once = async (
  url: string | URL,
  init: Omit<Parameters<Fetch>[1], "signal">,
  timeout: number,
  patience: Patience,
): Promise<Reply | ClientError> => {
  const limit = AbortSignal.timeout(timeout)
  const signal = patience.signal ? AbortSignal.any([patience.signal, limit]) : limit
  let problem = "cannot be reached"
  try {
    // Not called as a method of `patience`: in browsers, `fetch` fails with another `this`.
    const call = patience.fetch ?? fetch
    const response = await call(url, { ...init, signal })
    problem = "answered in part"
    return { status: response.status, headers: response.headers, text: await response.text() }
  } catch (cause) {
    // A `fetch` of one's own may know better what is wrong with an answer.
    if (cause instanceof ClientError) return cause
    return limit.aborted
      ? new ClientError("TimedOut", `no answer within ${timeout} ms`, { cause })
      : // safe because the properties of what was thrown are only looked at
        new ClientError("Unreachable", `the server ${problem}${between(" (", codeOf(cause as Coded), ")")}`, {
          cause,
        })
  }
}

/** `fetch` says only "fetch failed"; its cause has the code that helps, such as ECONNREFUSED. */
const codeOf = (error: Coded | undefined): unknown => error?.cause?.code ?? error?.code

interface Coded {
  readonly code?: unknown
  readonly cause?: { readonly code?: unknown }
}

/** Returns a text between two others; nothing when it is empty or no text. */
const between = (before: string, text: unknown, after = ""): string =>
  text && typeof text === "string" ? before + text + after : ""

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
  const { error = /^[^<{\n]{1,200}/.exec(text)?.[0], detail } = parsed(text)
  return new ClientError(
    tag,
    `the server answered ${status}${between(": ", error)}${between(" (", detail, ")")}`,
    { status },
  )
}

const parsed = (text: string): { readonly error?: unknown; readonly detail?: unknown } => {
  try {
    return JSON.parse(text) ?? {}
  } catch {
    return {}
  }
}

/**
 * Returns the milliseconds that Retry-After asks for, in seconds or as a date (RFC 9110 §10.2.3); 0 when it is absent,
 * past or unreadable.
 */
export const retryAfter = (value: string | null, now: number): number => {
  if (!value) return 0
  return Math.max(0, Number(value) >= 0 ? Number(value) * 1000 : Date.parse(value) - now || 0)
}

/** Returns what was answered instead of JSON, in a sentence. */
export const insteadOfJson = (text: string): string => {
  if (/^\s*</.test(text)) return "a web page answered, such as one to log in, and not the API"
  return /^\s*[{[]/.test(text)
    ? "the server's answer is no valid JSON, and most likely not whole"
    : "the server answered something else than JSON"
}

const pause = (milliseconds: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds)
    signal?.addEventListener("abort", () => {
      clearTimeout(timer)
      reject(signal.reason)
    })
  })
