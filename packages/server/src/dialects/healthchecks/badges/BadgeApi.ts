/** Badges over HTTP: of all checks of a project, of its checks with a tag, and of one check. */
import * as Uuid from "@overdue/core/Uuid"
import * as Badge from "@overdue/core/Badge"
import * as Badges from "@overdue/engine/queries/Badges"
import * as Effect from "effect/Effect"
import type { Services } from "../../Dialect.ts"
import { empty, type Handler, type Outbound } from "../../../http/Http.ts"
import { json } from "../Json.ts"
import { Site } from "../../../Site.ts"
import * as Signature from "./Signature.ts"
import * as Svg from "./Svg.ts"

const formats = ["svg", "json", "shields"] as const
type Format = (typeof formats)[number]

/** The label of a badge of all checks, the default in Healthchecks. */
const everything = "Mychecks"

/** The label of a badge of a check without a name. */
const nameless = "unnamed"

/** Answers requests for paths below `/badge/` and `/b/`. */
export const handle: Handler<Services> = (inbound) => {
  if (inbound.method === "OPTIONS") return Effect.succeed(empty(204, headers))
  if (inbound.method !== "GET") return Effect.succeed(empty(405, { ...headers, allow: "GET, OPTIONS" }))
  const address = parse(inbound.path)
  if (address === undefined) return Effect.succeed(notFound)
  return "tag" in address ? ofTag(address) : ofCheck(address)
}

/**
 * Returns what gives the URLs of the badge of a tag of a project by format. Those of badges with three states end in 3:
 * `svg3`.
 */
export const urls = (
  { root, secret }: { readonly root: string; readonly secret: string },
  badgeKey: string,
): ((tag: string) => Readonly<Record<string, string>>) => {
  const signer = Signature.signer(secret, badgeKey)
  return (tag) => {
    const sign = signer(tag)
    const below = tag === "*" ? "" : `/${encodeURIComponent(tag)}`
    const url = (format: Format, states: Badge.States): string =>
      `${root}/badge/${badgeKey}/${sign(states)}${below}.${format}`
    return Object.fromEntries(
      formats.flatMap((format) => [
        [format, url(format, 2)],
        [`${format}3`, url(format, 3)],
      ]),
    )
  }
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

/** Colours as Shields.io names them. */
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

/** Image proxies, such as those of code hosts, must not cache a badge. */
const headers = {
  "cache-control": "max-age=0, no-cache, no-store, must-revalidate, private",
  "access-control-allow-origin": "*",
  "access-control-allow-headers": "X-Api-Key",
  "access-control-allow-methods": "GET, OPTIONS",
  "access-control-max-age": "600",
}

const notFound = empty(404, headers)

const word = "[A-Za-z0-9_-]+"
const tagPath = new RegExp(
  `^/badge/(?<badgeKey>${word})/(?<signature>${word})(?:/(?<tag>.+))?\\.(?<format>${word})$`,
)
const checkPath = new RegExp(`^/b/(?<states>[23])/(?<badgeKey>${Uuid.source})\\.(?<format>${word})$`)

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
