/** One hostile request, for any door. */
import { keys } from "../journeys/Overdue.ts"
import * as Evil from "./Evil.ts"
import type { Random } from "./Random.ts"

/** What a server under test has that requests can be about. */
export interface Grounds {
  /** Ids of checks. */
  readonly checks: readonly string[]
  /** Paths of badges of tags and of checks. */
  readonly badges: readonly string[]
  readonly domain: string
}

export interface HttpCase {
  readonly bytes: Buffer
  /** Proper HTTP with one whole request: it must be answered. */
  readonly isWhole: boolean
  /** The door passes on that another server failed, as a 502. */
  readonly mayBlameOthers: boolean
  /** It may have to wait until messages of others have been read. */
  readonly mayWait: boolean
}

export const make = (random: Random, grounds: Grounds): HttpCase => {
  if (random.chance(0.04)) {
    const noise = random.bytes(random.between(1, 400))
    return { bytes: noise, isWhole: false, mayBlameOthers: false, mayWait: false }
  }
  const request = random.pick<(random: Random, grounds: Grounds) => Request>([
    ping,
    ping,
    api,
    api,
    api,
    badge,
    metrics,
    inboundEmail,
    anywhere,
  ])(random, grounds)
  const whole = printed(random, request)
  const isWhole = random.chance(0.7)
  return {
    bytes: isWhole ? whole : Evil.mutate(random, whole),
    isWhole,
    mayBlameOthers: request.path.includes("/test"),
    mayWait: request.path.startsWith("/inbound"),
  }
}

interface Request {
  readonly method: string
  readonly path: string
  readonly query?: readonly (readonly [string, string])[]
  readonly headers?: readonly (readonly [string, string])[]
  readonly body?: Buffer
}

const methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "PROPFIND", "TRACE", "PURGE"]

const ping = (random: Random, { checks }: Grounds): Request => {
  const slug = rather(random, () => `job-${random.below(50)}`)
  const target = random.pick([
    `/ping/${rather(random, () => random.pick(checks))}`,
    `/${random.pick(checks)}`,
    `/ping/${rather(random, () => keys.pingKey)}/${slug}`,
  ])
  const suffix = random.pick(["", "", "/", "/start", "/fail", "/log", `/${Evil.number(random)}`])
  const parameters = ["rid", "create", "name", "tags", "timeout", "grace", "schedule", "tz", "channels"]
  return {
    method: random.pick(methods),
    path: target + rather(random, () => suffix),
    query: random.times(random.below(4), () => {
      const name = random.pick(parameters)
      return [name, rather(random, () => parameter(random, name))]
    }),
    ...maybeBody(random),
  }
}

const parameter = (random: Random, name: string): string => {
  switch (name) {
    case "rid":
      return "f3b7c1de-1111-4222-8333-444455556666"
    case "create":
      return "1"
    case "schedule":
      return Evil.schedule(random)
    case "tz":
      return random.pick(["Europe/Riga", "UTC", "Mars/Olympus"])
    default:
      return String(random.below(100_000))
  }
}

const api = (random: Random, { checks }: Grounds): Request => {
  const id = rather(random, () => random.pick(checks))
  const below = random.pick([
    ...Array.from({ length: 6 }, () => "checks/"),
    "checks",
    `checks/${id}`,
    `checks/${id}`,
    `checks/${id}/pause`,
    `checks/${id}/resume`,
    `checks/${id}/pings/`,
    `checks/${id}/pings/${Evil.number(random)}/body`,
    `checks/${id}/flips/`,
    `checks/${"a0".repeat(20)}/flips/`,
    "channels/",
    `channels/${id}`,
    `channels/${id}/test`,
    "badges/",
    "status/",
    "metrics/",
    `notifications/${id}/status`,
    "bounces/",
    "openapi.json",
    "docs",
  ])
  const names = ["tag", "slug", "start", "end", "seconds", "api_key", Evil.text(random)]
  return {
    method: random.chance(0.5) ? "POST" : random.pick(methods),
    path: `/api/v${rather(random, () => String(random.between(1, 3)))}/${rather(random, () => below)}`,
    query: random.times(random.below(3), () => [random.pick(names), Evil.text(random)]),
    headers: [["X-Api-Key", rather(random, () => random.pick([keys.apiKey, keys.apiKeyReadOnly]))]],
    body: document(random, below.startsWith("channels")),
  }
}

