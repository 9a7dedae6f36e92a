/** The kind `webhook`: a request that the user composes, one for down and one for up, as in Healthchecks. */
import { createHash } from "node:crypto"
import type { ToldAlert } from "@overdue/core/Alert"
import * as Schema from "effect/Schema"
import { end, once, verdictOf, type HttpKind } from "./HttpKind.ts"
import * as Limits from "./Limits.ts"
import { optional, rule, text } from "./Setting.ts"
import * as Template from "./Template.ts"

/** The statuses of a successful delivery, as in Healthchecks. */
export const accepted: readonly number[] = [200, 201, 202, 204]

const method = Schema.Literals(["GET", "POST", "PUT"]).annotate({ message: "GET, POST or PUT" })

const url = text(Limits.url).check(
  rule(
    (url: string) => url === "" || (/^https?:\/\//i.test(url) && URL.canParse(url)),
    "a URL that begins with http:// or https://, or nothing",
  ),
)

/** Token characters of RFC 9110 §5.6.2. */
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/

/** Headers that belong to the message framing or the connection, which only the sender may write. */
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

/** Returns the first thing that is wrong with headers; `undefined` when they are valid. */
const headerIssue = (headers: Readonly<Record<string, string>>): Schema.FilterOutput => {
  const entries = Object.entries(headers)
  if (entries.length > Limits.headers) return `at most ${Limits.headers} headers`
  const names = new Set<string>()
  for (const [name, value] of entries) {
    const lower = name.toLowerCase()
    const wrong = (issue: string) => ({ path: [name], issue })
    if (name.length > Limits.header || !token.test(name)) {
      return `header names of at most ${Limits.header} letters, digits and !#$%&'*+-.^_\`|~`
    }
    if (reserved.includes(lower)) return wrong("no header that frames the request")
    if (names.has(lower)) return wrong("each header once, in upper or lower case")
    names.add(lower)
    // oxlint-disable-next-line no-control-regex
    if (/[\x00-\x08\x0a-\x1f\x7f]/.test(value)) return wrong("a single line without control characters")
  }
  return undefined
}

const headers = Schema.Record(Schema.String, text(Limits.header))
  .annotate({ message: "an object of header names and values" })
  .check(rule(headerIssue))

/** The fields for one side. The texts may have the placeholders of `Template`. */
const side = (when: string) => ({
  method: optional(
    method.annotate({ description: `HTTP method of the request ${when}.`, default: "GET" }),
    "GET",
  ),
  url: optional(
    url.annotate({ description: `Where to send it ${when}; without one nothing is sent.`, default: "" }),
    "",
  ),
  body: optional(
    text(Limits.body).annotate({ description: `What to send with POST and PUT ${when}.`, default: "" }),
    "",
  ),
  headers: optional(headers.annotate({ description: `Headers of the request ${when}.`, default: {} }), {}),
})

const down = side("when a check goes down")
const up = side("when a check comes up again, or is up and something of it expires soon")

/** Named as Healthchecks stores it. */
const Config = Schema.Struct({
  method_down: down.method,
  url_down: down.url,
  body_down: down.body,
  headers_down: down.headers,
  method_up: up.method,
  url_up: up.url,
  body_up: up.body,
  headers_up: up.headers,
})
  .annotate({ message: "an object, or one as JSON text" })
  .check(
    rule(({ url_down, url_up }) =>
      url_down === "" && url_up === ""
        ? {
            path: ["url_down"],
            issue: "a URL here or in url_up, since a channel without either tells nobody",
          }
        : undefined,
    ),
  )

/** The value of a webhook channel. */
export type Config = typeof Config.Type

/** The kind. */
export const webhook: HttpKind<Config> = {
  kind: "webhook",
  title: "Webhook",
  documentation: "https://github.com/overdue/overdue/tree/main/packages/notifiers",
  config: Config,
  placeholders: Template.legend,
  tell: ({ alerts: [alert] }, config, links) => {
    const { status } = alert
    const { method, url, body, headers } = sideOf(config, status)
    if (url === "")
      return end({
        type: "skipped",
        why: `the channel has no url_${status}, so it is told nothing of checks that are ${status}`,
      })
    const anywhere = Template.placeholders(alert, links)
    const filled = Object.entries(headers).map(
      ([name, value]) => [name, Template.headerValue(Template.fill(value, anywhere))] as const,
    )
    const given = new Set(filled.map(([name]) => name.toLowerCase()))
    const own = ownHeaders(alert).filter(([name]) => !given.has(name.toLowerCase()))
    const request = {
      method,
      url: Template.fillUrl(url, anywhere),
      headers: Object.fromEntries([...filled, ...own]),
      body:
        body === "" || method === "GET"
          ? undefined
          : Template.fill(body, [...anywhere, ...Template.bodyPlaceholders(alert)]),
    }
    return once(request, (response) => verdictOf(response, accepted))
  },
}

/** Headers that every request has, unless the user sets them otherwise. */
const ownHeaders = ({ id, occasion }: ToldAlert): readonly (readonly [name: string, value: string])[] => [
  // The same at every attempt, so that a receiver recognizes a repeated delivery. The id itself holds that of the check,
  // with which whoever is told could ping it.
  ["Idempotency-Key", createHash("sha256").update(id).digest("hex").slice(0, 32)],
  // So that a reminder is not taken for a new outage.
  ["Overdue-Occasion", occasion],
]

const sideOf = (config: Config, status: "down" | "up") =>
  status === "down"
    ? {
        method: config.method_down,
        url: config.url_down,
        body: config.body_down,
        headers: config.headers_down,
      }
    : { method: config.method_up, url: config.url_up, body: config.body_up, headers: config.headers_up }
