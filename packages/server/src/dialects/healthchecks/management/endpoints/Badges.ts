/** The endpoint that lists the badges of a project. */
import * as InSlices from "@overdue/core/InSlices"
import * as Badges from "@overdue/engine/queries/Badges"
import * as Effect from "effect/Effect"
import * as BadgeApi from "../../badges/BadgeApi.ts"
import * as Json from "../../Json.ts"
import * as SlicedBody from "../../../../http/SlicedBody.ts"
import { Site } from "../../../../Site.ts"
import type { Authorized, Endpoint } from "../Endpoint.ts"

/** Tags that are put in order before others have their turn: less than a millisecond of work. */
const notedAtOnce = 1024

const list = ({ project, root }: Authorized) =>
  SlicedBody.inTurn({ project: project.id, what: `badges ${root}` }, make(project))

const make = Effect.fnUntraced(function* (project: Authorized["project"]) {
  // In the order of the properties of an object: whole numbers first, however they come.
  const names: Record<string, true> = Object.create(null)
  const note = (tag: string) => (names[tag] = true)
  yield* InSlices.map(["*", ...(yield* Badges.tags(project.id))], notedAtOnce, note)
  return yield* Json.dictionary("badges", Object.keys(names), BadgeApi.urls(yield* Site, project.badgeKey))
})

/** The endpoints. */
export const endpoints: readonly Endpoint[] = [
  { path: "/badges/", methods: { GET: { id: "listBadges", access: "read", run: list } } },
]
