/** Where Prometheus scrapes a project, with a read-only key in the path or as a bearer token. */
import * as Activity from "@overdue/engine/queries/Activity"
import * as Projects from "@overdue/engine/queries/Projects"
import * as Effect from "effect/Effect"
import * as Keys from "../../../access/Keys.ts"
import type { Services } from "../../Dialect.ts"
import * as Show from "../checks/Show.ts"
import { empty, type Handler, type Inbound } from "../../../http/Http.ts"
import * as Protection from "../../../access/Protection.ts"
import { Site } from "../../../Site.ts"
import * as Exposition from "./Exposition.ts"
import * as ProjectMetrics from "./ProjectMetrics.ts"

const path =
  /^\/projects\/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\/(?:metrics\/|(?:checks\/)?metrics\/(?<key>[A-Za-z0-9_-]+))$/

/** Answers the paths below `/projects/`. The project is the key's, whatever the path says, as in Healthchecks. */
export const handle: Handler<Services> = Effect.fnUntraced(function* (inbound) {
  const found = path.exec(inbound.path)
  if (found === null) return empty(404)
  if (inbound.method !== "GET" && inbound.method !== "HEAD") return empty(405, { allow: "GET, HEAD" })
  const key = found.groups?.["key"] ?? bearer(inbound)
  if (key === undefined) return empty(401, { "www-authenticate": "Bearer" })
  if (key.length !== Keys.length) return empty(400)
  const digest = Keys.digest((yield* Site).secret, key)
  const opened = yield* Projects.byApiKey(digest)
  if (opened === undefined || opened.access !== "read-only") return empty(403)
  const wait = yield* Protection.take(digest)
  if (wait > 0) return empty(429, { "retry-after": String(wait) })
  const { checks, flips, now } = yield* Activity.ofProject(opened.project.id)
  const observed = checks.map((each) => ({ ...each, uniqueKey: Show.uniqueKey(each.check.id) }))
  return {
    status: 200,
    headers: { "content-type": Exposition.contentType, "cache-control": "no-store" },
    body: Exposition.print(ProjectMetrics.make(observed, flips, now)),
  }
})

const bearer = ({ header }: Inbound): string | undefined =>
  /^Bearer (.*)$/.exec(header("authorization") ?? "")?.[1]
