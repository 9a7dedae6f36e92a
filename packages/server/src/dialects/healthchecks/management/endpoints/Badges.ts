/** The endpoint that lists the badges of a project. */
import * as Badges from "@overdue/engine/queries/Badges"
import * as Effect from "effect/Effect"
import * as BadgeApi from "../../badges/BadgeApi.ts"
import { json } from "../../Json.ts"
import { Site } from "../../../../Site.ts"
import type { Authorized, Endpoint } from "../Endpoint.ts"

const list = Effect.fnUntraced(function* ({ project }: Authorized) {
  const site = yield* Site
  const tags = ["*", ...(yield* Badges.tags(project.id))]
  return json(200, {
    badges: Object.fromEntries(tags.map((tag) => [tag, BadgeApi.urls(site, project.badgeKey, tag)])),
  })
})

/** The endpoints. */
export const endpoints: readonly Endpoint[] = [
  { path: "/badges/", methods: { GET: { id: "listBadges", access: "read", run: list } } },
]