const fields = [
  "name",
  "slug",
  "tags",
  "desc",
  "timeout",
  "grace",
  "schedule",
  "tz",
  "channels",
  "unique",
  "methods",
  "manual_resume",
  "subject",
  "subject_fail",
  "start_kw",
  "success_kw",
  "failure_kw",
  "filter_subject",
  "filter_body",
  "filter_http_body",
  "filter_default_fail",
  "max_runtime",
  "min_runtime",
  "start_satisfies",
  "runs",
  "alert",
  "quiet",
  "remind_every",
  "notify_on_first_ping",
  "api_key",
  "status",
  "uuid",
]

/** So that some checks come into being, and some policies are unusual. */
const sane = [
  ["name", "nightly"],
  ["slug", "job-1"],
  ["tags", "a b c"],
  ["timeout", 60],
  ["grace", 31_536_000],
  ["schedule", "0 0 29 2 *"],
  ["schedule", "*-*-* 02:30:00"],
  ["tz", "America/New_York"],
  ["channels", "*"],
  ["unique", ["name", "tags"]],
  ["methods", "POST"],
  ["manual_resume", true],
  ["filter_http_body", true],
  ["failure_kw", "FAILED,ERROR"],
  ["runs", "every"],
  ["max_runtime", "never"],
  ["alert", { failures: 3, out_of: 32, recoveries: 2 }],
  ["quiet", [{ schedule: "0 1 * * *", duration: 3_600 }]],
  ["remind_every", 60],
] as const

const document = (random: Random, isChannel: boolean): Buffer => {
  if (random.chance(0.1)) return random.bytes(random.below(200))
  if (random.chance(0.05)) return Buffer.from("[".repeat(random.pick([1, 500, 50_000])))
  const isSane = random.chance(0.3)
  const entries = isChannel
    ? [
        ["name", Evil.text(random)],
        ["kind", rather(random, () => "webhook")],
        ["value", webhook(random)],
      ]
    : random.times(random.below(6), () => field(random, isSane))
  const whole = Buffer.from(JSON.stringify(Object.fromEntries(entries)))
  return random.chance(0.15) ? Evil.mutate(random, whole) : whole
}

const field = (random: Random, isSane: boolean): readonly [string, unknown] => {
  if (isSane) return random.pick(sane)
  const name = rather(random, () => random.pick(fields))
  if (random.chance(0.4)) return [name, Evil.json(random)]
  switch (name) {
    case "timeout":
    case "grace":
    case "max_runtime":
    case "remind_every":
      return [name, random.between(60, 100_000)]
    case "schedule":
      return [name, Evil.schedule(random)]
    case "unique":
      return [
        name,
        random.times(random.below(3), () => random.pick(["name", "slug", "tags", "timeout", "grace"])),
      ]
    case "quiet":
      return [name, [{ schedule: Evil.schedule(random), duration: Evil.number(random) }]]
    case "alert":
      return [name, { failures: Evil.number(random), out_of: Evil.number(random) }]
    default:
      return [name, random.chance(0.3) ? random.chance(0.5) : Evil.text(random)]
  }
}

/** To a port that nobody listens on: nothing leaves the machine. */
const webhook = (random: Random): unknown =>
  random.chance(0.3)
    ? Evil.json(random)
    : {
        method_down: random.pick(["GET", "POST", "PUT", "BREW"]),
        url_down: `http://127.0.0.1:1/${rather(random, () => "$NAME")}`,
        body_down: Evil.text(random),
        headers_down: { [rather(random, () => "X-A")]: Evil.text(random) },
      }

const badge = (random: Random, { badges }: Grounds): Request => {
  const path = random.pick(badges)
  const format = random.pick(["svg", "json", "shields", "png", ""])
  return {
    method: random.chance(0.8) ? "GET" : random.pick(methods),
    path: random.pick([
      path,
      path.replace(/\w+$/, format),
      `/badge/${escaped(Evil.text(random))}/${escaped(Evil.text(random))}/${escaped(Evil.text(random))}.${format}`,
      `/b/${random.below(5)}/${escaped(Evil.text(random))}.${format}`,
      path + escaped(Evil.text(random)),
    ]),
  }
}

const metrics = (random: Random, { checks }: Grounds): Request => {
  const key = rather(random, () => keys.apiKeyReadOnly)
  const isBearer = random.chance(0.5)
  return {
    method: random.chance(0.8) ? "GET" : random.pick(methods),
    path: `/projects/${rather(random, () => random.pick(checks))}/metrics/${isBearer ? "" : key}`,
    headers: isBearer ? [["Authorization", `Bearer ${key}`]] : [],
  }
}

