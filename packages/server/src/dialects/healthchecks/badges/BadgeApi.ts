/** The addresses of badges: of all checks of a project, of those with a tag, and of one check. */
import * as Badge from "@overdue/core/Badge"
import * as Badges from "@overdue/engine/queries/Badges"
import * as Effect from "effect/Effect"
import type { Services } from "../../Dialect.ts"
import { empty, json, type Handler, type Outbound } from "../../../http/Http.ts"
import { Site } from "../../../Site.ts"
import * as Signature from "./Signature.ts"
import * as Svg from "./Svg.ts"

const formats = ["svg", "json", "shields"] as const
type Format = (typeof formats)[number]

/** What a badge of all checks calls them, as Healthchecks does unless it is told otherwise. */
const everything = "Mychecks"

/** What a check without a name is called. */
const nameless = "unnamed"

/** Answers the paths below `/badge/` and `/b/`. */
export const handle: Handler<Services> = (inbound) => {
  if (inbound.method === "OPTIONS") return Effect.succeed(empty(204, headers))
  if (inbound.method !== "GET") return Effect.succeed(empty(405, { ...headers, allow: "GET, OPTIONS" }))
  const address = parse(inbound.path)
  if (address === undefined) return Effect.succeed(notFound)
  return "tag" in address ? ofTag(address) : ofCheck(address)
}

/** Where the badge of a tag is, by format; a three in a name stands for three states. */
export const urls = (
  { root, secret }: { readonly root: string; readonly secret: string },
  badgeKey: string,
  tag: string,
): Readonly<Record<string, string>> => {
  const below = tag === "*" ? "" : `/${encodeURIComponent(tag)}`
  const url = (format: Format, states: Badge.States): string =>
    `${root}/badge/${badgeKey}/${Signature.make(secret, badgeKey, tag, states)}${below}.${format}`
  return Object.fromEntries(
    formats.flatMap((format) => [
      [format, url(format, 2)],
      [`${format}3`, url(format, 3)],
    ]),
  )
}

interface TagAddress {
  readonly badgeKey: string
  readonly signature: string
  readonly tag: string
  readonly format: Format
}

interface CheckAddress {
  readonly badgeKey: string
  readonly states: Badge.States
  readonly format: Format
}

const ofTag = Effect.fnUntraced(function* ({ badgeKey, signature, tag, format }: TagAddress) {
  const { secret } = yield* Site
  const states = Signature.verify(secret, badgeKey, tag, signature)
  if (states === undefined) return notFound
  const statuses = yield* Badges.ofTag(badgeKey, tag)
  if (statuses === undefined) return notFound
  return show(Badge.of(statuses, states), tag === "*" ? everything : tag, format)
})

const ofCheck = Effect.fnUntraced(function* ({ badgeKey, states, format }: CheckAddress) {
  const found = yield* Badges.ofCheck(badgeKey)
  if (found === undefined) return notFound
  return show(Badge.of([found.status], states), found.check.details.name || nameless, format)
})

/** Shields.io's names of colours. */
const colours: Readonly<Record<Badge.BadgeStatus, string>> = {
  up: "success",
  late: "important",
  down: "critical",
}

const show = (badge: Badge.Badge, label: string, format: Format): Outbound => {
  const { status } = badge
  switch (format) {
    case "svg":
      return {
        status: 200,
        headers: { ...headers, "content-type": "image/svg+xml" },
        body: Svg.draw(label, status),
      }
    case "json":
      return json(200, badge, headers)
    case "shields":
      return json(200, { schemaVersion: 1, label, message: status, color: colours[status] }, headers)
  }
}

/** Proxies that keep images, such as those of code hosts, ask again each time. */
const headers = {
  "cache-control": "max-age=0, no-cache, no-store, must-revalidate, private",
  "access-control-allow-origin": "*",
  "access-control-allow-headers": "X-Api-Key",
  "access-control-allow-methods": "GET, OPTIONS",
  "access-control-max-age": "600",
}

const notFound = empty(404, headers)

const word = "[A-Za-z0-9_-]+"
const uuid = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
const tagPath = new RegExp(
  `^/badge/(?<badgeKey>${word})/(?<signature>${word})(?:/(?<tag>.+))?\\.(?<format>${word})$`,
)
const checkPath = new RegExp(`^/b/(?<states>[23])/(?<badgeKey>${uuid})\\.(?<format>${word})$`)

const parse = (path: string): TagAddress | CheckAddress | undefined => {
  const found = (tagPath.exec(path) ?? checkPath.exec(path))?.groups
  const format = formats.find((known) => known === found?.["format"])
  if (found === undefined || format === undefined) return undefined
  const { badgeKey = "", signature = "", states, tag } = found
  if (states !== undefined) return { badgeKey, states: states === "2" ? 2 : 3, format }
  const decoded = tag === undefined ? "*" : decode(tag)
  return decoded === undefined ? undefined : { badgeKey, signature, tag: decoded, format }
}

const decode = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
