/** The kind `webhook`: a request of the user's own making for each side, down and up, as in Healthchecks. */
import { ChannelInvalid } from "@overdue/core/Notifier"
import * as Result from "effect/Result"
import { verdictOf, type HttpNotifier, type NotifyRequest } from "./HttpNotifier.ts"
import * as Limits from "./Limits.ts"
import * as Template from "./Template.ts"

export type Method = NotifyRequest["method"]

/** What one side sends. Placeholders are those of `Template`. */
interface Side {
  readonly method: Method
  /** Empty: this side is not told. */
  readonly url: string
  /** Sent with POST and PUT only; empty: none. */
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
}

/** The value of such a channel, as Healthchecks stores it. */
export interface Config {
  readonly method_down: Method
  readonly url_down: string
  readonly body_down: string
  readonly headers_down: Readonly<Record<string, string>>
  readonly method_up: Method
  readonly url_up: string
  readonly body_up: string
  readonly headers_up: Readonly<Record<string, string>>
}

/** The statuses that count as a delivery. */
export const accepted: readonly number[] = [200, 201, 202, 204]

export const webhook: HttpNotifier<Config> = {
  kind: "webhook",

  parse: (value) =>
    Result.gen(function* () {
      const fields = yield* fieldsOf(value)
      const down = yield* sideOf(fields, "down")
      const up = yield* sideOf(fields, "up")
      if (down.url === "" && up.url === "") {
        return yield* invalid(
          "url_down",
          "a URL here or in url_up, since a channel without either tells nobody",
        )
      }
      return {
        method_down: down.method,
        url_down: down.url,
        body_down: down.body,
        headers_down: down.headers,
        method_up: up.method,
        url_up: up.url,
        body_up: up.body,
        headers_up: up.headers,
      }
    }),

  request: (alert, config, site) => {
    const side = sideFor(alert.status, config)
    if (side.url === "") return undefined
    const anywhere = Template.placeholders(alert, site)
    const inBody = [...anywhere, ...Template.bodyPlaceholders(alert)]
    const hasBody = side.body !== "" && side.method !== "GET"
    const headers = Object.entries(side.headers).map(
      ([name, value]) => [name, Template.headerValue(Template.fill(value, anywhere))] as const,
    )
    const hasKey = headers.some(([name]) => name.toLowerCase() === "idempotency-key")
    return {
      method: side.method,
      url: Template.fill(side.url, Template.percentEncoded(anywhere)),
      // The same at every attempt, so that a receiver can tell a repeated delivery from a new one.
      headers: Object.fromEntries(hasKey ? headers : [...headers, ["Idempotency-Key", alert.id]]),
      body: hasBody ? Template.fill(side.body, inBody) : undefined,
    }
  },

  verdict: (response) => verdictOf(response, accepted),
}

const sideFor = (status: "down" | "up", config: Config): Side =>
  status === "down"
    ? {
        method: config.method_down,
        url: config.url_down,
        body: config.body_down,
        headers: config.headers_down,
      }
    : { method: config.method_up, url: config.url_up, body: config.body_up, headers: config.headers_up }

type Fields = ReadonlyMap<string, unknown>
type Parsed<A> = Result.Result<A, ChannelInvalid>

const invalid = (field: string, expected: string): Result.Result<never, ChannelInvalid> =>
  Result.fail(new ChannelInvalid({ field: field === "" ? "value" : `value.${field}`, expected }))

/** Healthchecks keeps the form's `name` in the value too; it says nothing. */
const known: readonly string[] = [
  ...["down", "up"].flatMap((side) =>
    ["method", "url", "body", "headers"].map((field) => `${field}_${side}`),
  ),
  "name",
]

/** Healthchecks stores the value as a JSON string, so both an object and its text are taken. */
const fieldsOf = (value: unknown): Parsed<Fields> => {
  const object = typeof value === "string" ? jsonOf(value) : value
  if (!isRecord(object)) return invalid("", "an object, or one as JSON text")
  const unknown = Object.keys(object).find((field) => !known.includes(field))
  if (unknown !== undefined) return invalid(unknown, `no such field, but ${known.slice(0, -1).join(", ")}`)
  return Result.succeed(new Map(Object.entries(object)))
}

const sideOf = (fields: Fields, side: "down" | "up"): Parsed<Side> =>
  Result.gen(function* () {
    const method = yield* methodOf(fields.get(`method_${side}`), `method_${side}`)
    const url = yield* urlOf(fields.get(`url_${side}`), `url_${side}`)
    const body = yield* textOf(fields.get(`body_${side}`), `body_${side}`, Limits.body)
    const headers = yield* headersOf(fields.get(`headers_${side}`), `headers_${side}`)
    return { method, url, body, headers }
  })

const methodOf = (value: unknown, field: string): Parsed<Method> => {
  if (value === undefined) return Result.succeed("GET")
  if (value === "GET" || value === "POST" || value === "PUT") return Result.succeed(value)
  return invalid(field, "GET, POST or PUT")
}

const urlOf = (value: unknown, field: string): Parsed<string> =>
  Result.flatMap(textOf(value, field, Limits.url), (url) => {
    const isUrl = url === "" || (/^https?:\/\//i.test(url) && URL.canParse(url))
    return isUrl
      ? Result.succeed(url)
      : invalid(field, "a URL that begins with http:// or https://, or nothing")
  })

const textOf = (value: unknown, field: string, limit: number): Parsed<string> => {
  if (value === undefined) return Result.succeed("")
  if (typeof value !== "string") return invalid(field, "a string")
  return value.length <= limit ? Result.succeed(value) : invalid(field, `at most ${limit} characters`)
}

/** Token characters of RFC 9110 §5.6.2. */
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/

/** Headers that frame the message or its connection: the sender writes them, and nobody else may. */
const reserved = [
  "connection",
  "content-length",
  "expect",
  "keep-alive",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]

const headersOf = (value: unknown, field: string): Parsed<Readonly<Record<string, string>>> =>
  Result.gen(function* () {
    if (value === undefined) return {}
    if (!isRecord(value)) return yield* invalid(field, "an object of header names and values")
    const entries = Object.entries(value)
    if (entries.length > Limits.headers) return yield* invalid(field, `at most ${Limits.headers} headers`)
    const names = new Set<string>()
    const headers: [string, string][] = []
    for (const [name, content] of entries) {
      const lower = name.toLowerCase()
      if (name.length > Limits.header || !token.test(name)) {
        return yield* invalid(
          field,
          `header names of at most ${Limits.header} letters, digits and !#$%&'*+-.^_\`|~`,
        )
      }
      if (reserved.includes(lower))
        return yield* invalid(`${field}.${name}`, "no header that frames the request")
      if (names.has(lower))
        return yield* invalid(`${field}.${name}`, "each header once, in upper or lower case")
      names.add(lower)
      const text = yield* textOf(content, `${field}.${name}`, Limits.header)
      // oxlint-disable-next-line no-control-regex
      if (/[\x00-\x08\x0a-\x1f\x7f]/.test(text)) {
        return yield* invalid(`${field}.${name}`, "a single line without control characters")
      }
      headers.push([name, text])
    }
    return Object.fromEntries(headers)
  })

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
