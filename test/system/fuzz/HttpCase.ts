/** One hostile request, for any door. */
import { keys } from "../../kit/Keys.ts"
import * as ApiDocument from "./ApiDocument.ts"
import * as Documented from "./Documented.ts"
import * as HostileValue from "./HostileValue.ts"
import type { SeededRandom } from "../../kit/SeededRandom.ts"
import * as Request from "./Request.ts"

/** What a server under test has that requests can be about. */
export interface Addresses {
  /** Ids of checks. */
  readonly checks: readonly string[]
  /** Paths of badges of tags and of checks. */
  readonly badges: readonly string[]
  readonly domain: string
  /** What the APIs of other services have. */
  readonly operations: readonly Documented.Operation[]
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

export const make = (random: SeededRandom, addresses: Addresses): HttpCase => {
  if (random.happens(0.04)) {
    const noise = random.bytes(random.between(1, 400))
    return { bytes: noise, isWhole: false, mayBlameOthers: false, mayWait: false }
  }
  const request = random.pick<(random: SeededRandom, addresses: Addresses) => Request.Request>([
    ping,
    ping,
    api,
    api,
    api,
    ofOthers,
    ofOthers,
    badge,
    metrics,
    inboundEmail,
    anywhere,
  ])(random, addresses)
  const whole = Request.print(random, request)
  const isWhole = random.happens(0.7)
  return {
    bytes: isWhole ? whole : HostileValue.mutate(random, whole),
    isWhole,
    mayBlameOthers: request.path.includes("/test"),
    mayWait: request.path.startsWith("/inbound"),
  }
}

const methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "PROPFIND", "TRACE", "PURGE"]

const ping = (random: SeededRandom, { checks }: Addresses): Request.Request => {
  const slug = HostileValue.rather(random, () => `job-${random.below(50)}`)
  const target = random.pick([
    `/ping/${HostileValue.rather(random, () => random.pick(checks))}`,
    `/${random.pick(checks)}`,
    `/ping/${HostileValue.rather(random, () => keys.ping)}/${slug}`,
  ])
  const suffix = random.pick(["", "", "/", "/start", "/fail", "/log", `/${HostileValue.number(random)}`])
  const parameters = ["rid", "create", "name", "tags", "timeout", "grace", "schedule", "tz", "channels"]
  return {
    method: random.pick(methods),
    path: target + HostileValue.rather(random, () => suffix),
    query: random.times(random.below(4), () => {
      const name = random.pick(parameters)
      return [name, HostileValue.rather(random, () => parameter(random, name))]
    }),
    ...maybeBody(random),
  }
}

const parameter = (random: SeededRandom, name: string): string => {
  switch (name) {
    case "rid":
      return "f3b7c1de-1111-4222-8333-444455556666"
    case "create":
      return "1"
    case "schedule":
      return HostileValue.schedule(random)
    case "tz":
      return random.pick(["Europe/Riga", "UTC", "Mars/Olympus"])
    default:
      return String(random.below(100_000))
  }
}

const api = (random: SeededRandom, { checks }: Addresses): Request.Request => {
  const id = HostileValue.rather(random, () => random.pick(checks))
  const below = random.pick([
    ...Array.from({ length: 6 }, () => "checks/"),
    "checks",
    `checks/${id}`,
    `checks/${id}`,
    `checks/${id}/pause`,
    `checks/${id}/resume`,
    `checks/${id}/pings/`,
    `checks/${id}/pings/${HostileValue.number(random)}/body`,
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
  const names = ["tag", "slug", "start", "end", "seconds", "api_key", HostileValue.text(random)]
  return {
    method: random.happens(0.5) ? "POST" : random.pick(methods),
    path: `/api/v${HostileValue.rather(random, () => String(random.between(1, 3)))}/${HostileValue.rather(random, () => below)}`,
    query: random.times(random.below(3), () => [random.pick(names), HostileValue.text(random)]),
    headers: [["X-Api-Key", HostileValue.rather(random, () => random.pick([keys.readWrite, keys.readOnly]))]],
    body: ApiDocument.make(random, below.startsWith("channels")),
  }
}

const ofOthers = (random: SeededRandom, { operations, checks }: Addresses): Request.Request =>
  Documented.make(random, operations, checks)

const badge = (random: SeededRandom, { badges }: Addresses): Request.Request => {
  const path = random.pick(badges)
  const format = random.pick(["svg", "json", "shields", "png", ""])
  return {
    method: random.happens(0.8) ? "GET" : random.pick(methods),
    path: random.pick([
      path,
      path.replace(/\w+$/, format),
      `/badge/${Request.escaped(HostileValue.text(random))}/${Request.escaped(HostileValue.text(random))}/${Request.escaped(HostileValue.text(random))}.${format}`,
      `/b/${random.below(5)}/${Request.escaped(HostileValue.text(random))}.${format}`,
      path + Request.escaped(HostileValue.text(random)),
    ]),
  }
}

const metrics = (random: SeededRandom, { checks }: Addresses): Request.Request => {
  const key = HostileValue.rather(random, () => keys.readOnly)
  const isBearer = random.happens(0.5)
  return {
    method: random.happens(0.8) ? "GET" : random.pick(methods),
    path: `/projects/${HostileValue.rather(random, () => random.pick(checks))}/metrics/${isBearer ? "" : key}`,
    headers: isBearer ? [["Authorization", `Bearer ${key}`]] : [],
  }
}

const inboundEmail = (random: SeededRandom, { checks, domain }: Addresses): Request.Request => {
  const address = `${HostileValue.rather(random, () => random.pick(checks))}@${HostileValue.rather(random, () => domain)}`
  const source = `From: ${HostileValue.text(random)}\r\nTo: ${address}\r\nSubject: ${HostileValue.text(random)}\r\n\r\n${HostileValue.text(random)}`
  return {
    method: random.happens(0.9) ? "POST" : random.pick(methods),
    path: "/inbound/email",
    query: random.times(random.below(3), () => [
      random.pick(["to", "from"]),
      HostileValue.rather(random, () => address),
    ]),
    body: random.happens(0.8) ? Buffer.from(source) : random.bytes(random.below(500)),
  }
}

const anywhere = (random: SeededRandom): Request.Request => ({
  method: random.pick([...methods, "BREW", "get", "", "G E T", "CONNECT", "PRI"]),
  path: random.pick([
    "/",
    "*",
    "//",
    "/?",
    "/#",
    "http://[::1",
    "x",
    `/${Request.escaped(HostileValue.text(random))}`,
  ]),
  headers: random.times(random.below(20), () => [HostileValue.text(random), HostileValue.text(random)]),
  ...maybeBody(random),
})

const maybeBody = (random: SeededRandom): Pick<Request.Request, "body"> => {
  if (random.happens(0.5)) return {}
  const length = random.pick([0, 1, 100, 9_999, 10_000, 10_001, random.happens(0.02) ? 2_000_000 : 50])
  return {
    body: random.happens(0.5)
      ? Buffer.alloc(length, HostileValue.text(random) || "x")
      : random.bytes(length % 3_000),
  }
}