const inboundEmail = (random: Random, { checks, domain }: Grounds): Request => {
  const address = `${rather(random, () => random.pick(checks))}@${rather(random, () => domain)}`
  const source = `From: ${Evil.text(random)}\r\nTo: ${address}\r\nSubject: ${Evil.text(random)}\r\n\r\n${Evil.text(random)}`
  return {
    method: random.chance(0.9) ? "POST" : random.pick(methods),
    path: "/inbound/email",
    query: random.times(random.below(3), () => [random.pick(["to", "from"]), rather(random, () => address)]),
    body: random.chance(0.8) ? Buffer.from(source) : random.bytes(random.below(500)),
  }
}

const anywhere = (random: Random): Request => ({
  method: random.pick([...methods, "BREW", "get", "", "G E T", "CONNECT", "PRI"]),
  path: random.pick(["/", "*", "//", "/?", "/#", "http://[::1", "x", `/${escaped(Evil.text(random))}`]),
  headers: random.times(random.below(20), () => [Evil.text(random), Evil.text(random)]),
  ...maybeBody(random),
})

const maybeBody = (random: Random): Pick<Request, "body"> => {
  if (random.chance(0.5)) return {}
  const length = random.pick([0, 1, 100, 9_999, 10_000, 10_001, random.chance(0.02) ? 2_000_000 : 50])
  return {
    body: random.chance(0.5) ? Buffer.alloc(length, Evil.text(random) || "x") : random.bytes(length % 3_000),
  }
}

/** What is right nine times of ten. */
const rather = (random: Random, right: () => string): string =>
  random.chance(0.9) ? right() : Evil.text(random)

/** Keeps a path one word, and otherwise as evil as it was. */
const escaped = (text: string): string =>
  text
    .replace(/[\0-\x20#?\x7f-\uffff]/g, (character) => `%${character.charCodeAt(0).toString(16)}`)
    .slice(0, 8_000)

const encoded = (text: string): string => encodeURIComponent(text.toWellFormed())

/** The bytes of a request. Nothing in it breaks a line that should not. */
const printed = (random: Random, { method, path, query = [], headers = [], body }: Request): Buffer => {
  const search = query.map(([name, value]) => `${encoded(name)}=${encoded(value)}`).join("&")
  const target = `${escaped(path)}${search === "" ? "" : `?${search.slice(0, 6_000)}`}`
  const isChunked = body !== undefined && random.chance(0.2)
  const all: readonly (readonly [string, string])[] = [
    ["Host", "127.0.0.1"],
    ["Connection", "close"],
    ...headers,
    ...(random.chance(0.2) ? [["User-Agent", Evil.text(random)] as const] : []),
    ...(random.chance(0.2) ? [["X-Forwarded-For", Evil.text(random)] as const] : []),
    ...(random.chance(0.1) ? [["X-Forwarded-Proto", Evil.text(random)] as const] : []),
    ...(random.chance(0.1) ? [["Content-Type", Evil.text(random)] as const] : []),
    ...(body === undefined
      ? []
      : [
          isChunked
            ? (["Transfer-Encoding", "chunked"] as const)
            : (["Content-Length", `${body.length}`] as const),
        ]),
  ]
  const lines = all.map(([name, value]) => `${token(name)}: ${fieldValue(value)}\r\n`)
  const head = Buffer.from(`${method} ${target} HTTP/1.1\r\n${lines.join("")}\r\n`, "latin1")
  if (body === undefined) return head
  return Buffer.concat(isChunked ? [head, ...chunks(random, body)] : [head, body])
}

const token = (name: string): string => name.replace(/[^\w-]/g, "").slice(0, 100) || "X-Empty"

const fieldValue = (value: string): string => value.replace(/[^\t\x20-\x7e\x80-\xff]/g, "").slice(0, 4_000)

const chunks = (random: Random, body: Buffer): readonly Buffer[] => {
  const cut = random.below(body.length + 1)
  const parts = [body.subarray(0, cut), body.subarray(cut)].filter((part) => part.length > 0)
  return [
    ...parts.map((part) =>
      Buffer.concat([Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from("\r\n")]),
    ),
    Buffer.from("0\r\n\r\n"),
  ]
}
